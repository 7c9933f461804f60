// SPDX-License-Identifier: ISC
/* clock.h - time as a device: for a unikernel that gets its clock from the device graph, so that another one (a
 * test's, a network's) can stand in. Deadlines of blocking calls are always of the system's monotonic
 * clock (runtime/clock.h). */
#ifndef INTERFACE_CLOCK_H
#define INTERFACE_CLOCK_H
#include "base/nanos.h"

struct clock;
struct clock_ops {
    nanos (*monotonic)(struct clock *c);
    nanos (*wall)(struct clock *c);
};
struct clock {                  /* first member of every implementation */
    const struct clock_ops *ops;
};

/* Since an arbitrary origin; never goes back. */
static inline nanos clock_read_monotonic(struct clock *c)
{
    return c->ops->monotonic(c);
}
/* Since 1970-01-01 UTC; may jump. */
static inline nanos clock_read_wall(struct clock *c)
{
    return c->ops->wall(c);
}

#endif
