// SPDX-License-Identifier: ISC
/* The scheduler and the world: devices, fairness, the operator's stop; in virtual time. */
#include "check/test.h"
#include "check/fake_platform.h"
#include "runtime/clock.h"
#include "runtime/scheduler.h"

static char story[256];

static void tell(const char *text)
{
    REQUIRE(strlen(story) + strlen(text) < sizeof story);
    strcat(story, text);
}
static err run(fiber_fn *fn, void *arg)
{
    fake_reset();
    story[0] = 0;
    return scheduler_run(fn, arg, "first");
}
#define STORY_IS(text) SPAN_EQ(span_of_str(story), text)

/* ---- Devices, fairness, stop */

static unsigned num_yields;
static bool must_yield;

static err keep_busy(void *arg)
{
    (void)arg;
    for (; must_yield && num_yields < 100000; num_yields++)
        TRY(fiber_yield());
    return OK;
}
static err wait_for_device(void *arg)
{
    err e = device_wait(*(unsigned *)arg, in_s(10));
    must_yield = false;
    return e;
}
static err sleep_meanwhile(void *arg)
{
    (void)arg;
    fake.now += from_ms(2);
    err e = sleep_until(clock_now() + 1);
    fake.now += from_ms(2);         /* it is due while the others are busy */
    must_yield = false;
    return e;
}
struct busy {
    fiber_fn *fn;
    void *arg;
};
static err beside_a_busy_pair(void *arg)
{
    struct busy *b = arg;
    struct scope s CLEANUP(scope_cancel);
    scope_open(&s);
    num_yields = 0;
    must_yield = true;
    TRY(fiber_go(&s, b->fn, b->arg, "waiting"));
    TRY(fiber_go(&s, keep_busy, NULL, "busy"));
    TRY(fiber_go(&s, keep_busy, NULL, "busy too"));
    fake.ready_at = fake.now;
    fake.ready_set = 1 << 5;
    return scope_join(&s);
}
TEST(a_busy_pair_does_not_starve_who_waits_for_a_device)
{
    unsigned handle = 5;
    struct busy b = { wait_for_device, &handle };
    EQ(run(beside_a_busy_pair, &b), OK);
    TRUE(num_yields <= SCHEDULER_LOOK_EVERY + 2);
    TRUE(fake.num_waits <= 2);
}
static err advance_time(void *arg)
{
    (void)arg;
    for (; must_yield && num_yields < 100000; num_yields++) {
        fake.now += from_ms(1);
        TRY(fiber_yield());
    }
    return OK;
}
static err sleep_beside(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    (void)arg;
    scope_open(&s);
    num_yields = 0;
    must_yield = true;
    TRY(fiber_go(&s, sleep_meanwhile, NULL, "sleeper"));
    TRY(fiber_go(&s, advance_time, NULL, "busy"));
    return scope_join(&s);
}
TEST(a_busy_fiber_does_not_starve_who_sleeps)
{
    EQ(run(sleep_beside, NULL), OK);
    TRUE(num_yields <= SCHEDULER_LOOK_EVERY + 2);
}
static err wait_twice(void *arg)
{
    (void)arg;
    err e = device_wait(2, in_ms(50));
    if (e != OK)
        return e;
    return device_wait(2, in_ms(50));
}
static err ready_before_wait(void *arg)
{
    fake.ready_at = fake.now;
    fake.ready_set = 1 << 2;
    fake.ready_once = true;
    TRY(sleep_until(in_ms(20)));
    return wait_twice(arg);
}
TEST(a_device_that_was_ready_before_the_wait_is_remembered_once)
{
    EQ(run(ready_before_wait, NULL), E_TIMEDOUT);
    TRUE(fake.now >= 5 * (nanos)NS_PER_S + from_ms(70));
}
static err wait_for_two_devices(void *arg)
{
    struct scope s CLEANUP(scope_cancel);
    static unsigned one = 1, last = 63;
    (void)arg;
    fake.ready_at = fake.now + from_ms(5);
    fake.ready_set = 1ull << 63 | 1 << 1;
    fake.ready_once = true;
    scope_open(&s);
    TRY(fiber_go(&s, wait_for_device, &one, "one"));
    TRY(fiber_go(&s, wait_for_device, &last, "last"));
    return scope_join(&s);
}
TEST(one_look_wakes_the_fibers_of_all_devices_that_are_ready)
{
    EQ(run(wait_for_two_devices, NULL), OK);
    EQ(fake.now, 5 * (nanos)NS_PER_S + from_ms(5));
}
static err wait_for_stop(void *arg)
{
    (void)arg;
    fake.ready_at = fake.now + from_ms(5);
    fake.ready_set = PLATFORM_READY_STOP;
    fake.ready_once = true;
    TRY(stop_wait(NEVER));
    tell("stop ");
    TRY(stop_wait(NEVER));
    TRY(sleep_until(in_ms(100)));
    tell("end");
    return OK;
}
TEST(who_waits_for_the_stop_ends_in_its_own_time)
{
    EQ(run(wait_for_stop, NULL), OK);
    STORY_IS("stop end");
    TRUE(scheduler_stop_was_asked());
}
static err never_wait_for_stop(void *arg)
{
    fake.ready_at = fake.now + from_ms(5);
    fake.ready_set = PLATFORM_READY_STOP;
    fake.ready_once = true;
    (void)arg;
    return sleep_until(NEVER);
}
static err end_at_once(void *arg)
{
    (void)arg;
    return OK;
}
TEST(a_program_that_never_waits_for_the_stop_is_cancelled)
{
    EQ(run(never_wait_for_stop, NULL), E_CANCELED);
    TRUE(scheduler_stop_was_asked());
    EQ(run(end_at_once, NULL), OK);
    TRUE(!scheduler_stop_was_asked());
}
TEST_MAIN
