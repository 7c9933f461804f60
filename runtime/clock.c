// SPDX-License-Identifier: ISC
#include "runtime/clock.h"
#include "platform/platform.h"

nanos clock_now(void)
{
    return platform_clock_monotonic();
}

nanos clock_wall(void)
{
    return platform_clock_wall();
}
