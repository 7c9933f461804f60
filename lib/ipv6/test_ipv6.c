// SPDX-License-Identifier: ISC
#include "check/ip_text.h"
#include "check/test.h"
#include "lib/ipv6/ipv6.h"

static uint8_t packet[200];
static struct ipv6_extensions x;

TEST(what_is_written_is_read_back_and_every_truncation_is_short)
{
    struct ipv6_header h = { .traffic_class = 0xa5, .next_header = 17, .hop_limit = 9, .payload_bytes = 8,
                             .source = ip("fe80::1"), .destination = ip("2001:db8::2") }, got;
    ipv6_encode(MSPAN(packet), &h);
    EQ(ipv6_decode(span_first(SPAN(packet), 48), 48, &got), WIRE_OK);
    TRUE(got.traffic_class == 0xa5 && got.next_header == 17 && got.hop_limit == 9 && got.payload_bytes == 8);
    TRUE(ip_eq(&got.source, &h.source) && ip_eq(&got.destination, &h.destination));
    for (size_t n = 0; n < 48; n++)
        EQ(ipv6_decode(span_first(SPAN(packet), n), n, &got), WIRE_SHORT);
    EQ(ipv6_decode(span_first(SPAN(packet), 50), 50, &got), WIRE_OK);
}
TEST(what_cannot_be_read_leaves_zero)
{
    static const struct ipv6_header zero;
    struct ipv6_header h = { .source = ip("fe80::1"), .destination = ip("fe80::2") };
    ipv6_encode(MSPAN(packet), &h);
    EQ(ipv6_decode(span_first(SPAN(packet), 39), 39, &h), WIRE_SHORT);
    TRUE(span_eq(SPAN_OF(h), SPAN_OF(zero)));
}
TEST(other_versions_and_mapped_addresses_are_refused)
{
    struct ipv6_header h = { .source = ip("fe80::1"), .destination = ip("fe80::2") }, got;
    ipv6_encode(MSPAN(packet), &h);
    packet[0] = 0x45;
    EQ(ipv6_decode(span_first(SPAN(packet), 40), 40, &got), WIRE_BAD_VALUE);
    h.source = ip("::ffff:1.2.3.4");
    ipv6_encode(MSPAN(packet), &h);
    EQ(ipv6_decode(span_first(SPAN(packet), 40), 40, &got), WIRE_BAD_VALUE);
}

static enum ipv6_verdict walk(uint8_t next, const char *bytes, size_t n)
{
    return ipv6_walk((struct span){ (const uint8_t *)bytes, n }, next, &x);
}
#define WALK(next, bytes) walk(next, "" bytes, sizeof(bytes) - 1)

TEST(without_extension_headers_the_transport_follows_at_once)
{
    EQ(WALK(6, "tcp"), IPV6_ACCEPT);
    EQ(x.protocol, 6);
    EQ(x.num_bytes, 0);
    EQ(x.pointer, 6);
}
TEST(options_that_we_do_not_know_say_what_becomes_of_the_packet)
{
    EQ(WALK(0, "\x3a\0\x05\x02\0\0\x01\0icmp"), IPV6_ACCEPT);
    EQ(x.protocol, 58);
    EQ(x.num_bytes, 8);
    EQ(x.pointer, 40);
    EQ(WALK(60, "\x11\0\x1e\x04\0\0\0\0"), IPV6_ACCEPT);
    EQ(WALK(60, "\x11\0\x5e\x04\0\0\0\0"), IPV6_DROP);
    EQ(WALK(60, "\x11\0\0\x9e\x03\0\0\0"), IPV6_BAD_OPTION);
    EQ(x.pointer, 43);
    EQ(WALK(60, "\x11\0\xde\x04\0\0\0\0"), IPV6_BAD_OPTION_UNICAST);
    EQ(x.pointer, 42);
    EQ(WALK(60, "\x11\0\x01\x05\0\0\0\0"), IPV6_DROP);         /* longer than its header */
}
TEST(a_route_with_segments_left_is_a_problem_at_its_type)
{
    EQ(WALK(43, "\x06\0\x00\x00\0\0\0\0"), IPV6_ACCEPT);
    EQ(x.protocol, 6);
    EQ(WALK(43, "\x06\0\x00\x01\0\0\0\0"), IPV6_BAD_FIELD);
    EQ(x.pointer, 42);
}
TEST(hop_by_hop_options_come_first_or_are_a_problem)
{
    EQ(WALK(60, "\0\0\x01\x04\0\0\0\0\x06\0\x01\x04\0\0\0\0"), IPV6_BAD_NEXT_HEADER);
    EQ(x.pointer, 40);
}
TEST(fragments_say_their_place_and_one_that_is_all_is_none)
{
    EQ(WALK(44, "\x11\0\x00\x09\x12\x34\x56\x78rest"), IPV6_IS_FRAGMENT);
    EQ(x.fragment.offset_bytes, 8);
    EQ(x.fragment.is_last, false);
    EQ(x.fragment.identification, 0x12345678);
    EQ(x.num_bytes, 8);
    EQ(WALK(44, "\x11\0\x00\x10\0\0\0\0"), IPV6_IS_FRAGMENT);
    EQ(x.fragment.is_last, true);
    EQ(WALK(44, "\x11\0\x00\x00\0\0\0\0"), IPV6_ACCEPT);
    EQ(x.protocol, 17);
    uint8_t out[8];
    ipv6_fragment_encode(MSPAN(out), 17, 8, false, 0x12345678);
    SPAN_EQ(SPAN(out), "\x11\0\x00\x09\x12\x34\x56\x78");
}
TEST(headers_and_options_are_counted)
{
    static uint8_t many[(IPV6_EXTENSIONS_MAX + 1) * 8], options[256];
    for (size_t i = 0; i <= IPV6_EXTENSIONS_MAX; i++)
        memcpy(many + 8 * i, i == IPV6_EXTENSIONS_MAX - 1 ? "\x06\0\x01\x04\0\0\0" : "\x3c\0\x01\x04\0\0\0", 8);
    EQ(ipv6_walk(SPAN(many), 60, &x), IPV6_ACCEPT);
    many[8 * (IPV6_EXTENSIONS_MAX - 1)] = 60;
    many[8 * IPV6_EXTENSIONS_MAX] = 6;
    EQ(ipv6_walk(SPAN(many), 60, &x), IPV6_DROP);
    options[0] = 6;
    options[1] = 31;
    for (size_t i = 0; i < IPV6_OPTIONS_MAX; i++)
        options[2 + 2 * i] = 0x1e;
    EQ(ipv6_walk(SPAN(options), 60, &x), IPV6_ACCEPT);
    options[2 + 2 * IPV6_OPTIONS_MAX] = 0x1e;
    EQ(ipv6_walk(SPAN(options), 60, &x), IPV6_DROP);
}
TEST(every_truncation_of_a_chain_is_dropped)
{
    static const char chain[] = "\x3c\0\x05\x02\0\0\x01\0"
                                "\x2b\x01\x01\x0c\0\0\0\0\0\0\0\0\0\0\0\0" "\x2c\0\0\0\0\0\0\0" "\x06\0\0\x08\0\0\0\1";
    EQ(walk(0, chain, sizeof chain - 1), IPV6_IS_FRAGMENT);
    EQ(x.num_bytes, sizeof chain - 1);
    for (size_t n = 0; n < sizeof chain - 1; n++)
        EQ(walk(0, chain, n), IPV6_DROP);
}
TEST(addresses_have_scopes_groups_and_common_bits)
{
    struct ip a = ip("2001:db8::1:2:3"), b = ip("2001:db8::1:3:3"), ll = ip("fe80::1"), group = ip("ff02::1:ff02:3");
    EQ(ipv6_scope(&a), IPV6_GLOBAL);
    EQ(ipv6_scope(&ll), IPV6_LINK);
    EQ(ipv6_scope(&group), IPV6_LINK);
    EQ(ipv6_common_bits(&a, &b), 111);
    EQ(ipv6_common_bits(&a, &a), 128);
    struct ip solicited = ipv6_solicited_node(&a);
    TRUE(ip_eq(&solicited, &group));
    struct mac mac = ipv6_group_mac(&group);
    TRUE(span_eq(SPAN(mac.byte), TEXT("\x33\x33\xff\x02\x00\x03")));
    struct ip prefix = ip("2001:db8:5::"), made = ipv6_from_mac(&prefix, &(struct mac){ { 2, 0, 0, 0, 0, 9 } });
    struct ip want = ip("2001:db8:5::ff:fe00:9");
    TRUE(ip_eq(&made, &want));
    TRUE(!ipv6_is_unicast(&group) && ipv6_is_unicast(&a) && ipv6_is_unicast(&ll));
}

/* ---- RFC 6724 section 6, with its examples of section 10.2 */

static struct ipv6_candidate from_to(const char *source, const char *destination)
{
    struct ipv6_candidate c = { .has_source = source != NULL };
    TRUE(ip_parse(span_of_str(destination), &c.destination) == WIRE_OK);
    TRUE(!source || ip_parse(span_of_str(source), &c.source) == WIRE_OK);
    return c;
}
/* The first comes first, whichever way they are given. */
static bool is_first(struct ipv6_candidate first, struct ipv6_candidate second)
{
    struct ipv6_candidate there[] = { first, second }, back[] = { second, first };
    ipv6_order((ipv6_candidates){ there, 2 });
    ipv6_order((ipv6_candidates){ back, 2 });
    return ip_eq(&there[0].destination, &first.destination) && ip_eq(&back[0].destination, &first.destination);
}
TEST(rfc_6724_destinations_are_tried_in_this_order)
{
    TRUE(is_first(from_to("2001:db8:1::2", "2001:db8:1::1"), from_to("169.254.13.78", "198.51.100.121")));    /* matching scope */
    TRUE(is_first(from_to("198.51.100.117", "198.51.100.121"), from_to("fe80::1", "2001:db8:1::1")));
    TRUE(is_first(from_to("2001:db8:1::2", "2001:db8:1::1"), from_to("10.1.2.4", "10.1.2.3")));               /* precedence */
    TRUE(is_first(from_to("fe80::2", "fe80::1"), from_to("2001:db8:1::2", "2001:db8:1::1")));                 /* smaller scope */
    TRUE(is_first(from_to("2001:db8:1::2", "2001:db8:1::1"), from_to("2001:db8:1::2", "2001:db8:ffff::1")));  /* longest prefix */
    TRUE(is_first(from_to("2002:c633:6401::2", "2002:c633:6401::1"), from_to("fe80::2", "2001:db8:1::1")));   /* matching scope */
    TRUE(is_first(from_to("2001:db8:1::2", "2001:db8:1::1"), from_to(NULL, "2001:db8:2::1")));                /* unusable */
    TRUE(is_first(from_to("fd00::2", "fd00::1"), from_to("fd00::2", "2001:db8::1")));                         /* matching label */
    struct ipv6_candidate old = from_to("2001:db8:1::2", "2001:db8:1::1");
    old.is_deprecated = true;
    TRUE(is_first(from_to("10.1.2.4", "10.1.2.3"), old));
}
TEST(what_is_equal_keeps_its_order)
{
    struct ipv6_candidate list[] = { from_to("10.0.0.1", "192.0.2.7"), from_to("10.0.0.1", "10.0.0.9"), from_to("10.0.0.1", "8.8.8.8") };
    struct ipv6_candidate as_given[] = { list[0], list[1], list[2] };
    ipv6_order((ipv6_candidates){ list, NUM_OF(list) });
    for (size_t i = 0; i < NUM_OF(list); i++)
        TRUE(ip_eq(&list[i].destination, &as_given[i].destination));
    ipv6_order((ipv6_candidates){ list, 0 });
    EQ(ipv6_policy_of(&list[0].destination).precedence, 35);
}
TEST_MAIN
