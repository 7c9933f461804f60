// SPDX-License-Identifier: ISC
/* clock.h - the time. Deadlines are clock_now() plus something. */
#ifndef RUNTIME_CLOCK_H
#define RUNTIME_CLOCK_H
#include "base/nanos.h"

nanos clock_now(void);          /* monotonic, arbitrary origin; never goes back */
/* When clock_now was last called by anybody, as the scheduler does whenever it looks at the world: for limits of seconds. Costs nothing. */
nanos clock_recent(void);
nanos clock_wall(void);         /* since 1970-01-01 UTC; may jump */
static inline nanos in_ms(uint64_t ms)
{
    return nanos_add(clock_now(), from_ms(ms));
}
static inline nanos in_s(uint64_t s)
{
    return nanos_add(clock_now(), from_s(s));
}

#endif
