// SPDX-License-Identifier: ISC
/* Queries of hostile routers, and time: only groups that we are or were in are reported, and the engine comes to rest. */
#include "check/any.h"
#include "lib/multicast/multicast.h"

static struct multicast m;
static nanos now;

static void take_all(void)
{
    struct multicast_outgoing out;
    multicast_tick(&m, now);
    for (int i = 0; multicast_output(&m, &out); i++)
        CHECK(i < MULTICAST_OUTBOX && out.num_bytes >= 8 && out.num_bytes <= MULTICAST_MESSAGE_BYTES);
}

PROPERTY(prop_multicast, 200)
{
    struct cur script = cur_of(in);
    struct ip v4 = ip_from_v4(0xe00000fb), v6 = { { 0xff, 2, [15] = 0xfb } };
    now = NS_PER_S;
    multicast_init(&m, 1);
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script);
        if (what & 1)
            multicast_input_igmp(&m, cur_bytes(&script, what >> 4), now);
        else if (what & 2)
            multicast_input_mld(&m, cur_bytes(&script, what >> 3), now);
        else if (what & 4)
            (void)!multicast_join(&m, what & 8 ? &v4 : &v6, now);
        else
            multicast_leave(&m, what & 8 ? &v4 : &v6, now);
        now += (nanos)what * NS_PER_MS;
        take_all();
    }
    for (int i = 0; i < 4; i++) {
        now += 10000 * (nanos)NS_PER_S;
        take_all();
    }
    CHECK(multicast_deadline(&m) == NEVER);
}
