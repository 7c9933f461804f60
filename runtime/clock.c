// SPDX-License-Identifier: ISC
#include "runtime/clock.h"
#include "platform/platform.h"

nanos clock_now(void)
{
    static nanos latest;
    latest = nanos_max(latest, platform_clock_monotonic());
    return latest;
}

nanos clock_wall(void)
{
    return platform_clock_wall();
}
