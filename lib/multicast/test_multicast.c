// SPDX-License-Identifier: ISC
#include "lib/multicast/multicast.h"
#include "lib/checksum/checksum.h"
#include "lib/multicast/inside.h"
#include "check/test.h"

static struct multicast m;
static struct multicast_outgoing out;
static struct ip dns4, dns6;

static void start(void)
{
    multicast_init(&m, 7);
    dns4 = ip_from_v4(0xe00000fb);
    dns6 = (struct ip){ { 0xff, 2, [15] = 0xfb } };
}
static bool next_at(nanos now)
{
    multicast_tick(&m, now);
    return multicast_output(&m, &out);
}
static struct span bytes(void)
{
    return span_first(SPAN(out.byte), out.num_bytes);
}
#define IGMP(...) multicast_input_igmp(&m, SPAN(((uint8_t[]){ __VA_ARGS__ })), now)
#define REPORTS(type_, record_, to_)                                    \
    do {                                                                \
        EQ(out.byte[0], type_);                                         \
        EQ(out.byte[8], record_);                                       \
        EQ(ip_v4(&out.destination), to_);                               \
    } while (0)
/* Everything that is due until the engine rests; the number of messages. */
static int drain(nanos *now)
{
    int num = 0;
    while (multicast_deadline(&m) != NEVER) {
        *now = nanos_max(*now, multicast_deadline(&m));
        num += next_at(*now);
    }
    return num;
}

TEST(a_group_is_told_at_once_and_once_more_within_a_second)
{
    start();
    TRUE(multicast_join(&m, &dns4, 100));
    TRUE(multicast_is_in(&m, &dns4));
    EQ(multicast_deadline(&m), 100);
    TRUE(next_at(100));
    REPORTS(IGMP_V3_REPORT, 4, 0xe0000016);
    EQ(out.num_bytes, 16);
    EQ(span_u16(bytes(), 6), 1);
    EQ(span_u32(bytes(), 12), 0xe00000fb);
    struct checksum c = { 0 };
    checksum_add(&c, bytes());
    TRUE(checksum_is_right(&c));
    TRUE(!next_at(100));
    nanos again = multicast_deadline(&m);
    TRUE(again > 100 && again <= 100 + MULTICAST_UNSOLICITED_NS);
    TRUE(next_at(again));
    EQ(multicast_deadline(&m), NEVER);
}
TEST(the_last_user_to_leave_is_told_twice_and_the_place_is_free)
{
    nanos now = 0;
    start();
    TRUE(multicast_join(&m, &dns4, 0) && multicast_join(&m, &dns4, 0));
    EQ(drain(&now), 2);
    multicast_leave(&m, &dns4, now);
    EQ(multicast_deadline(&m), NEVER);
    TRUE(multicast_is_in(&m, &dns4));
    multicast_leave(&m, &dns4, now);
    TRUE(!multicast_is_in(&m, &dns4));
    TRUE(next_at(now));
    REPORTS(IGMP_V3_REPORT, 3, 0xe0000016);
    EQ(drain(&now), 1);
    EQ(m.place[0].reports_left, 0);
    TRUE(!ip_is_v4(&m.place[0].group));
    multicast_leave(&m, &dns4, now);
    EQ(multicast_deadline(&m), NEVER);
}
TEST(a_query_is_answered_within_its_time)
{
    nanos now = 0;
    start();
    TRUE(multicast_join(&m, &dns4, 0));
    (void)drain(&now);
    IGMP(0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0);
    TRUE(multicast_deadline(&m) <= now + from_s(10));
    nanos asked_at = now;
    EQ(drain(&now), 1);
    TRUE(now <= asked_at + from_s(10));
    REPORTS(IGMP_V3_REPORT, 2, 0xe0000016);
    IGMP(0x11, 0x8f, 0, 0, 224, 0, 0, 251, 2, 125, 0, 0);       /* (0xf | 0x10) << 3 tenths */
    TRUE(multicast_deadline(&m) <= now + from_ms(24800));
    EQ(drain(&now), 1);
    IGMP(0x11, 100, 0, 0, 224, 0, 0, 252, 2, 125, 0, 0);
    EQ(multicast_deadline(&m), NEVER);
    EQ(m.counters.queries, 3);
}
TEST(an_older_router_gets_reports_of_its_version_for_a_while)
{
    nanos now = 0;
    start();
    TRUE(multicast_join(&m, &dns4, 0));
    (void)drain(&now);
    IGMP(0x11, 20, 0, 0, 0, 0, 0, 0);
    EQ(drain(&now), 1);
    EQ(out.byte[0], IGMP_V2_REPORT);
    EQ(ip_v4(&out.destination), 0xe00000fb);
    EQ(out.num_bytes, 8);
    IGMP(0x11, 20, 0, 0, 0, 0, 0, 0);
    IGMP(0x16, 0, 0, 0, 224, 0, 0, 251);                        /* another member has said so */
    EQ(multicast_deadline(&m), NEVER);
    multicast_leave(&m, &dns4, now);
    TRUE(next_at(now));
    EQ(out.byte[0], IGMP_LEAVE);
    EQ(ip_v4(&out.destination), 0xe0000002);
    (void)drain(&now);
    IGMP(0x11, 0, 0, 0, 0, 0, 0, 0);
    TRUE(multicast_join(&m, &dns4, now));
    TRUE(next_at(now));
    EQ(out.byte[0], IGMP_V1_REPORT);
    multicast_leave(&m, &dns4, now);
    EQ(drain(&now), 0);                                         /* version 1 has no leave */
    now += MULTICAST_OLD_ROUTER_NS;
    TRUE(multicast_join(&m, &dns4, now));
    TRUE(next_at(now));
    EQ(out.byte[0], IGMP_V3_REPORT);
}
static void mld(size_t num_bytes, uint16_t code, const struct ip *group, nanos now)
{
    uint8_t query[28] = { MLD_QUERY };
    mspan_u16(MSPAN(query), 4, code);
    (void)span_copy(mspan_skip(MSPAN(query), 8), SPAN(group->byte));
    multicast_input_mld(&m, span_first(SPAN(query), num_bytes), now);
}
TEST(the_same_in_ipv6)
{
    nanos now = 0;
    struct ip all = { 0 };
    start();
    TRUE(multicast_join(&m, &dns6, 0));
    TRUE(next_at(0));
    EQ(out.num_bytes, 28);
    EQ(out.byte[0], MLD_V2_REPORT);
    EQ(out.byte[8], 4);
    TRUE(span_eq(span_skip(bytes(), 12), SPAN(dns6.byte)));
    EQ(out.destination.byte[15], 0x16);
    (void)drain(&now);
    mld(28, 5000, &all, now);
    TRUE(multicast_deadline(&m) <= now + from_s(5));
    EQ(drain(&now), 1);
    EQ(out.byte[8], 2);
    mld(24, 5000, &dns6, now);
    EQ(drain(&now), 1);
    EQ(out.byte[0], MLD_V1_REPORT);
    TRUE(ip_eq(&out.destination, &dns6));
    multicast_leave(&m, &dns6, now);
    TRUE(next_at(now));
    EQ(out.byte[0], MLD_DONE);
    EQ(out.destination.byte[15], 2);
}
TEST(groups_that_all_hosts_are_in_are_not_told)
{
    struct ip all4 = ip_from_v4(0xe0000001), all6 = { { 0xff, 2, [15] = 1 } }, own = { { 0xff, 1, [15] = 9 } };
    start();
    TRUE(multicast_join(&m, &all4, 0) && multicast_join(&m, &all6, 0) && multicast_join(&m, &own, 0));
    EQ(multicast_deadline(&m), NEVER);
    multicast_leave(&m, &own, 0);
    TRUE(!multicast_is_in(&m, &own));
}
TEST(no_more_than_a_bounded_number_and_only_groups)
{
    struct ip one = ip_from_v4(0x0a000001), six = { { 0x20, 1 } }, nobody = { 0 };
    start();
    TRUE(!multicast_join(&m, &one, 0) && !multicast_join(&m, &six, 0) && !multicast_join(&m, &nobody, 0));
    for (uint32_t i = 0; i < MULTICAST_GROUPS; i++)
        TRUE(multicast_join(&m, &(struct ip[]){ ip_from_v4(0xe8000000 + i) }[0], 0));
    TRUE(!multicast_join(&m, &dns4, 0));
    EQ(m.counters.refused, 4);
    multicast_tick(&m, 0);
    EQ(m.counters.outbox_full, MULTICAST_GROUPS - MULTICAST_OUTBOX);
    int num = 0;
    while (multicast_output(&m, &out))
        num++;
    while (next_at(1))                                          /* those that found no room come later */
        num++;
    TRUE(num >= MULTICAST_GROUPS);
}
TEST(queries_that_are_cut_or_of_another_type_change_nothing)
{
    static const uint8_t query[12] = { 0x11, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0 };
    nanos now = 0;
    start();
    TRUE(multicast_join(&m, &dns4, 0));
    (void)drain(&now);
    for (size_t n = 0; n < sizeof query; n++)
        if (n != 8)
            multicast_input_igmp(&m, span_first(SPAN(query), n), now);
    IGMP(0x99, 100, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0);
    IGMP(0x11, 100, 0, 0, 10, 0, 0, 1, 2, 125, 0, 0);           /* no group */
    for (size_t n = 0; n < 28; n++)
        if (n != 24)
            mld(n, 100, &dns6, now);
    EQ(multicast_deadline(&m), NEVER);
    EQ(m.counters.malformed, 11 + 2 + 27);
}
/* RFC 3376 section 4.1.1, RFC 3810 section 5.1.3. */
TEST(long_response_times_have_an_exponent)
{
    struct multicast_query q;
    uint8_t igmp[12] = { 0x11, 127, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0 };
    TRUE(multicast_decode_igmp(SPAN(igmp), &q));
    EQ(q.max_response_ms, 12700);
    igmp[1] = 0x9f;                                             /* mantissa 15, exponent 1 */
    TRUE(multicast_decode_igmp(SPAN(igmp), &q));
    EQ(q.max_response_ms, 49600);
    uint8_t mld_query[28] = { 130, [4] = 0x7f, 0xff };
    TRUE(multicast_decode_mld(SPAN(mld_query), &q));
    EQ(q.max_response_ms, 0x7fff);
    mld_query[4] = 0x9f;                                        /* mantissa 0xfff, exponent 1 */
    TRUE(multicast_decode_mld(SPAN(mld_query), &q));
    EQ(q.max_response_ms, 131056);
}
TEST_MAIN
