// SPDX-License-Identifier: ISC
/* octet.c - which octets may stand where: tokens (RFC 9110 section 5.6.2), the authority and the segments of a
 * path (RFC 3986 sections 3.2 and 3.3, without '%'). */
#include "lib/http/octet.h"

enum { T = OCTET_TOKEN, H = OCTET_HOST, P = OCTET_PATH };

const uint8_t octet_class[256] = {
    ['a' ... 'z'] = T | H | P, ['A' ... 'Z'] = T | H | P, ['0' ... '9'] = T | H | P,
    ['-'] = T | H | P, ['.'] = T | H | P, ['_'] = T | H | P, ['~'] = T | H | P,
    ['!'] = T | H | P, ['$'] = T | H | P, ['&'] = T | H | P, ['\''] = T | H | P, ['*'] = T | H | P, ['+'] = T | H | P,
    ['('] = H | P, [')'] = H | P, [','] = H | P, [';'] = H | P, ['='] = H | P,
    ['#'] = T, ['%'] = T | H, ['^'] = T, ['`'] = T, ['|'] = T,
    [':'] = H | P, ['@'] = P, ['['] = H, [']'] = H,
};
