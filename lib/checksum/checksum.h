// SPDX-License-Identifier: ISC
/* checksum.h - the Internet checksum (RFC 1071), over bytes that lie in several pieces of any length, and its
 * update when one field changes (RFC 1624). Values are numbers as the header's field shows them. */
#ifndef LIB_CHECKSUM_CHECKSUM_H
#define LIB_CHECKSUM_CHECKSUM_H
#include "base/span.h"

struct checksum {       /* all zero: the sum of nothing */
    uint64_t sum;       /* of 16-bit words as they lie in memory */
    bool is_odd;        /* the bytes so far end in the middle of a word */
};

/* Adds the bytes that come next. Up to 4 GiB in all. */
void checksum_add(struct checksum *c, struct span bytes);
/* The sum of the pseudo header of a transport, for addresses of 16 bytes: IPv6's (RFC 8200 section 8.1), and IPv4's
 * (RFC 9293 section 3.1) in the mapped form, whose ffff is a zero in one's complement. */
struct checksum checksum_pseudo(struct span source, struct span destination, uint8_t protocol, size_t transport_bytes);

/* The one's complement sum itself: what a checksum field holds whose rest a device adds. */
uint16_t checksum_sum(const struct checksum *c);
/* The value of the field: the complement of the sum. */
static inline uint16_t checksum_field(const struct checksum *c)
{
    return (uint16_t)~checksum_sum(c);
}
/* The bytes so far held their own checksum, and it is right. */
static inline bool checksum_is_right(const struct checksum *c)
{
    return checksum_sum(c) == 0xffff;
}
/* RFC 1624 equation 3: the field after a 16-bit word that it covers went from `before` to `after`. */
uint16_t checksum_updated(uint16_t field, uint16_t before, uint16_t after);

#endif
