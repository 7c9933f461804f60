// SPDX-License-Identifier: ISC
/* seq.h - arithmetic in sequence space, modulo 2^32 (RFC 9293 section 3.4). */
#ifndef LIB_TCP_SEQ_H
#define LIB_TCP_SEQ_H
#include <stdbool.h>
#include <stdint.h>

static inline bool seq_lt(uint32_t a, uint32_t b)
{
    return a != b && b - a < UINT32_C(0x80000000);
}
static inline bool seq_leq(uint32_t a, uint32_t b)
{
    return b - a < UINT32_C(0x80000000);
}
static inline uint32_t seq_max(uint32_t a, uint32_t b)
{
    return seq_lt(a, b) ? b : a;
}
static inline uint32_t seq_min(uint32_t a, uint32_t b)
{
    return seq_lt(a, b) ? a : b;
}
/* from <= s < from + n */
static inline bool seq_within(uint32_t s, uint32_t from, uint32_t n)
{
    return s - from < n;
}

#endif
