// SPDX-License-Identifier: ISC
/* time.c - the clocks under their C names. */
#include "runtime/clock.h"
#include <errno.h>
#include <time.h>

time_t time(time_t *out)
{
    time_t now = (time_t)(clock_wall() / NS_PER_S);
    if (out)
        *out = now;
    return now;
}
int clock_gettime(clockid_t clock, struct timespec *out)
{
    if (clock != CLOCK_REALTIME && clock != CLOCK_MONOTONIC) {
        errno = EINVAL;
        return -1;
    }
    nanos now = clock == CLOCK_REALTIME ? clock_wall() : clock_now();
    *out = (struct timespec){ .tv_sec = (time_t)(now / NS_PER_S), .tv_nsec = (long)(now % NS_PER_S) };
    return 0;
}
