// SPDX-License-Identifier: ISC
/* Every allocation of a bad wire fails in turn. */
#include "lib/stack/test_before.h"
#include "lib/wire/wire.h"

static err bad_wire(struct net *below)
{
    static struct wire w;
    err e = wire_open(below, &(struct wire_config){ .loss = 10 }, &w);
    if (e == OK)
        e = sleep_until(in_ms(1));
    wire_close(&w);
    return e;
}
TEST(whichever_allocation_fails_everything_is_given_back)
{
    open_and_close = bad_wire;
    fail_each_allocation(before_run);
}
TEST_MAIN
