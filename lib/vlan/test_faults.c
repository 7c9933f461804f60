// SPDX-License-Identifier: ISC
/* Every allocation of a trunk and its networks fails in turn. */
#include "lib/stack/test_fault_run.h"
#include "lib/vlan/vlan.h"

static err trunk(void *arg)
{
    struct net *below = &left_end.net;
    (void)arg;
    static struct vlan_trunk t;
    static struct vlan v[3];
    err e = vlan_trunk_open(below, &t);
    for (uint16_t i = 0; e == OK && i < NUM_OF(v); i++)
        e = vlan_open(&t, i + 1, 0, &v[i]);
    if (e == OK)
        e = sleep_until(in_ms(1));
    for (size_t i = 0; i < NUM_OF(v); i++)
        vlan_close(&v[i]);
    vlan_trunk_close(&t);
    worked = e == OK;
    return e;
}
TEST(whichever_allocation_fails_everything_is_given_back)
{
    fail_each_allocation_of(trunk);
}
TEST_MAIN
