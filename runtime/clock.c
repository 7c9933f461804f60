// SPDX-License-Identifier: ISC
#include "runtime/clock.h"
#include "platform/platform.h"

static nanos recent;

nanos clock_now(void)
{
    recent = platform_clock_monotonic();
    return recent;
}
nanos clock_recent(void)
{
    return recent;
}

nanos clock_wall(void)
{
    return platform_clock_wall();
}
