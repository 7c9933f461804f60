// SPDX-License-Identifier: ISC
/* octet.c - searches, and which octets may stand where: tokens (RFC 9110 section 5.6.2), the authority and the segments of a
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

size_t token_end(struct span s, size_t at)
{
    for (;;) {
        while (s.n - at >= 8) {
            uint64_t others = octets_plain(span_le64(s, at)) ^ OCTETS(0x80);
            at += others ? octets_lowest(others) : 8;
            if (others)
                break;
        }
        if (at == s.n || !octet_is(span_at(s, at), OCTET_TOKEN))
            return at;
        at++;
    }
}

size_t target_end(struct span s, size_t at)
{
    for (; s.n - at >= 8; at += 8) {
        uint64_t x = span_le64(s, at);
        uint64_t ends = octets_below(x, 0x21) | octets_equal(x, '#') | octets_equal(x, 0x7f) | (x & OCTETS(0x80));
        if (ends)
            return at + octets_lowest(ends);
    }
    for (; at < s.n; at++) {
        uint8_t c = span_at(s, at);
        if (c <= ' ' || c == '#' || c >= 0x7f)
            break;
    }
    return at;
}

size_t value_end(struct span s, size_t at)
{
    for (;;) {
        while (s.n - at >= 8) {
            uint64_t x = span_le64(s, at);
            uint64_t controls = octets_below(x, 0x20) | octets_equal(x, 0x7f);
            at += controls ? octets_lowest(controls) : 8;
            if (controls)
                break;
        }
        if (at == s.n)
            return at;
        uint8_t c = span_at(s, at);
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return at;
        at++;
    }
}
