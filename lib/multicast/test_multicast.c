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
static bool join(uint32_t user, const struct ip *group, nanos now)
{
    return multicast_listen(&m, user, group, &(struct ip_sources){ .is_exclude = true }, now);
}
static void leave(uint32_t user, const struct ip *group, nanos now)
{
    multicast_leave(&m, user, group, now);
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
    TRUE(join(1, &dns4, 100));
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
    TRUE(join(1, &dns4, 0) && join(2, &dns4, 0));
    EQ(drain(&now), 2);
    leave(1, &dns4, now);
    EQ(multicast_deadline(&m), NEVER);
    TRUE(multicast_is_in(&m, &dns4));
    leave(2, &dns4, now);
    TRUE(!multicast_is_in(&m, &dns4));
    TRUE(next_at(now));
    REPORTS(IGMP_V3_REPORT, 3, 0xe0000016);
    EQ(drain(&now), 1);
    TRUE(!ip_is_v4(&m.place[0].group));
    leave(1, &dns4, now);
    EQ(multicast_deadline(&m), NEVER);
}
TEST(a_query_is_answered_within_its_time)
{
    nanos now = 0;
    start();
    TRUE(join(1, &dns4, 0));
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
    TRUE(join(1, &dns4, 0));
    (void)drain(&now);
    IGMP(0x11, 20, 0, 0, 0, 0, 0, 0);
    EQ(drain(&now), 1);
    EQ(out.byte[0], IGMP_V2_REPORT);
    EQ(ip_v4(&out.destination), 0xe00000fb);
    EQ(out.num_bytes, 8);
    IGMP(0x11, 20, 0, 0, 0, 0, 0, 0);
    IGMP(0x16, 0, 0, 0, 224, 0, 0, 251);                        /* another member has said so */
    EQ(multicast_deadline(&m), NEVER);
    leave(1, &dns4, now);
    TRUE(next_at(now));
    EQ(out.byte[0], IGMP_LEAVE);
    EQ(ip_v4(&out.destination), 0xe0000002);
    (void)drain(&now);
    IGMP(0x11, 0, 0, 0, 0, 0, 0, 0);
    TRUE(join(1, &dns4, now));
    TRUE(next_at(now));
    EQ(out.byte[0], IGMP_V1_REPORT);
    leave(1, &dns4, now);
    EQ(drain(&now), 0);                                         /* version 1 has no leave */
    now += MULTICAST_OLD_ROUTER_NS;
    TRUE(join(1, &dns4, now));
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
    TRUE(join(1, &dns6, 0));
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
    leave(1, &dns6, now);
    TRUE(next_at(now));
    EQ(out.byte[0], MLD_DONE);
    EQ(out.destination.byte[15], 2);
}
TEST(groups_that_all_hosts_are_in_are_not_told)
{
    struct ip all4 = ip_from_v4(0xe0000001), all6 = { { 0xff, 2, [15] = 1 } }, own = { { 0xff, 1, [15] = 9 } };
    start();
    TRUE(join(1, &all4, 0) && join(1, &all6, 0) && join(1, &own, 0));
    EQ(multicast_deadline(&m), NEVER);
    leave(1, &own, 0);
    TRUE(!multicast_is_in(&m, &own));
}
TEST(no_more_than_a_bounded_number_and_only_groups)
{
    struct ip one = ip_from_v4(0x0a000001), six = { { 0x20, 1 } }, nobody = { 0 };
    start();
    TRUE(!join(1, &one, 0) && !join(1, &six, 0) && !join(1, &nobody, 0));
    for (uint32_t i = 0; i < MULTICAST_GROUPS; i++)
        TRUE(join(1, &(struct ip[]){ ip_from_v4(0xe8000000 + i) }[0], 0));
    TRUE(!join(1, &dns4, 0));
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
    TRUE(join(1, &dns4, 0));
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

/* ---- Sources (RFC 3376, RFC 3810) */

static struct ip_sources list_of(bool is_exclude, const char *letters)
{
    struct ip_sources s = { .is_exclude = is_exclude };
    for (struct span left = span_of_str(letters); left.n > 0; left = span_skip(left, 1))
        TRUE(multicast_add(&s, &(struct ip[]){ ip_from_v4(span_at(left, 0)) }[0]));
    return s;
}
static bool listens(uint32_t user, bool is_exclude, const char *letters, nanos now)
{
    struct ip_sources s = list_of(is_exclude, letters);
    return multicast_listen(&m, user, &dns4, &s, now);
}
enum { INCLUDE, EXCLUDE };
/* A record of the last message: its type, and its sources as letters in order of the alphabet; "-": there is none. */
static const char *record(size_t which)
{
    static char text[20];
    struct span left = span_skip(bytes(), 8);
    size_t num = span_u16(bytes(), 6), n = 0;
    if (which >= num)
        return "-";
    for (; which > 0; which--)
        left = span_skip(left, 8 + 4u * span_u16(left, 2));
    text[n++] = (char)('0' + span_at(left, 0));
    for (char letter = 'a'; letter <= 'z'; letter++)
        for (size_t i = 0; i < span_u16(left, 2); i++)
            if (span_u32(left, 8 + 4 * i) == (uint32_t)letter)
                text[n++] = letter;
    text[n] = 0;
    return text;
}
/* The next message has these records, and so has the one after it; then all is told. */
static void told_twice(nanos *now, const char *first, const char *second)
{
    for (int i = 0; i < 2; i++) {
        *now = nanos_max(*now, multicast_deadline(&m));
        TRUE(next_at(*now));
        TRUE(span_eq(span_of_str(record(0)), span_of_str(first)));
        TRUE(span_eq(span_of_str(record(1)), span_of_str(second)));
    }
    EQ(multicast_deadline(&m), NEVER);
}

/* RFC 3376 section 5.1, the table of state changes. */
TEST(rfc_3376_each_change_of_state_has_its_records)
{
    nanos now = 0;
    start();
    TRUE(listens(1, INCLUDE, "ab", now));
    told_twice(&now, "5ab", "-");                               /* ALLOW */
    TRUE(listens(1, INCLUDE, "bc", now));
    told_twice(&now, "5c", "6a");                               /* and BLOCK */
    TRUE(listens(1, EXCLUDE, "cd", now));
    told_twice(&now, "4cd", "-");                               /* TO_EX */
    TRUE(listens(1, EXCLUDE, "de", now));
    told_twice(&now, "5c", "6e");
    TRUE(listens(1, INCLUDE, "f", now));
    told_twice(&now, "3f", "-");                                /* TO_IN */
    TRUE(listens(1, INCLUDE, "f", now));
    EQ(multicast_deadline(&m), NEVER);                          /* nothing has changed */
    TRUE(listens(1, INCLUDE, "", now));
    told_twice(&now, "6f", "-");
    TRUE(!multicast_is_in(&m, &dns4) && ip_eq(&m.place[0].group, &(struct ip){ 0 }));
    TRUE(listens(1, INCLUDE, "", now));
    EQ(multicast_deadline(&m), NEVER);
}
/* Section 3.2, with its examples. */
TEST(rfc_3376_the_interface_hears_what_any_of_its_users_does)
{
    nanos now = 0;
    start();
    TRUE(listens(1, EXCLUDE, "abcd", now) && listens(2, EXCLUDE, "bcde", now) && listens(3, INCLUDE, "def", now));
    told_twice(&now, "4bc", "-");
    leave(1, &dns4, now);
    EQ(multicast_deadline(&m), NEVER);                          /* the others want just as much */
    leave(2, &dns4, now);
    told_twice(&now, "3def", "-");
    TRUE(listens(1, INCLUDE, "abc", now) && listens(2, INCLUDE, "bcd", now));
    told_twice(&now, "5abc", "-");
    multicast_leave_all(&m, 1, now);
    told_twice(&now, "6a", "-");
}
TEST(each_user_hears_what_it_asked_for)
{
    struct ip a = ip_from_v4('a'), b = ip_from_v4('b');
    start();
    TRUE(listens(1, INCLUDE, "a", 0) && listens(2, EXCLUDE, "a", 0));
    TRUE(!multicast_is_unwanted(&m, 1, &dns4, &a) && multicast_is_unwanted(&m, 1, &dns4, &b));
    TRUE(multicast_is_unwanted(&m, 2, &dns4, &a) && !multicast_is_unwanted(&m, 2, &dns4, &b));
    TRUE(!multicast_is_unwanted(&m, 3, &dns4, &a));             /* it has not said anything */
    TRUE(multicast_is_in(&m, &dns4));
}
TEST(a_change_during_another_is_told_with_it_and_a_mode_tells_all)
{
    nanos now = 0;
    start();
    TRUE(listens(1, INCLUDE, "a", now) && next_at(now));
    SPAN_EQ(span_of_str(record(0)), "5a");
    TRUE(listens(1, INCLUDE, "b", now) && next_at(now));
    EQ(span_u16(bytes(), 6), 2);
    SPAN_EQ(span_of_str(record(0)), "5b");
    SPAN_EQ(span_of_str(record(1)), "6a");
    TRUE(listens(1, EXCLUDE, "c", now) && next_at(now));
    SPAN_EQ(span_of_str(record(0)), "4c");
    TRUE(listens(1, EXCLUDE, "d", now));                        /* the mode is still to be told, and with it the list */
    told_twice(&now, "4d", "-");
}
TEST(more_sources_than_fit_are_all_and_more_changes_than_fit_are_the_list)
{
    nanos now = 0;
    start();
    TRUE(listens(1, INCLUDE, "abcdefghijklmnop", now) && listens(2, INCLUDE, "klmnopq", now));
    told_twice(&now, "4", "-");
    TRUE(multicast_is_unwanted(&m, 1, &dns4, &(struct ip[]){ ip_from_v4('q') }[0]));
    leave(2, &dns4, now);
    told_twice(&now, "3abcdefghijklmnop", "-");
    TRUE(listens(1, INCLUDE, "qrstuvwxyz", now));               /* 26 changes */
    told_twice(&now, "3qrstuvwxyz", "-");
    for (uint32_t user = 2; user <= MULTICAST_MEMBERS; user++)
        TRUE(join(user, &dns4, now));
    TRUE(!join(MULTICAST_MEMBERS + 1, &dns4, now));
    EQ(m.counters.refused, 1);
    struct ip_sources full = list_of(EXCLUDE, "abcdefghijklmnop");
    TRUE(!multicast_add(&full, &(struct ip[]){ ip_from_v4('q') }[0]));
}
TEST(rfc_3376_a_question_about_sources_is_answered_about_those)
{
    nanos now = 0;
    start();
    TRUE(listens(1, INCLUDE, "ab", now));
    (void)drain(&now);
    IGMP(0x11, 10, 0, 0, 0, 0, 0, 0, 2, 125, 0, 0);
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "1ab");
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 2, 0, 0, 0, 'b', 0, 0, 0, 'c');
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 1, 0, 0, 0, 'a');
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "1ab");
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 1, 0, 0, 0, 'c');
    EQ(drain(&now), 0);                                         /* nothing of these is heard */
    TRUE(listens(1, EXCLUDE, "ab", now));
    (void)drain(&now);
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 2, 0, 0, 0, 'b', 0, 0, 0, 'c');
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "1c");
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 1, 0, 0, 0, 'c');
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 0);         /* and then about all */
    IGMP(0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 1, 0, 0, 0, 'd');
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "2ab");
}
TEST(a_question_about_more_sources_than_can_be_kept_is_about_all)
{
    nanos now = 0;
    uint8_t query[12 + 4 * 20] = { 0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 20 };
    start();
    TRUE(listens(1, INCLUDE, "ab", now));
    (void)drain(&now);
    for (uint8_t i = 0; i < 20; i++)
        query[15 + 4 * i] = (uint8_t)('c' + i);
    multicast_input_igmp(&m, SPAN(query), now);
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "1ab");
    query[11] = 16;                                             /* two questions that do not fit together */
    multicast_input_igmp(&m, SPAN(query), now);
    query[15] = 'z';
    multicast_input_igmp(&m, SPAN(query), now);
    EQ(drain(&now), 1);
    SPAN_EQ(span_of_str(record(0)), "1ab");
}
TEST(an_older_router_hears_of_members_alone)
{
    nanos now = 0;
    start();
    IGMP(0x11, 20, 0, 0, 0, 0, 0, 0);
    TRUE(listens(1, INCLUDE, "a", now) && next_at(now));
    EQ(out.byte[0], IGMP_V2_REPORT);
    (void)drain(&now);
    TRUE(listens(1, EXCLUDE, "b", now));
    EQ(drain(&now), 0);
    TRUE(listens(1, INCLUDE, "", now) && next_at(now));
    EQ(out.byte[0], IGMP_LEAVE);
}
TEST(rfc_3810_the_same_in_ipv6)
{
    nanos now = 0;
    struct ip_sources s = { .num = 1, .ip = { { { 0x20, 1, [15] = 7 } } } };
    uint8_t query[44] = { MLD_QUERY, [5] = 100, [27] = 1, [28] = 0x20, 1, [43] = 7 };
    start();
    TRUE(multicast_listen(&m, 1, &dns6, &s, now) && next_at(now));
    EQ(out.num_bytes, 44);
    EQ(out.byte[8], 5);
    EQ(span_u16(bytes(), 10), 1);
    TRUE(span_eq(span_sub(bytes(), 12, 16), SPAN(dns6.byte)) && span_eq(span_skip(bytes(), 28), SPAN(s.ip[0].byte)));
    (void)drain(&now);
    (void)span_copy(mspan_skip(MSPAN(query), 8), SPAN(dns6.byte));
    multicast_input_mld(&m, SPAN(query), now);
    EQ(drain(&now), 1);
    EQ(out.byte[8], 1);
    TRUE(span_eq(span_skip(bytes(), 28), SPAN(s.ip[0].byte)));
}
TEST(a_query_that_lies_about_its_sources_leaves_nothing)
{
    uint8_t igmp[20] = { 0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2 }, mld_query[44] = { MLD_QUERY, [27] = 1 };
    struct multicast_query q, zero = { 0 };
    TRUE(multicast_decode_igmp(SPAN(igmp), &q));
    EQ(q.sources.num, 2);
    for (size_t n = 0; n < sizeof igmp; n++) {
        if (n != 8)
            TRUE(!multicast_decode_igmp(span_first(SPAN(igmp), n), &q) && span_eq(SPAN_OF(q), SPAN_OF(zero)));
    }
    for (size_t n = 0; n < sizeof mld_query; n++) {
        if (n != 24)
            TRUE(!multicast_decode_mld(span_first(SPAN(mld_query), n), &q) && span_eq(SPAN_OF(q), SPAN_OF(zero)));
    }
    TRUE(multicast_decode_mld(SPAN(mld_query), &q));
    EQ(q.sources.num, 1);
}
TEST(as_many_sources_as_can_be_kept_are_those_of_the_query_and_none_of_what_lies_behind)
{
    uint8_t igmp[12 + 4 * 18] = { 0x11, 10, 0, 0, 224, 0, 0, 251, 2, 125 }, mld_query[28 + 16 * 18] = { MLD_QUERY, [8] = 0xff, 2 };
    struct multicast_query q4, q6;
    for (uint8_t i = 0; i < 18; i++)
        igmp[12 + 4 * i + 3] = mld_query[28 + 16 * i + 15] = (uint8_t)(i + 1);
    for (uint8_t num = 0; num <= 17; num++) {
        igmp[11] = mld_query[27] = num;
        TRUE(multicast_decode_igmp(SPAN(igmp), &q4) && multicast_decode_mld(SPAN(mld_query), &q6));
        EQ(q4.sources.num, num <= IP_SOURCES_MAX ? num : 0);
        EQ(q6.sources.num, q4.sources.num);
        for (size_t i = 0; i < q4.sources.num; i++) {
            EQ(ip_v4(&q4.sources.ip[i]), i + 1);
            TRUE(ip_is_v4(&q4.sources.ip[i]) && ip_eq(&q6.sources.ip[i], &(struct ip){ { [15] = (uint8_t)(i + 1) } }));
        }
    }
}
TEST_MAIN
