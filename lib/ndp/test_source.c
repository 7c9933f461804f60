// SPDX-License-Identifier: ISC
/* Identifiers of addresses that we make (RFC 7217, 8981), and which of them speaks (RFC 6724). */
#include "check/ip_text.h"
#include "check/test.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ndp/inside.h"

#define S ((nanos)NS_PER_S)
static struct ndp n;
static nanos now;
static struct ndp_config cfg;

static void start(bool is_opaque, bool has_temporary)
{
    now = 5 * S;
    cfg = (struct ndp_config){ .mac = { { 2, 0, 0, 0, 0, 1 } }, .mtu = 1500, .seed = 99, .accept_router_advertisements = true,
                               .is_opaque = is_opaque, .has_temporary = has_temporary, .secret = { 1, 2, 3 }, .temporary_key = { 4 } };
    ndp_init(&n, &cfg, now);
}
static void pass(nanos t, nanos step)
{
    struct ndp_outgoing out;
    struct ndp_news news;
    for (nanos end = now + t; now < end; now += step) {
        ndp_tick(&n, now);
        while (ndp_output(&n, &out) || ndp_poll(&n, &news))
            ;
    }
    ndp_tick(&n, now);
}
static void router_says(const char *prefix, uint32_t valid_s, uint32_t preferred_s)
{
    uint8_t bytes[64];
    struct wr w = wr_of(MSPAN(bytes));
    wr_u8(&w, ICMPV6_ROUTER_ADVERTISEMENT), wr_zeros(&w, 3), wr_u8(&w, 64), wr_u8(&w, 0), wr_u16(&w, 1800), wr_u32(&w, 0), wr_u32(&w, 0);
    wr_u8(&w, 3), wr_u8(&w, 4), wr_u8(&w, 64), wr_u8(&w, 0xc0), wr_u32(&w, valid_s), wr_u32(&w, preferred_s), wr_u32(&w, 0);
    wr_bytes(&w, SPAN(IP(prefix)->byte));
    ndp_input(&n, &(struct ndp_arrival){ ip("fe80::9"), ip("ff02::1"), { { 2, 0, 0, 0, 0, 9 } }, 255, wr_done(&w) }, now);
}
/* Somebody else has it. */
static void taken(const struct ip *a)
{
    uint8_t bytes[64];
    struct mac other = { { 2, 0, 0, 0, 0, 9 } };
    struct wr w = wr_of(MSPAN(bytes));
    ndp_write_advertisement(&w, a, false, true, &other);
    ndp_input(&n, &(struct ndp_arrival){ *a, ip("ff02::1"), other, 255, wr_done(&w) }, now);
}
/* The i-th address of ours that the prefix and kind fit. */
static const struct ndp_address *find(const char *prefix, bool is_temporary, size_t i)
{
    for (size_t k = 0; k < NDP_ADDRESSES; k++) {
        const struct ndp_address *a = &n.address[k];
        if (a->state != NDP_UNUSED && a->state != NDP_DUPLICATE && a->is_temporary == is_temporary &&
            ipv6_common_bits(&a->ip, IP(prefix)) >= 64 && i-- == 0)
            return a;
    }
    return NULL;
}
static struct ip spoken_from(const char *to)
{
    struct ip got;
    TRUE(ndp_source(&n, IP(to), &got));
    return got;
}
static bool speaks(const char *to, const char *from)
{
    struct ip got = spoken_from(to);
    return ip_eq(&got, IP(from));
}

/* ---- RFC 7217 */

TEST(opaque_addresses_are_the_same_again_in_one_network_and_others_elsewhere)
{
    struct ip first, local;
    start(true, false);
    router_says("2001:db8::", 3600, 1800);
    local = n.address[0].ip;
    first = find("2001:db8::", false, 0)->ip;
    TRUE(!ip_eq(&local, IP("fe80::ff:fe00:1")));
    TRUE(span_at(SPAN(first.byte), 11) != 0xff || span_at(SPAN(first.byte), 12) != 0xfe);
    start(true, false);
    router_says("2001:db8:0:1::", 3600, 1800);
    router_says("2001:db8::", 3600, 1800);
    TRUE(ip_eq(&first, &find("2001:db8::", false, 0)->ip) && ip_eq(&local, &n.address[0].ip));
    TRUE(!span_eq(span_skip(SPAN(first.byte), 8), span_skip(SPAN(find("2001:db8:0:1::", false, 0)->ip.byte), 8)));
    cfg.secret[0] = 9;
    ndp_init(&n, &cfg, now);
    router_says("2001:db8::", 3600, 1800);
    TRUE(!ip_eq(&first, &find("2001:db8::", false, 0)->ip));
}
TEST(after_a_conflict_another_is_made_three_times_at_most)
{
    start(true, false);
    router_says("2001:db8::", 3600, 1800);
    for (int i = 0; i <= NDP_CONFLICTS_MAX; i++) {
        const struct ndp_address *a = find("2001:db8::", false, 0);
        TRUE(a && a->num_conflicts == i);
        struct ip before = a->ip;
        taken(&before);
        TRUE(!ndp_is_ours(&n, &before));
    }
    TRUE(!find("2001:db8::", false, 0));
    router_says("2001:db8::", 3600, 1800);
    TRUE(!find("2001:db8::", false, 0));
    start(false, false);                                /* a MAC has but one address to give */
    taken(IP("fe80::ff:fe00:1"));
    TRUE(!find("fe80::", false, 0));
}

/* ---- RFC 8981 */

TEST(a_temporary_address_speaks_and_the_stable_one_is_there_to_be_asked)
{
    start(true, true);
    router_says("2001:db8::", 604800, 604800);
    pass(3 * S, S / 8);
    const struct ndp_address *temporary = find("2001:db8::", true, 0), *stable = find("2001:db8::", false, 0);
    TRUE(temporary && stable);
    struct ip from = spoken_from("2001:db8:1::1");
    TRUE(ip_eq(&from, &temporary->ip));
    TRUE(ndp_is_ours(&n, &stable->ip));
    TRUE(temporary->valid_until <= 6 * S + NDP_TEMP_VALID_NS && temporary->preferred_until <= 6 * S + NDP_TEMP_PREFERRED_NS);
    TRUE(temporary->preferred_until >= NDP_TEMP_PREFERRED_NS - NDP_TEMP_DESYNC_NS);
    router_says("2001:db8::", 604800, 604800);
    TRUE(!find("2001:db8::", true, 1));                 /* it has one */
    router_says("2001:db8:9::", 4, 4);
    TRUE(!find("2001:db8:9::", true, 0));               /* not worth while */
}
TEST(from_day_to_day_another_takes_its_place_and_old_ones_go)
{
    struct ip seen[16];
    size_t num = 0;
    start(true, true);
    for (int hour = 0; hour < 24 * 8; hour++) {
        router_says("2001:db8::", 604800, 604800);
        pass(3600 * S, 60 * S);
        struct ip from = spoken_from("2001:db8:1::1");
        TRUE(ipv6_common_bits(&from, IP("2001:db8::")) >= 64 && !ip_eq(&from, &find("2001:db8::", false, 0)->ip));
        if (num == 0 || !ip_eq(&from, &seen[num - 1])) {
            TRUE(num < NUM_OF(seen));
            for (size_t i = 0; i < num; i++)
                TRUE(!ip_eq(&from, &seen[i]));
            seen[num++] = from;
        }
        TRUE(!find("2001:db8::", true, 4));
    }
    TRUE(num >= 8);
    EQ(n.counters.refused, 0);
}
TEST(a_temporary_address_that_is_taken_is_replaced_and_a_prefix_that_ends_takes_it_along)
{
    start(false, true);
    router_says("2001:db8::", 604800, 604800);
    struct ip first = find("2001:db8::", true, 0)->ip;
    taken(&first);
    TRUE(find("2001:db8::", true, 0) && !ip_eq(&find("2001:db8::", true, 0)->ip, &first));
    pass(10 * S, S);
    router_says("2001:db8::", 7200, 0);
    EQ(find("2001:db8::", true, 0)->state, NDP_DEPRECATED);
    pass(7300 * S, 10 * S);
    TRUE(!find("2001:db8::", true, 0));
}

/* ---- RFC 6724 */

TEST(sources_are_chosen_by_scope_label_and_prefix)
{
    start(false, false);
    static const char *const own[] = { "2001:db8:1::1/64", "2001:db8:2::1/64", "fd00:1::1/64", "2002:c633:6401::1/64" };
    for (size_t i = 0; i < NUM_OF(own); i++) {
        struct ip_prefix p;
        TRUE(ip_prefix_parse(span_of_str(own[i]), &p) == WIRE_OK);
        TRUE(ndp_add_static(&n, &p, now));
    }
    pass(5 * S, S / 8);
    TRUE(speaks("fe80::7", "fe80::ff:fe00:1"));                         /* scope */
    TRUE(speaks("ff02::fb", "fe80::ff:fe00:1"));
    TRUE(speaks("2001:db8:2::7", "2001:db8:2::1"));                     /* prefix */
    TRUE(speaks("2001:db8:1::7", "2001:db8:1::1"));
    TRUE(speaks("fd77::1", "fd00:1::1"));                               /* label */
    TRUE(speaks("2002:1::1", "2002:c633:6401::1"));
    TRUE(speaks("2a00::1", "2001:db8:1::1"));                           /* neither of the others, though as near */
    TRUE(!speaks("2001:4860::1", "2002:c633:6401::1"));
}
TEST(an_address_and_a_gateway_can_be_taken_away_again)
{
    struct ip hop;
    start(false, false);
    TRUE(ndp_add_static(&n, &(struct ip_prefix){ ip("2001:db8::1"), 64 }, now) && ndp_add_gateway(&n, IP("2001:db8::9")));
    TRUE(ndp_next_hop(&n, IP("2a00::1"), &hop));
    ndp_remove_gateway(&n, IP("2001:db8::9"));
    TRUE(!ndp_next_hop(&n, IP("2a00::1"), &hop));
    ndp_remove(&n, IP("2001:db8::1"));
    TRUE(!ndp_is_ours(&n, IP("2001:db8::1")));
    ndp_remove(&n, IP("2001:db8::1"));
    ndp_remove_gateway(&n, IP("2001:db8::9"));
}
TEST(what_leads_nearest_is_a_redirect_a_prefix_then_a_router_by_its_preference)
{
    start(true, false);
    EQ(ndp_nearness(&n, IP("2a00::1")), 0);
    unsigned on_link = ndp_nearness(&n, IP("fe80::7"));
    TRUE(on_link > 0 && ndp_nearness(&n, IP("ff02::fb")) == on_link);
    TRUE(ndp_add_gateway(&n, IP("fe80::9")));
    unsigned medium = ndp_nearness(&n, IP("2a00::1"));
    TRUE(medium > 0 && medium < on_link);
    ndp_router_is_lost(&n, IP("fe80::9"), true);
    TRUE(ndp_nearness(&n, IP("2a00::1")) < medium && ndp_nearness(&n, IP("2a00::1")) > 0);
    ndp_router_of(&n, IP("fe80::9"))->preference = 1;
    ndp_router_is_lost(&n, IP("fe80::9"), false);
    TRUE(ndp_nearness(&n, IP("2a00::1")) > medium);
    TRUE(ndp_add_static(&n, &(struct ip_prefix){ ip("2001:db8::1"), 64 }, now));
    TRUE(ndp_nearness(&n, IP("2001:db8::5")) > on_link);
    ndp_redirected(&n, &(struct ndp_arrival){ .source = ip("fe80::9") },
                   &(struct ndp_message){ .destination = ip("2a00::1"), .target = ip("fe80::8") });
    TRUE(ndp_nearness(&n, IP("2a00::1")) > ndp_nearness(&n, IP("2001:db8::5")));
}
TEST_MAIN
