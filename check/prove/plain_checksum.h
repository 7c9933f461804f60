// SPDX-License-Identifier: ISC
/* plain_checksum.h - RFC 1071 word by word: what lib/checksum is compared with (prop_checksum.c), and what takes its
 * place where Frama-C, which has no vectors, proves a component above it. */
#ifndef CHECK_PROVE_PLAIN_CHECKSUM_H
#define CHECK_PROVE_PLAIN_CHECKSUM_H
#include "base/span.h"

/* The one's complement sum of big-endian words; a last odd byte is the upper half of one. */
static inline uint16_t plain_sum(struct span s)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < s.n; i++) {
        sum += i % 2 == 0 ? (uint32_t)span_at(s, i) << 8 : span_at(s, i);
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)sum;
}

#endif
