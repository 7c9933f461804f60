// SPDX-License-Identifier: ISC
/* leaks.c - tests that leave something alive; the harness has to fail each of them (check/faults/test-leaks). */
#include "lib/stack/test_link.h"

LINK_TEST(nothing_is_left, false)
{
}
LINK_TEST(a_block_is_left, false)
{
    void *p;
    EQ(heap_alloc(100, &p), OK);
}
LINK_TEST(a_packet_is_left, false)
{
    TRUE(packet_alloc(host_of(left)->packets) != NULL);
}
LINK_TEST(a_timer_is_left, false)
{
    static struct wheel_timer timer;
    wheel_set(&host_of(left)->wheel, &timer, in_s(1));
}
LINK_TEST(a_connection_is_left, false)
{
    host_of(left)->num_conns++;
}
/* A fiber of a scope that nobody closes outlives the first one. */
static err stay(void *arg)
{
    (void)arg;
    return sleep_until(NEVER);
}
static err start_and_leave(void *scope)
{
    TRY(fiber_go(scope, stay, NULL, "stays"));
    return fiber_yield();
}
TEST(a_fiber_is_left)
{
    static struct scope nobodys = { .is_open = true };
    fake_reset();
    EQ(scheduler_run(start_and_leave, &nobodys, "test"), OK);
}
static err set_and_leave(void *arg)
{
    static struct fiber no_fiber;
    (void)arg;
    scheduler_set_timer(&no_fiber, in_s(1));
    return OK;
}
TEST(a_timer_of_a_fiber_is_left)
{
    fake_reset();
    EQ(scheduler_run(set_and_leave, NULL, "test"), OK);
}
TEST_MAIN
