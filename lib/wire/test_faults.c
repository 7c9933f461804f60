// SPDX-License-Identifier: ISC
/* Every allocation of a bad wire fails in turn. */
#include "lib/stack/test_fault_run.h"
#include "lib/wire/wire.h"

static err bad_wire(void *arg)
{
    struct net *below = &left_end.net;
    (void)arg;
    static struct wire w;
    err e = wire_open(below, &(struct wire_config){ .loss = 10 }, &w);
    if (e == OK)
        e = sleep_until(in_ms(1));
    wire_close(&w);
    worked = e == OK;
    return e;
}
TEST(whichever_allocation_fails_everything_is_given_back)
{
    fail_each_allocation_of(bad_wire);
}
TEST_MAIN
