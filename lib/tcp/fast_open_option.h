// SPDX-License-Identifier: ISC
/* fast_open_option.h - the option of TCP Fast Open: bytes and meaning (RFC 7413 section 4.1.1), in its own kind and in the
 * experimental one that was used before (RFC 6994, magic number 0xF989), which some hosts still speak alone. */
#ifndef LIB_TCP_FAST_OPEN_OPTION_H
#define LIB_TCP_FAST_OPEN_OPTION_H
#include "base/span.h"

#define TCP_COOKIE_BYTES_MIN 4
#define TCP_COOKIE_BYTES_MAX 16

enum tcp_cookie_form { TCP_COOKIE_NONE, TCP_COOKIE_KIND_34, TCP_COOKIE_EXPERIMENTAL };
struct tcp_cookie {
    uint8_t form, num_bytes;                /* num_bytes 0: it is asked for */
    uint8_t bytes[TCP_COOKIE_BYTES_MAX];
};

/* The option in a TCP header, whose other options are left to segment.h; the last one counts where there are several. form
 * TCP_COOKIE_NONE: there is none, or its length is none of a cookie (4 to 16 octets, an even number), which is the same. */
void tcp_cookie_decode(struct span header, struct tcp_cookie *out);
/* Writes it behind a header, padded, and counts it in the header's length. Returns the length with it; as it was where there
 * is no room. */
MUST_CHECK size_t tcp_cookie_append(const struct tcp_cookie *cookie, struct mspan room, size_t header_bytes);

#endif
