// SPDX-License-Identifier: ISC
/* fake_platform.h - a world below for unit tests of what runs on fibers: time is virtual and passes only in
 * platform_wait, devices become ready when the test has said so. Nothing to wait for is a panic, not a hang.
 * Include it once, in the test program. */
#ifndef CHECK_FAKE_PLATFORM_H
#define CHECK_FAKE_PLATFORM_H
#include "check/test.h"
#include "platform/platform.h"
#include "runtime/scheduler.h"

/* After each test of what runs on fibers none of them is left. */
TEST_LIVE("fibers", scheduler_num_fibers)
TEST_LIVE("timers of fibers", scheduler_num_timers)

#ifndef FAKE_STACKS
#define FAKE_STACKS 16
#endif
PLATFORM_STACK_POOL(FAKE_STACKS, 65536);

static struct {
    nanos now;
    nanos ready_at;             /* from then on ready_set is what platform_wait returns; NEVER: nothing */
    uint64_t ready_set;
    uint64_t stop;              /* PLATFORM_READY_STOP, once it was asked for */
    bool ready_once;            /* reports the set one time: an edge, not a level */
    unsigned num_waits;
} fake;

static void fake_reset(void)
{
    memset(&fake, 0, sizeof fake);
    fake.now = 5 * (nanos)NS_PER_S;
    fake.ready_at = NEVER;
}
nanos platform_clock_monotonic(void)
{
    return fake.now;
}
nanos platform_clock_wall(void)
{
    return fake.now + 1790000000 * (nanos)NS_PER_S;
}
uint64_t platform_wait(nanos deadline)
{
    nanos until = nanos_min(deadline, fake.ready_at);
    fake.num_waits++;
    REQUIRE(until != NEVER);    /* nobody would ever wake up */
    fake.now = nanos_max(fake.now, until);
    if (fake.now < fake.ready_at)
        return fake.stop;
    fake.stop |= fake.ready_set & PLATFORM_READY_STOP;
    if (fake.ready_once)
        fake.ready_at = NEVER;
    return fake.ready_set | fake.stop;
}

#endif
