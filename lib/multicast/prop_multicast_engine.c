// SPDX-License-Identifier: ISC
/* Queries of hostile routers, and time: only groups that we are or were in are reported, and the engine comes to rest. */
#include "check/any.h"
#include "lib/multicast/inside.h"

static struct multicast m;
static nanos now;

static void take_all(void)
{
    struct multicast_outgoing out;
    multicast_tick(&m, now);
    for (int i = 0; multicast_output(&m, &out); i++)
        CHECK(i < MULTICAST_OUTBOX && out.num_bytes >= 8 && out.num_bytes <= MULTICAST_MESSAGE_BYTES);
}

/* More groups than there are places, among them those of which nobody has to know, and what is no group. */
static struct ip some_group(struct cur *script)
{
    uint8_t which = cur_u8(script);
    if (which & 1)
        return ip_from_v4((which & 128 ? 0xe0000000u : 0xef000000u) | which >> 1);
    return (struct ip){ { which & 128 ? 0x20 : 0xff, which & 64 ? 5 : which & 32 ? 2 : 1, [15] = which >> 1 & 31 } };
}

/* Sources of which some are of several users. */
static struct ip_sources some_sources(struct cur *script, bool is_v4)
{
    uint8_t about = cur_u8(script);
    struct ip_sources s = { .is_exclude = about & 1 };
    for (unsigned i = 0; i < (about >> 1) % (IP_SOURCES_MAX + 1); i++) {
        uint8_t number = cur_u8(script) % 32;
        struct ip source = is_v4 ? ip_from_v4(0x0a000000u | number) : (struct ip){ { 0x20, 1, [15] = number } };
        CHECK(multicast_add(&s, &source));
    }
    return s;
}
static void listen(struct cur *script)
{
    uint32_t user = cur_u8(script);
    struct ip group = some_group(script), source = ip_from_v4(0x0a000001);
    struct ip_sources sources = some_sources(script, ip_is_v4(&group));
    if (!multicast_listen(&m, user, &group, &sources, now))
        return;
    CHECK(!multicast_is_anybody(&sources) || multicast_is_in(&m, &group));
    CHECK(!multicast_is_unwanted(&m, user, &group, &source) || !multicast_hears(&sources, &source));
    struct ip_sources all = multicast_merged(&m, &group);
    for (size_t i = 0; i < sources.num && !sources.is_exclude; i++)
        CHECK(multicast_hears(&all, &sources.ip[i]));           /* what one wants, the interface hears */
}

PROPERTY(prop_multicast, 200)
{
    struct cur script = cur_of(in);
    now = NS_PER_S;
    multicast_init(&m, 1);
    while (cur_more(&script)) {
        uint8_t what = cur_u8(&script);
        if (what & 1) {
            multicast_input_igmp(&m, cur_bytes(&script, what >> 4), now);
        } else if (what & 2) {
            multicast_input_mld(&m, cur_bytes(&script, what >> 3), now);
        } else if (what & 4) {
            listen(&script);
        } else if (what & 64) {
            multicast_leave_all(&m, cur_u8(&script), now);
        } else {
            uint32_t user = cur_u8(&script);
            struct ip group = some_group(&script);
            multicast_leave(&m, user, &group, now);
        }
        now += (nanos)what * NS_PER_MS;
        if (what & 8)
            take_all();
        else
            multicast_tick(&m, now);
    }
    for (int i = 0; i < 4; i++) {
        now += 10000 * (nanos)NS_PER_S;
        take_all();
    }
    CHECK(multicast_deadline(&m) == NEVER);
}
