// SPDX-License-Identifier: ISC
/* test_fault_run.h - for tests of failing allocations between two stations: each run has a heap and a scheduler of its own, and may
 * fail, but gives everything back. */
#ifndef LIB_STACK_TEST_FAULT_RUN_H
#define LIB_STACK_TEST_FAULT_RUN_H
#include "check/alloc_faults.h"
#include "lib/stack/test_link.h"

static bool worked;                         /* everything that the scenario did */
static err (*fault_scenario)(void *);

static bool fault_run(void)
{
    static uint8_t heap[24 << 20] __attribute__((aligned(64)));
    features = (struct frame_features){ .receive_coalesced = true };       /* so that large packets are allocated, too */
    mtu = 1500;
    worked = false;
    fresh_heap(MSPAN(heap));
    fake_reset();
    station_init(&left_end, &right_end, 1);
    station_init(&right_end, &left_end, 2);
    err e = scheduler_run(fault_scenario, NULL, "test");
    TRUE(e == OK || e == E_NOMEM);
    heap_check();
    return worked;
}
static void fail_each_allocation_of(err (*scenario)(void *))
{
    fault_scenario = scenario;
    fail_each_allocation(fault_run);
}

#endif
