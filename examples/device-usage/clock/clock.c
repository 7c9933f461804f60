// SPDX-License-Identifier: ISC
/* clock.c - prints the two times that a clock has: since 1970, and since some time that never changes. */
#include "clock.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

static void tell(const char *what, nanos t)
{
    print("%s %llu.%09llu\n", what, (unsigned long long)(t / NS_PER_S), (unsigned long long)(t % NS_PER_S));
}

err clock_main(struct clock *clock)
{
    for (uint64_t i = 0; i < arg_count(); i++) {
        if (i > 0)
            TRY(sleep_until(nanos_add(clock_now(), arg_every())));
        tell("wall", clock_read_wall(clock));
        tell("monotonic", clock_read_monotonic(clock));
    }
    return OK;
}
