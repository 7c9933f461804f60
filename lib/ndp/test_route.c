// SPDX-License-Identifier: ISC
/* Routes beyond the link (RFC 4191), sources by the router that told of them (RFC 6724 rule 5.5), probes that come back (RFC 7527). */
#include "check/ip_text.h"
#include "check/test.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ndp/inside.h"

#define S ((nanos)NS_PER_S)
static struct ndp n;
static nanos now;
static struct ndp_outgoing out;
static const struct mac them = { { 2, 0, 0, 0, 0, 9 } };
static uint8_t bytes[200];

static void start(void)
{
    now = 5 * S;
    struct ndp_config cfg = { .mac = { { 2, 0, 0, 0, 0, 1 } }, .mtu = 1500, .seed = 99, .accept_router_advertisements = true };
    ndp_init(&n, &cfg, now);
}
static void pass(nanos t)
{
    for (nanos end = now + t; now < end; now += S / 8)
        ndp_tick(&n, now);
}
static void hear(const struct wr *w, const char *from)
{
    ndp_input(&n, &(struct ndp_arrival){ ip(from), ip("ff02::1"), them, 255, wr_done(w) }, now);
}
static struct wr advertisement(uint16_t lifetime_s)
{
    struct wr w = wr_of(MSPAN(bytes));
    wr_u8(&w, ICMPV6_ROUTER_ADVERTISEMENT);
    wr_zeros(&w, 5);
    wr_u16(&w, lifetime_s);
    wr_zeros(&w, 8);
    return w;
}
/* units of 8 bytes, flags: 0 medium, 8 high, 24 low, 16 reserved */
static void add_route(struct wr *w, uint8_t units, const char *prefix, uint8_t length, uint8_t flags, uint32_t lifetime_s)
{
    wr_u8(w, 24), wr_u8(w, units), wr_u8(w, length), wr_u8(w, flags);
    wr_u32(w, lifetime_s);
    wr_bytes(w, span_first(SPAN(IP(prefix)->byte), (units - 1u) * 8));
}
static void tells(const char *router, const char *prefix, uint8_t length, uint8_t flags, uint32_t lifetime_s)
{
    struct wr w = advertisement(0);
    add_route(&w, length > 64 ? 3 : length > 0 ? 2 : 1, prefix, length, flags, lifetime_s);
    hear(&w, router);
}
static bool goes_by(const char *to, const char *hop)
{
    struct ip got;
    return ndp_next_hop(&n, IP(to), &got) && ip_eq(&got, IP(hop));
}
static bool goes_nowhere(const char *to)
{
    struct ip got;
    return !ndp_next_hop(&n, IP(to), &got);
}

TEST(rfc_4191_the_longest_prefix_leads_then_the_preference)
{
    start();
    TRUE(ndp_add_gateway(&n, IP("fe80::1")));
    tells("fe80::2", "2001:db8::", 32, 0, 100);
    tells("fe80::3", "2001:db8:3::", 48, 24, 100);
    tells("fe80::4", "2001:db8:3::4", 128, 0, 100);
    tells("fe80::5", "2001:db8:3::", 48, 8, 100);
    TRUE(goes_by("2a00::1", "fe80::1"));
    TRUE(goes_by("2001:db8:9::1", "fe80::2"));
    TRUE(goes_by("2001:db8:3::9", "fe80::5"));
    TRUE(goes_by("2001:db8:3::4", "fe80::4"));
    tells("fe80::5", "2001:db8:3::", 48, 24, 100);              /* it thinks less of itself now */
    tells("fe80::3", "2001:db8:3::", 48, 0, 100);
    TRUE(goes_by("2001:db8:3::9", "fe80::3"));
}
TEST(rfc_4191_a_route_ends_with_its_lifetime_or_when_it_is_said)
{
    start();
    tells("fe80::2", "2001:db8::", 32, 0, 10);
    tells("fe80::3", "2001:db9::", 32, 0, UINT32_MAX);
    tells("fe80::4", "::", 0, 0, 10);
    TRUE(goes_by("2001:db8::1", "fe80::2") && goes_by("2a00::1", "fe80::4"));
    pass(11 * S);
    TRUE(goes_nowhere("2001:db8::1") && goes_nowhere("2a00::1") && goes_by("2001:db9::1", "fe80::3"));
    tells("fe80::3", "2001:db9::", 32, 0, 0);
    TRUE(goes_nowhere("2001:db9::1"));
    tells("fe80::3", "2001:db9::", 32, 0, 0);
    TRUE(goes_nowhere("2001:db9::1"));
}
TEST(rfc_4191_a_router_that_does_not_answer_gives_way_even_to_a_shorter_prefix)
{
    start();
    TRUE(ndp_add_gateway(&n, IP("fe80::1")));
    tells("fe80::2", "2001:db8::", 32, 0, 100);
    unsigned before = ndp_nearness(&n, IP("2001:db8::1"));
    ndp_router_is_lost(&n, IP("fe80::2"), true);
    TRUE(goes_by("2001:db8::1", "fe80::1"));
    TRUE(ndp_nearness(&n, IP("2001:db8::1")) < before);
    ndp_router_is_lost(&n, IP("fe80::1"), true);
    TRUE(goes_by("2001:db8::1", "fe80::2"));                    /* nobody answers: the longer one again */
    ndp_router_is_lost(&n, IP("fe80::2"), false);
    TRUE(goes_by("2001:db8::1", "fe80::2"));
}
TEST(rfc_4191_options_that_lie_are_ignored)
{
    struct wr w = advertisement(0);
    start();
    add_route(&w, 1, "2001:db8::", 32, 0, 100);                 /* too short for its prefix */
    add_route(&w, 2, "2001:db9::", 65, 0, 100);
    add_route(&w, 3, "2001:dba::", 129, 0, 100);
    add_route(&w, 2, "2001:dbb::", 32, 16, 100);                /* a reserved preference */
    hear(&w, "fe80::2");
    TRUE(goes_nowhere("2001:db8::1") && goes_nowhere("2001:db9::1") && goes_nowhere("2001:dba::1") && goes_nowhere("2001:dbb::1"));
    w = advertisement(0);
    for (int i = 0; i < NDP_ROUTE_OPTIONS_MAX + 1; i++)
        add_route(&w, 2, i < NDP_ROUTE_OPTIONS_MAX ? "2001:db8::" : "2001:db9::", 32, 0, 100);
    hear(&w, "fe80::2");
    TRUE(goes_by("2001:db8::1", "fe80::2") && goes_nowhere("2001:db9::1"));
}
TEST(static_routes_stay_and_there_are_few)
{
    struct ip_prefix network = { ip("2001:db8::"), 32 };
    start();
    TRUE(ndp_add_route(&n, &network, IP("fe80::2")) && ndp_add_route(&n, &network, IP("fe80::2")));
    TRUE(!ndp_add_route(&n, &network, IP("ff02::2")));
    tells("fe80::2", "2001:db8::", 32, 0, 0);
    TRUE(goes_by("2001:db8::1", "fe80::2"));
    for (uint8_t i = 1; i < NDP_ROUTES; i++)
        TRUE(ndp_add_route(&n, &(struct ip_prefix){ { { 0x20, 2, i } }, 48 }, IP("fe80::2")));
    TRUE(!ndp_add_route(&n, &(struct ip_prefix){ ip("2003::"), 48 }, IP("fe80::2")));
    tells("fe80::3", "2003::", 48, 0, 100);
    EQ(n.counters.refused, 2);
    ndp_remove_route(&n, &network, IP("fe80::2"));
    ndp_remove_route(&n, &network, IP("fe80::2"));
    ndp_remove_route(&n, &network, IP("::"));
    TRUE(goes_nowhere("2001:db8::1"));
}

/* ---- Sources */

static void gives(const char *router, const char *prefix, uint16_t lifetime_s)
{
    struct wr w = advertisement(lifetime_s);
    wr_u8(&w, 3), wr_u8(&w, 4), wr_u8(&w, 64), wr_u8(&w, 0xc0);
    wr_u32(&w, 7200), wr_u32(&w, 3600), wr_u32(&w, 0);
    wr_bytes(&w, SPAN(IP(prefix)->byte));
    hear(&w, router);
}
static bool speaks(const char *to, const char *from)
{
    struct ip got;
    return ndp_source(&n, IP(to), &got) && ip_eq(&got, IP(from));
}
TEST(rfc_6724_rule_5_5_who_leads_there_has_given_the_source)
{
    start();
    gives("fe80::8", "2001:db8:8::", 1800);
    gives("fe80::9", "2001:db8:9::", 1800);
    pass(5 * S);
    tells("fe80::9", "2a00::", 16, 0, 1000);
    gives("fe80::9", "2001:db8:9::", 1800);                     /* which took it off the list of default routers */
    TRUE(goes_by("2a00::1", "fe80::9"));
    TRUE(speaks("2a00::1", "2001:db8:9::ff:fe00:1"));
    tells("fe80::8", "2a01::", 16, 8, 1000);
    gives("fe80::8", "2001:db8:8::", 1800);
    TRUE(goes_by("2a01::1", "fe80::8"));
    TRUE(speaks("2a01::1", "2001:db8:8::ff:fe00:1"));
    gives("fe80::8", "2001:db8:9::", 1800);                     /* both tell of it: the rule says nothing */
    TRUE(speaks("2a01::1", "2001:db8:8::ff:fe00:1"));
    gives("fe80::9", "2001:db8:9::", 0);                        /* a router that ends has told of nothing */
    EQ(ndp_router_bit(&n, IP("fe80::9")), 0);
    TRUE(ndp_router_bit(&n, IP("fe80::8")) != 0 && ndp_router_bit(&n, IP("::")) == 0);
}

/* ---- Probes */

static bool probe_of(const char *target)
{
    struct ndp_message m;
    while (ndp_output(&n, &out))
        if (ndp_decode(span_first(SPAN(out.byte), out.num_bytes), &m) == WIRE_OK && m.type == ICMPV6_NEIGHBOR_SOLICITATION &&
            ip_eq(&m.target, IP(target)) && m.has_nonce)
            return true;
    return false;
}
static void come_back(void)
{
    ndp_input(&n, &(struct ndp_arrival){ out.source, out.destination, out.mac, 255, span_first(SPAN(out.byte), out.num_bytes) }, now);
}
TEST(rfc_7527_a_probe_that_comes_back_is_no_conflict_and_anothers_is)
{
    start();
    TRUE(ndp_add_static(&n, &(struct ip_prefix){ ip("2001:db8::1"), 64 }, now));
    pass(S + S / 4);
    TRUE(probe_of("2001:db8::1"));
    come_back();
    EQ(n.counters.looped, 1);
    EQ(n.counters.conflicts, 0);
    pass(2 * S);
    TRUE(ndp_is_ours(&n, IP("2001:db8::1")));
    start();
    TRUE(ndp_add_static(&n, &(struct ip_prefix){ ip("2001:db8::1"), 64 }, now));
    pass(S + S / 4);
    TRUE(probe_of("2001:db8::1"));
    mspan_put(MSPAN(out.byte), 31, (uint8_t)(span_at(SPAN(out.byte), 31) ^ 1));      /* another's nonce */
    come_back();
    EQ(n.counters.looped, 0);
    EQ(n.counters.conflicts, 1);
    TRUE(!ndp_is_ours(&n, IP("2001:db8::1")));
}
TEST(a_nonce_of_another_length_is_not_ours)
{
    struct ndp_message m;
    struct wr w = wr_of(MSPAN(bytes));
    ndp_write_solicitation(&w, IP("2001:db8::1"), NULL);
    wr_u8(&w, 14), wr_u8(&w, 2), wr_zeros(&w, 14);
    TRUE(ndp_decode(wr_done(&w), &m) == WIRE_OK && !m.has_nonce);
}
TEST_MAIN
