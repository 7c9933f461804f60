// SPDX-License-Identifier: ISC
#include "base/checked.h"
#include "check/ip_text.h"
#include "check/test.h"
#include "lib/checksum/checksum.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"
#include "lib/ndp/ndp.h"

#define S ((nanos)NS_PER_S)
static struct ndp n;
static nanos now;
static struct ndp_outgoing out;
static const struct mac us = { { 2, 0, 0, 0, 0, 1 } }, them = { { 2, 0, 0, 0, 0, 9 } };

static void start(bool accept)
{
    now = 5 * S;
    ndp_init(&n, &(struct ndp_config){ .mac = us, .mtu = 1500, .seed = 1234, .accept_router_advertisements = accept }, now);
}
/* Time goes on; messages that come of it are forgotten but for the last of the type. */
static bool sent(uint8_t type)
{
    bool found = false;
    for (struct ndp_outgoing o; ndp_output(&n, &o);) {
        struct checksum c = checksum_pseudo(SPAN(o.source.byte), SPAN(o.destination.byte), 58, o.num_bytes);
        checksum_add(&c, span_first(SPAN(o.byte), o.num_bytes));
        TRUE(checksum_is_right(&c));
        if (o.byte[0] == type) {
            out = o;
            found = true;
        }
    }
    return found;
}
static void pass(nanos t)
{
    for (nanos end = now + t; now < end; now = end < now + S / 8 ? end : now + S / 8)
        ndp_tick(&n, now);
    ndp_tick(&n, now);
}
static void settle(bool accept)
{
    start(accept);
    pass(20 * S);
    while (ndp_output(&n, &out))
        ;
    for (struct ndp_news news; ndp_poll(&n, &news);)
        ;
}
static void arrive(struct span message, const char *from, const char *to, uint8_t hop_limit)
{
    ndp_input(&n, &(struct ndp_arrival){ ip(from), ip(to), them, hop_limit, message }, now);
}
static uint8_t bytes[300];
static struct wr w;
static void solicit(const char *target, const char *from, const char *to, const struct mac *mac)
{
    w = wr_of(MSPAN(bytes));
    ndp_write_solicitation(&w, IP(target), mac);
    arrive(wr_done(&w), from, to, 255);
}
static void advertise(const char *target, bool solicited, bool override, const struct mac *mac)
{
    w = wr_of(MSPAN(bytes));
    ndp_write_advertisement(&w, IP(target), solicited, override, mac);
    arrive(wr_done(&w), target, solicited ? "fe80::ff:fe00:1" : "ff02::1", 255);
}
static struct wr router_advertisement(uint16_t lifetime_s)
{
    struct wr a = wr_of(MSPAN(bytes));
    wr_u8(&a, ICMPV6_ROUTER_ADVERTISEMENT);
    wr_zeros(&a, 3);
    wr_u8(&a, 33);
    wr_u8(&a, 0);
    wr_u16(&a, lifetime_s);
    wr_u32(&a, 40000);
    wr_u32(&a, 500);
    return a;
}
static void add_prefix(struct wr *a, const char *prefix, uint8_t flags, uint32_t valid_s, uint32_t preferred_s)
{
    wr_u8(a, 3), wr_u8(a, 4), wr_u8(a, 64), wr_u8(a, flags);
    wr_u32(a, valid_s), wr_u32(a, preferred_s), wr_u32(a, 0);
    wr_bytes(a, SPAN(IP(prefix)->byte));
}
static void router_says(uint16_t lifetime_s, const char *prefix, uint32_t valid_s, uint32_t preferred_s)
{
    w = router_advertisement(lifetime_s);
    if (prefix)
        add_prefix(&w, prefix, 0xc0, valid_s, preferred_s);
    arrive(wr_done(&w), "fe80::9", "ff02::1", 255);
}
static bool goes_by(const char *to, const char *hop)
{
    struct ip got;
    return ndp_next_hop(&n, IP(to), &got) && ip_eq(&got, IP(hop));
}
static bool spoken_from(const char *to, const char *from)
{
    struct ip got;
    return ndp_source(&n, IP(to), &got) && ip_eq(&got, IP(from));
}

static bool is_unknown(const char *text)
{
    for (size_t i = 0; i < NDP_NEIGHBOURS; i++)
        if (n.neighbour[i].state != NDP_FREE && ip_eq(&n.neighbour[i].ip, IP(text)))
            return false;
    return true;
}

TEST(an_address_is_probed_for_from_nobody_and_then_ours)
{
    struct ndp_news news;
    start(false);
    TRUE(ndp_is_ours(&n, IP("fe80::ff:fe00:1")));
    pass(S);
    TRUE(sent(ICMPV6_NEIGHBOR_SOLICITATION));
    TRUE(ipv6_is_unspecified(&out.source));
    TRUE(ip_eq(&out.destination, IP("ff02::1:ff00:1")));
    EQ(out.num_bytes, 32);                      /* no option but a nonce */
    EQ(out.byte[24], 14);
    pass(2 * S);
    TRUE(!sent(ICMPV6_NEIGHBOR_SOLICITATION));
    TRUE(ndp_poll(&n, &news));
    EQ(news.note, NDP_ADDRESS_IS_OURS);
}
TEST(an_address_that_another_probes_for_or_has_is_given_up)
{
    for (int how = 0; how < 2; how++) {
        struct ndp_news news;
        start(false);
        if (how == 0)
            solicit("fe80::ff:fe00:1", "::", "ff02::1:ff00:1", NULL);
        else
            advertise("fe80::ff:fe00:1", false, true, &them);
        TRUE(!ndp_is_ours(&n, IP("fe80::ff:fe00:1")));
        TRUE(ndp_poll(&n, &news));
        EQ(news.note, NDP_ADDRESS_IS_TAKEN);
        pass(10 * S);
        TRUE(!ndp_is_ours(&n, IP("fe80::ff:fe00:1")));
    }
}
TEST(an_address_that_is_ours_is_defended_to_everybody)
{
    settle(false);
    solicit("fe80::ff:fe00:1", "::", "ff02::1:ff00:1", NULL);
    TRUE(sent(ICMPV6_NEIGHBOR_ADVERTISEMENT));
    TRUE(ip_eq(&out.destination, IP("ff02::1")));
    EQ(out.byte[4], 0x20);
    advertise("fe80::ff:fe00:1", false, true, &them);
    TRUE(ndp_is_ours(&n, IP("fe80::ff:fe00:1")));
    EQ(n.counters.conflicts, 1);
}
TEST(who_asks_is_answered_and_remembered)
{
    struct mac mac;
    settle(false);
    solicit("fe80::ff:fe00:1", "fe80::9", "ff02::1:ff00:1", &them);
    TRUE(sent(ICMPV6_NEIGHBOR_ADVERTISEMENT));
    TRUE(ip_eq(&out.destination, IP("fe80::9")));
    TRUE(mac_eq(&out.mac, &them));
    EQ(out.byte[4], 0x60);
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
    TRUE(mac_eq(&mac, &them));
}
TEST(while_it_may_be_another_s_an_answer_does_not_override)
{
    start(false);
    solicit("fe80::ff:fe00:1", "fe80::9", "ff02::1:ff00:1", &them);
    TRUE(sent(ICMPV6_NEIGHBOR_ADVERTISEMENT));
    EQ(out.byte[4], 0x40);
}
TEST(who_asks_without_saying_where_it_is_is_answered_where_it_sent_from_but_not_remembered)
{
    settle(false);
    solicit("fe80::ff:fe00:1", "fe80::9", "ff02::1:ff00:1", NULL);
    TRUE(sent(ICMPV6_NEIGHBOR_ADVERTISEMENT));
    TRUE(mac_eq(&out.mac, &them));
    TRUE(is_unknown("fe80::9"));
}
TEST(messages_from_afar_or_with_a_wrong_code_are_dropped)
{
    settle(false);
    w = wr_of(MSPAN(bytes));
    ndp_write_solicitation(&w, IP("fe80::ff:fe00:1"), &them);
    arrive(wr_done(&w), "fe80::9", "ff02::1:ff00:1", 254);
    bytes[1] = 1;
    arrive(wr_done(&w), "fe80::9", "ff02::1:ff00:1", 255);
    bytes[1] = 0;
    bytes[25] = 0;                              /* an option without a length */
    arrive(wr_done(&w), "fe80::9", "ff02::1:ff00:1", 255);
    solicit("fe80::ff:fe00:1", "::", "ff02::1:ff00:1", &them);
    EQ(n.counters.malformed, 4);
    TRUE(!sent(ICMPV6_NEIGHBOR_ADVERTISEMENT));
}
TEST(a_neighbour_is_asked_for_three_times_and_packets_wait_for_it)
{
    static struct packet p[3];
    struct mac mac;
    struct ndp_resolved r;
    settle(false);
    TRUE(!ndp_find(&n, IP("fe80::9"), &mac, now));
    TRUE(ndp_hold(&n, IP("fe80::9"), &p[0]));
    TRUE(ndp_hold(&n, IP("fe80::9"), &p[1]));
    TRUE(!ndp_hold(&n, IP("fe80::9"), &p[2]));
    for (int i = 0; i < 3; i++) {
        TRUE(sent(ICMPV6_NEIGHBOR_SOLICITATION));
        TRUE(ip_eq(&out.destination, IP("ff02::1:ff00:9")));
        EQ(out.num_bytes, 32);
        pass(S + S / 4);
    }
    TRUE(!sent(ICMPV6_NEIGHBOR_SOLICITATION));
    TRUE(ndp_poll_resolved(&n, &r));
    TRUE(!r.is_found);
    EQ(r.num_waiting, 2);
    TRUE(r.waiting[0] == &p[0] && r.waiting[1] == &p[1]);
    TRUE(!ndp_poll_resolved(&n, &r));
    TRUE(is_unknown("fe80::9"));
}
TEST(an_answer_finds_it_for_as_long_as_it_is_reachable_and_then_it_is_probed)
{
    static struct packet p;
    struct mac mac;
    struct ndp_resolved r;
    settle(false);
    TRUE(!ndp_find(&n, IP("fe80::9"), &mac, now));
    TRUE(ndp_hold(&n, IP("fe80::9"), &p));
    (void)sent(0);
    advertise("fe80::9", true, true, &them);
    TRUE(ndp_poll_resolved(&n, &r));
    TRUE(r.is_found && r.num_waiting == 1 && mac_eq(&r.mac, &them));
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
    pass(50 * S);
    TRUE(!sent(ICMPV6_NEIGHBOR_SOLICITATION));
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));       /* stale: used, and asked a while later */
    pass(4 * S);
    TRUE(!sent(ICMPV6_NEIGHBOR_SOLICITATION));
    pass(2 * S);
    TRUE(sent(ICMPV6_NEIGHBOR_SOLICITATION));
    TRUE(ip_eq(&out.destination, IP("fe80::9")));
    pass(5 * S);
    TRUE(is_unknown("fe80::9"));
}
TEST(a_confirmation_from_above_saves_the_probes)
{
    struct mac mac;
    settle(false);
    solicit("fe80::ff:fe00:1", "fe80::9", "ff02::1:ff00:1", &them);
    (void)sent(0);
    for (int i = 0; i < 60; i++) {
        TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
        ndp_confirm(&n, IP("fe80::9"), now);
        pass(2 * S);
    }
    TRUE(!sent(ICMPV6_NEIGHBOR_SOLICITATION));
}
TEST(without_override_another_station_does_not_take_an_address_over)
{
    struct mac mac, other = { { 2, 0, 0, 0, 0, 66 } };
    settle(false);
    TRUE(!ndp_find(&n, IP("fe80::9"), &mac, now));
    advertise("fe80::9", true, true, &them);
    advertise("fe80::9", false, false, &other);
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
    TRUE(mac_eq(&mac, &them));
    advertise("fe80::9", true, true, &other);
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
    TRUE(mac_eq(&mac, &other));
}
TEST(strangers_displace_each_other_and_not_our_peers)
{
    char text[40];
    struct mac mac;
    settle(false);
    solicit("fe80::ff:fe00:1", "fe80::9", "ff02::1:ff00:1", &them);
    TRUE(ndp_find(&n, IP("fe80::9"), &mac, now));
    for (unsigned i = 0; i < 4 * NDP_NEIGHBOURS; i++) {
        snprintf(text, sizeof text, "fe80::1:%x", i);
        solicit("fe80::ff:fe00:1", text, "ff02::1:ff00:1", &them);
        (void)sent(0);
    }
    EQ(n.counters.evicted, 3 * NDP_NEIGHBOURS + 1);
    TRUE(!is_unknown("fe80::9"));
}
TEST(asking_for_many_is_bounded)
{
    char text[40];
    struct mac mac;
    settle(false);
    for (unsigned i = 0; i < 2 * NDP_RESOLVING_MAX; i++) {
        snprintf(text, sizeof text, "fe80::1:%x", i);
        TRUE(!ndp_find(&n, IP(text), &mac, now));
        (void)sent(0);
    }
    EQ(n.counters.resolving_full, NDP_RESOLVING_MAX);
    pass(5 * S);
    EQ(n.num_resolving, 0);
}
TEST(routers_are_asked_for_three_times_unless_one_speaks)
{
    start(true);
    int asked = 0;
    for (int i = 0; i < 100; i++) {
        pass(S / 4);
        asked += sent(ICMPV6_ROUTER_SOLICITATION);
    }
    EQ(asked, 3);
    start(true);
    router_says(1800, NULL, 0, 0);
    pass(20 * S);
    TRUE(!sent(ICMPV6_ROUTER_SOLICITATION));
}
TEST(a_router_gives_a_way_an_address_and_what_is_near_for_their_time)
{
    settle(true);
    TRUE(!goes_by("2001:db8::5", "fe80::9"));
    router_says(1800, "2001:db8:1::", 3600, 1800);
    TRUE(ndp_is_ours(&n, IP("2001:db8:1::ff:fe00:1")));
    TRUE(goes_by("2001:db8::5", "fe80::9"));
    TRUE(goes_by("2001:db8:1::5", "2001:db8:1::5"));
    TRUE(spoken_from("2001:db8::5", "2001:db8:1::ff:fe00:1"));
    TRUE(spoken_from("fe80::5", "fe80::ff:fe00:1"));
    EQ(n.hop_limit, 33);
    EQ(n.retrans_ns, S / 2);
    pass(1801 * S);
    TRUE(!goes_by("2001:db8::5", "fe80::9"));
    EQ(n.address[1].state, NDP_DEPRECATED);
    pass(1800 * S);
    TRUE(!ndp_is_ours(&n, IP("2001:db8:1::ff:fe00:1")));
    TRUE(!goes_by("2001:db8:1::5", "2001:db8:1::5"));
}
TEST(nobody_ends_an_address_in_less_than_two_hours_but_a_router_itself_at_once)
{
    settle(true);
    router_says(1800, "2001:db8:1::", 86400, 86400);
    pass(3 * S);
    router_says(0, "2001:db8:1::", 1, 1);
    TRUE(!goes_by("2001:db8::5", "fe80::9"));
    pass(7100 * S);
    TRUE(ndp_is_ours(&n, IP("2001:db8:1::ff:fe00:1")));
    pass(200 * S);
    TRUE(!ndp_is_ours(&n, IP("2001:db8:1::ff:fe00:1")));
}
TEST(advertisements_are_taken_from_the_link_alone_and_only_if_wanted)
{
    settle(true);
    w = router_advertisement(1800);
    arrive(wr_done(&w), "2001:db8::9", "ff02::1", 255);
    EQ(n.counters.malformed, 1);
    settle(false);
    router_says(1800, "2001:db8:1::", 86400, 86400);
    TRUE(!goes_by("2001:db8::5", "fe80::9"));
    TRUE(!ndp_is_ours(&n, IP("2001:db8:1::ff:fe00:1")));
}
TEST(a_flood_of_prefixes_and_routers_stays_within_its_places)
{
    char text[40];
    settle(true);
    for (unsigned i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "2001:db8:%x::", i + 1);
        w = router_advertisement(1800);
        add_prefix(&w, text, 0xc0, 3600, 3600);
        snprintf(text, sizeof text, "fe80::%x", i + 1);
        arrive(wr_done(&w), text, "ff02::1", 255);
    }
    TRUE(n.counters.refused > 200);
    TRUE(goes_by("2001:db8:1::5", "2001:db8:1::5"));
    TRUE(!goes_by("2001:db8:50::5", "2001:db8:50::5"));
}
TEST(a_router_that_is_lost_is_left_for_another_and_preference_decides_otherwise)
{
    struct mac mac;
    settle(true);
    w = router_advertisement(1800);
    arrive(wr_done(&w), "fe80::9", "ff02::1", 255);
    w = router_advertisement(1800);
    bytes[5] = 0x18;                                    /* low */
    arrive(wr_done(&w), "fe80::8", "ff02::1", 255);
    TRUE(goes_by("2001:db8::5", "fe80::9"));
    TRUE(!ndp_find(&n, IP("fe80::9"), &mac, now));
    pass(5 * S);
    TRUE(goes_by("2001:db8::5", "fe80::8"));
    TRUE(!ndp_find(&n, IP("fe80::9"), &mac, now));
    w = wr_of(MSPAN(bytes));
    ndp_write_advertisement(&w, IP("fe80::9"), true, true, &them);
    bytes[4] |= 0x80;
    arrive(wr_done(&w), "fe80::9", "fe80::ff:fe00:1", 255);
    TRUE(goes_by("2001:db8::5", "fe80::9"));
    advertise("fe80::9", true, true, &them);            /* it says that it is none any more */
    TRUE(goes_by("2001:db8::5", "fe80::8"));
}
static void redirect_by(const char *router, const char *to, const char *target)
{
    w = wr_of(MSPAN(bytes));
    wr_u8(&w, ICMPV6_REDIRECT);
    wr_zeros(&w, 7);
    wr_bytes(&w, SPAN(IP(target)->byte));
    wr_bytes(&w, SPAN(IP(to)->byte));
    arrive(wr_done(&w), router, "fe80::ff:fe00:1", 255);
}
TEST(a_redirect_counts_only_from_the_router_that_it_speaks_for)
{
    settle(true);
    router_says(1800, NULL, 0, 0);
    redirect_by("fe80::66", "2001:db8::5", "fe80::66");
    TRUE(goes_by("2001:db8::5", "fe80::9"));
    redirect_by("fe80::9", "2001:db8::5", "fe80::7");
    TRUE(goes_by("2001:db8::5", "fe80::7"));
    TRUE(goes_by("2001:db8::6", "fe80::9"));
    redirect_by("fe80::9", "2001:db8::6", "2001:db8::6");
    TRUE(goes_by("2001:db8::6", "2001:db8::6"));
    for (unsigned i = 0; i < 40; i++) {
        char text[40];
        snprintf(text, sizeof text, "2001:db8::1:%x", i);
        redirect_by("fe80::9", text, "fe80::7");
        TRUE(goes_by(text, "fe80::7"));
    }
    TRUE(goes_by("2001:db8::5", "fe80::9"));            /* the oldest gave way */
}
TEST(static_addresses_and_gateways_do_not_end)
{
    start(false);
    TRUE(ndp_add_static(&n, &(struct ip_prefix){ ip("2001:db8:7::2"), 64 }, now));
    TRUE(ndp_add_gateway(&n, IP("2001:db8:7::1")));
    TRUE(!ndp_add_static(&n, &(struct ip_prefix){ ip("ff02::2"), 64 }, now));
    pass(100 * S);
    TRUE(goes_by("2001:db8::5", "2001:db8:7::1"));
    TRUE(goes_by("2001:db8:7::5", "2001:db8:7::5"));
    TRUE(spoken_from("2001:db8::5", "2001:db8:7::2"));
    TRUE(!goes_by("2001:db8:7::2", "2001:db8:7::2"));
}
TEST(our_groups_are_reported_twice_and_when_asked)
{
    start(false);
    pass(5 * S);
    TRUE(sent(ICMPV6_MLDV2_REPORT));
    TRUE(out.is_mld);
    TRUE(ip_eq(&out.destination, IP("ff02::16")));
    EQ(out.byte[8], MLD_CHANGE_TO_EXCLUDE);
    TRUE(span_eq(span_sub(SPAN(out.byte), 12, 16), SPAN(IP("ff02::1:ff00:1")->byte)));
    w = wr_of(MSPAN(bytes));
    wr_u8(&w, ICMPV6_MLD_QUERY);
    wr_zeros(&w, 3);
    wr_u16(&w, 1000);
    wr_zeros(&w, 22);
    arrive(wr_done(&w), "fe80::9", "ff02::1", 1);
    pass(2 * S);
    TRUE(sent(ICMPV6_MLDV2_REPORT));
    EQ(out.byte[8], MLD_MODE_IS_EXCLUDE);
    TRUE(ip_eq(&out.source, IP("fe80::ff:fe00:1")));
    TRUE(ndp_is_our_group(&n, IP("ff02::1:ff00:1")) && ndp_is_our_group(&n, IP("ff02::1")));
    TRUE(!ndp_is_our_group(&n, IP("ff02::1:ff00:2")));
}
TEST(name_servers_and_search_names_come_from_routers_for_their_time)
{
    settle(true);
    w = router_advertisement(1800);
    wr_u8(&w, 25), wr_u8(&w, 5), wr_u16(&w, 0), wr_u32(&w, 600);
    wr_bytes(&w, SPAN(IP("2001:db8::53")->byte));
    wr_bytes(&w, SPAN(IP("2001:db8::54")->byte));
    wr_u8(&w, 31), wr_u8(&w, 2), wr_u16(&w, 0), wr_u32(&w, 600);
    wr_bytes(&w, TEXT("\3lan\0\0\0\0"));
    arrive(wr_done(&w), "fe80::9", "ff02::1", 255);
    EQ(n.dns.num_servers, 2);
    TRUE(ip_eq(&n.dns.server[1], IP("2001:db8::54")));
    SPAN_EQ(span_first(SPAN(n.dns.search), 5), "\3lan\0");
    pass(700 * S);
    EQ(n.dns.num_servers, 0);
}
TEST(every_truncation_of_an_advertisement_is_refused_or_shorter)
{
    struct ndp_message m;
    w = router_advertisement(1800);
    add_prefix(&w, "2001:db8:1::", 0xc0, 3600, 1800);
    EQ(ndp_decode(wr_done(&w), &m), WIRE_OK);
    EQ(m.num_prefixes, 1);
    for (size_t k = 0; k < wr_len(&w); k++)
        EQ(ndp_decode(span_first(SPAN(bytes), k), &m) == WIRE_OK, k == 16);
}
TEST_MAIN
