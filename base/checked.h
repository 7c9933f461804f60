// SPDX-License-Identifier: ISC
/* checked.h - arithmetic that says when it does not fit. `*out` is written only on success. */
#ifndef BASE_CHECKED_H
#define BASE_CHECKED_H
#include "base/attr.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

MUST_CHECK INLINE bool size_add(size_t a, size_t b, size_t *out)
{
    size_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}
MUST_CHECK INLINE bool size_mul(size_t a, size_t b, size_t *out)
{
    size_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}
MUST_CHECK INLINE bool u64_add(uint64_t a, uint64_t b, uint64_t *out)
{
    uint64_t sum;
    if (__builtin_add_overflow(a, b, &sum))
        return false;
    *out = sum;
    return true;
}
MUST_CHECK INLINE bool u64_mul(uint64_t a, uint64_t b, uint64_t *out)
{
    uint64_t product;
    if (__builtin_mul_overflow(a, b, &product))
        return false;
    *out = product;
    return true;
}
INLINE size_t size_min(size_t a, size_t b)
{
    return a < b ? a : b;
}
INLINE size_t size_max(size_t a, size_t b)
{
    return a > b ? a : b;
}
INLINE uint32_t u32_min(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}
INLINE uint32_t u32_max(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}
INLINE uint32_t u32_saturate(uint64_t v)
{
    return v > UINT32_MAX ? UINT32_MAX : (uint32_t)v;
}
/* a counter that stops at its end instead of starting again */
INLINE void count_up(uint64_t *counter)
{
    if (*counter < UINT64_MAX)
        ++*counter;
}

#endif
