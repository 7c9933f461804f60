// SPDX-License-Identifier: ISC
/* nanos.h - time: nanoseconds since an arbitrary origin (monotonic) or since 1970 (wall).
 * Arithmetic saturates, so that NEVER plus anything stays NEVER. */
#ifndef BASE_NANOS_H
#define BASE_NANOS_H
#include "base/attr.h"
#include <stdbool.h>
#include <stdint.h>

typedef uint64_t nanos;

#define NEVER UINT64_MAX
#define NS_PER_US UINT64_C(1000)
#define NS_PER_MS UINT64_C(1000000)
#define NS_PER_S UINT64_C(1000000000)

INLINE nanos nanos_add(nanos a, nanos b)
{
    return a > NEVER - b ? NEVER : a + b;
}
INLINE nanos nanos_sub(nanos a, nanos b) /* 0 where b is later */
{
    return a > b ? a - b : 0;
}
INLINE nanos nanos_min(nanos a, nanos b)
{
    return a < b ? a : b;
}
INLINE nanos nanos_max(nanos a, nanos b)
{
    return a > b ? a : b;
}
INLINE nanos from_ms(uint64_t ms)
{
    return ms > NEVER / NS_PER_MS ? NEVER : ms * NS_PER_MS;
}
INLINE nanos from_s(uint64_t s)
{
    return s > NEVER / NS_PER_S ? NEVER : s * NS_PER_S;
}

#endif
