// SPDX-License-Identifier: ISC
#include "runtime/clockdev.h"
#include "runtime/clock.h"

static nanos monotonic(struct clock *c)
{
    (void)c;
    return clock_now();
}
static nanos wall(struct clock *c)
{
    (void)c;
    return clock_wall();
}
struct clock *clockdev_system(void)
{
    static const struct clock_ops ops = { .monotonic = monotonic, .wall = wall };
    static struct clock clock = { &ops };
    return &clock;
}
