// SPDX-License-Identifier: ISC
/* test_before.h - for tests of failing allocations in a network that stands before another one: each run has a heap, a
 * scheduler and two stations of its own. */
#ifndef LIB_STACK_TEST_BEFORE_H
#define LIB_STACK_TEST_BEFORE_H
#include "check/alloc_faults.h"
#include "lib/stack/test_link.h"

static bool worked;
static err (*open_and_close)(struct net *below);    /* what is tested; gives everything back, whatever fails */

static err before_scenario(void *arg)
{
    (void)arg;
    station_init(&left_end, &right_end, 1);
    station_init(&right_end, &left_end, 2);
    worked = open_and_close(&left_end.net) == OK;
    return OK;
}
static bool before_run(void)
{
    static uint8_t heap[8 << 20] __attribute__((aligned(64)));
    features = (struct frame_features){ 0 };
    mtu = 1500;
    worked = false;
    fresh_heap(MSPAN(heap));
    fake_reset();
    err e = scheduler_run(before_scenario, NULL, "test");
    TRUE(e == OK || e == E_NOMEM);
    heap_check();
    return worked;
}

#endif
