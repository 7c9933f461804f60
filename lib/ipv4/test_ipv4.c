// SPDX-License-Identifier: ISC
#include "lib/ipv4/ipv4.h"
#include "lib/checksum/checksum.h"
#include "check/test.h"

#define US 0x0a090002u
#define PEER 0x0a090001u
enum { PACKET = 28 };

static uint8_t packet[64];

static struct mspan make(void)
{
    struct ipv4_header h = { .total_bytes = PACKET, .traffic_class = 0xba, .time_to_live = 9, .protocol = IPV4_UDP,
                             .source = PEER, .destination = US };
    memset(packet, 0, sizeof packet);
    ipv4_encode(MSPAN(packet), &h);
    return mspan_first(MSPAN(packet), PACKET);
}
static void sum_again(size_t header_bytes)
{
    struct checksum c = { 0 };
    mspan_u16(MSPAN(packet), 10, 0);
    checksum_add(&c, span_first(SPAN(packet), header_bytes));
    mspan_u16(MSPAN(packet), 10, checksum_field(&c));
}
static enum wire_err decode(size_t n, struct ipv4_header *h)
{
    return ipv4_decode(span_first(SPAN(packet), n), n, h);
}

TEST(what_is_written_is_read_back)
{
    struct ipv4_header h;
    (void)make();
    EQ(decode(PACKET, &h), WIRE_OK);
    EQ(h.header_bytes, 20);
    EQ(h.total_bytes, PACKET);
    EQ(h.traffic_class, 0xba);
    EQ(h.time_to_live, 9);
    EQ(h.protocol, IPV4_UDP);
    EQ(h.source, PEER);
    EQ(h.destination, US);
    TRUE(!h.is_fragment);
}
TEST(a_packet_is_atomic_its_identification_is_zero)
{
    struct ipv4_header h = { .total_bytes = PACKET, .source = PEER, .destination = US };
    memset(packet, 0xff, sizeof packet);
    ipv4_encode(MSPAN(packet), &h);
    EQ(span_u16(SPAN(packet), 4), 0);
    EQ(span_u16(SPAN(packet), 6), 0x4000);
}
TEST(every_truncation_is_short_leaves_zero_and_padding_is_fine)
{
    static const struct ipv4_header zero;
    (void)make();
    for (size_t n = 0; n < PACKET; n++) {
        struct ipv4_header h = { .protocol = 1 };
        EQ(decode(n, &h), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(h), SPAN_OF(zero)));
    }
    for (size_t n = PACKET; n <= sizeof packet; n++) {
        struct ipv4_header h;
        EQ(decode(n, &h), WIRE_OK);
        EQ(h.total_bytes, PACKET);
    }
}
TEST(every_flipped_bit_of_the_header_is_noticed)
{
    for (size_t bit = 0; bit < IPV4_HEADER_BYTES * 8; bit++) {
        struct ipv4_header h;
        (void)make();
        packet[bit / 8] ^= (uint8_t)(1 << bit % 8);
        TRUE(decode(PACKET, &h) != WIRE_OK);
    }
}
TEST(options_are_skipped_and_must_lie_within_the_packet)
{
    struct ipv4_header h;
    (void)make();
    packet[0] = 0x47;
    packet[20] = 0x94;
    sum_again(28);
    EQ(decode(PACKET, &h), WIRE_OK);
    EQ(h.header_bytes, 28);
    packet[0] = 0x48;
    sum_again(32);
    EQ(decode(PACKET, &h), WIRE_SHORT);
    EQ(decode(40, &h), WIRE_BAD_VALUE);         /* the options reach behind the total length */
    packet[0] = 0x44;
    sum_again(20);
    EQ(decode(PACKET, &h), WIRE_BAD_VALUE);
    packet[0] = 0x65;
    sum_again(20);
    EQ(decode(PACKET, &h), WIRE_BAD_VALUE);
}
TEST(a_packet_may_go_on_in_other_pieces)
{
    struct ipv4_header h;
    (void)make();
    mspan_u16(MSPAN(packet), 2, 9000);
    sum_again(20);
    EQ(ipv4_decode(SPAN(packet), 9000, &h), WIRE_OK);
    EQ(ipv4_decode(SPAN(packet), 8999, &h), WIRE_SHORT);
}
TEST(both_ends_and_the_middle_of_a_fragmented_packet_are_fragments)
{
    static const uint16_t flags[] = { 0x2000, 0x2001, 0x0001, 0x1fff };
    for (size_t i = 0; i < NUM_OF(flags); i++) {
        struct ipv4_header h;
        (void)make();
        mspan_u16(MSPAN(packet), 6, flags[i]);
        mspan_u16(MSPAN(packet), 4, 0x1234);
        sum_again(20);
        EQ(decode(PACKET, &h), WIRE_OK);
        EQ(h.identification, 0x1234);
        TRUE(h.is_fragment);
    }
}
static struct ipv4_host host(uint32_t ip, uint8_t length, uint32_t gateway)
{
    struct ipv4_host h = { 0 };
    TRUE(ipv4_add_address(&h, ip, ipv4_mask(length)));
    if (gateway != 0)
        TRUE(ipv4_add_route(&h, 0, 0, gateway));
    return h;
}
static enum ipv4_verdict judge(uint32_t source, uint32_t destination)
{
    struct ipv4_host us = host(US, 24, 0);
    struct ipv4_header h = { .source = source, .destination = destination };
    return ipv4_judge(&us, &h);
}
TEST(a_host_takes_what_is_for_it_and_broadcasts)
{
    EQ(judge(PEER, US), IPV4_ACCEPT);
    EQ(judge(0x08080808, US), IPV4_ACCEPT);
    EQ(judge(PEER, 0x0a0900ff), IPV4_ACCEPT_BROADCAST);
    EQ(judge(PEER, IPV4_BROADCAST), IPV4_ACCEPT_BROADCAST);
    EQ(judge(PEER, 0x0a090003), IPV4_NOT_OURS);
    EQ(judge(0, IPV4_BROADCAST), IPV4_ACCEPT_BROADCAST);
    EQ(judge(0, 0x0a0900ff), IPV4_BAD_SOURCE);
    EQ(judge(0, 0xe0000001), IPV4_BAD_SOURCE);
    struct ipv4_host us = { 0 };
    EQ(ipv4_judge(&us, &(struct ipv4_header){ .protocol = IPV4_IGMP, .destination = 0xe0000001 }), IPV4_MULTICAST);
    EQ(judge(PEER, 0xe00000fb), IPV4_MULTICAST);
    EQ(judge(US, 0xe00000fb), IPV4_BAD_SOURCE);
    EQ(judge(PEER, 0x0a0901ff), IPV4_NOT_OURS);
}
TEST(no_packet_comes_from_ourselves_or_from_an_address_that_no_host_has)
{
    static const uint32_t bad[] = { US, 0, 0x7f000001, 0xe0000001, 0xf0000001, IPV4_BROADCAST, 0x0a0900ff, 0x0a090000 };
    for (size_t i = 0; i < NUM_OF(bad); i++)
        EQ(judge(bad[i], US), IPV4_BAD_SOURCE);
}
TEST(neighbours_are_reached_directly_and_others_by_the_gateway)
{
    struct ipv4_host us = host(US, 24, 0x0a0900fe), alone = host(US, 24, 0);
    EQ(ipv4_next_hop(&us, PEER), PEER);
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fe);
    EQ(ipv4_next_hop(&alone, 0x08080808), 0);
    EQ(ipv4_next_hop(&us, US), 0);
    EQ(ipv4_next_hop(&us, 0x7f000001), 0);
    EQ(ipv4_next_hop(&us, 0xf0000001), 0);
}
TEST(networks_of_31_and_32_bits_have_no_broadcast_address)
{
    struct ipv4_host two = host(0x0a090002, 31, 0), one = host(US, 32, 0), all = host(US, 0, 0);
    EQ(ipv4_next_hop(&two, 0x0a090003), 0x0a090003);
    TRUE(ipv4_is_unicast(&two, 0x0a090003) && ipv4_is_unicast(&one, US));
    EQ(ipv4_next_hop(&one, 0x0a090003), 0);
    EQ(ipv4_next_hop(&all, 0x08080808), 0x08080808);
}
TEST(broadcasts_and_groups_need_no_gateway)
{
    struct ipv4_host us = host(US, 24, 0), nobody = { 0 };
    EQ(ipv4_next_hop(&us, IPV4_BROADCAST), IPV4_BROADCAST);
    EQ(ipv4_next_hop(&us, 0x0a0900ff), 0x0a0900ff);
    EQ(ipv4_next_hop(&us, 0xe00000fb), 0xe00000fb);
    EQ(ipv4_next_hop(&nobody, IPV4_BROADCAST), IPV4_BROADCAST);
    EQ(ipv4_next_hop(&nobody, PEER), 0);
    EQ(ipv4_source(&nobody, IPV4_BROADCAST), 0);
}
TEST(of_several_addresses_the_one_of_the_next_hops_network_speaks)
{
    struct ipv4_host us = host(US, 24, 0);
    TRUE(ipv4_add_address(&us, 0xc0a80102, ipv4_mask(24)));
    TRUE(!ipv4_add_address(&us, US, ipv4_mask(24)));
    TRUE(!ipv4_add_address(&us, 0xc0a80200, ipv4_mask(24)));
    TRUE(!ipv4_add_address(&us, 0x7f000001, ipv4_mask(8)));
    EQ(us.num_addresses, 2);
    TRUE(ipv4_is_ours(&us, 0xc0a80102) && ipv4_is_broadcast(&us, 0xc0a801ff) && ipv4_is_broadcast(&us, 0x0a0900ff));
    EQ(ipv4_source(&us, 0xc0a80177), 0xc0a80102);
    EQ(ipv4_source(&us, PEER), US);
    EQ(ipv4_source(&us, 0xe00000fb), US);
    ipv4_remove_address(&us, US);
    EQ(ipv4_next_hop(&us, PEER), 0);
    EQ(ipv4_source(&us, 0xe00000fb), 0xc0a80102);
    for (uint32_t i = 0; i < IPV4_ADDRESSES - 1; i++)
        TRUE(ipv4_add_address(&us, 0xac100001 + (i << 8), ipv4_mask(24)));
    TRUE(!ipv4_add_address(&us, US, ipv4_mask(24)));
}
TEST(the_longest_prefix_decides_and_the_link_beats_a_shorter_route)
{
    struct ipv4_host us = host(US, 24, 0x0a0900fe);
    TRUE(ipv4_add_route(&us, 0xc0a80000, ipv4_mask(16), 0x0a0900fd));
    TRUE(ipv4_add_route(&us, 0xc0a80500, ipv4_mask(24), 0x0a0900fc));
    TRUE(ipv4_add_route(&us, 0x0a090080, ipv4_mask(25), 0x0a0900fb));
    TRUE(!ipv4_add_route(&us, 0xac100000, ipv4_mask(16), 0x08080808));
    TRUE(!ipv4_add_route(&us, 0xac100000, ipv4_mask(16), US));
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fe);
    EQ(ipv4_next_hop(&us, 0xc0a80101), 0x0a0900fd);
    EQ(ipv4_next_hop(&us, 0xc0a80501), 0x0a0900fc);
    EQ(ipv4_next_hop(&us, PEER), PEER);
    EQ(ipv4_next_hop(&us, 0x0a090081), 0x0a0900fb);     /* a longer prefix than the link's */
    ipv4_remove_route(&us, 0xc0a80500, ipv4_mask(24), 0x0a0900fc);
    EQ(ipv4_next_hop(&us, 0xc0a80501), 0x0a0900fd);
    ipv4_remove_address(&us, US);
    EQ(us.num_routes, 0);
}
TEST(a_gateway_that_fails_gives_way_to_the_next)
{
    struct ipv4_host us = host(US, 24, 0x0a0900fe);
    TRUE(ipv4_add_route(&us, 0, 0, 0x0a0900fd));
    TRUE(ipv4_add_route(&us, 0, 0, 0x0a0900fc));
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fe);
    ipv4_gateway_failed(&us, 0x0a0900fe);
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fd);
    ipv4_gateway_failed(&us, 0x0a0900fd);
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fc);
    ipv4_gateway_failed(&us, 0x0a0900fc);
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fe);
    for (size_t i = us.num_routes; i < IPV4_ROUTES; i++)
        TRUE(ipv4_add_route(&us, (uint32_t)i << 24, ipv4_mask(8), PEER));
    TRUE(!ipv4_add_route(&us, 0xac100000, ipv4_mask(16), PEER));
}
TEST(the_longest_prefix_brings_nearest)
{
    struct ipv4_host us = { 0 };
    EQ(ipv4_nearness(&us, PEER), 0);
    TRUE(ipv4_add_address(&us, US, ipv4_mask(24)) && ipv4_nearness(&us, 0x08080808) == 0);
    TRUE(ipv4_add_route(&us, 0, 0, PEER) && ipv4_add_route(&us, 0x0a000000, ipv4_mask(8), PEER));
    EQ(ipv4_nearness(&us, 0x08080808), 1);
    EQ(ipv4_nearness(&us, 0x0a010101), 9);
    EQ(ipv4_nearness(&us, PEER), 25);
}
#define OPTIONS(...) ipv4_options_are_sound(SPAN(((uint8_t[]){ __VA_ARGS__ })))
TEST(options_are_read_and_those_that_lie_or_lead_elsewhere_are_not_sound)
{
    TRUE(ipv4_options_are_sound((struct span){ 0 }));
    TRUE(OPTIONS(1, 1, 1, 0));
    TRUE(OPTIONS(0x94, 4, 0, 0));                               /* router alert */
    TRUE(OPTIONS(7, 7, 4, 0, 0, 0, 0, 0));                      /* record route */
    TRUE(OPTIONS(0, 0x83, 77, 1));                              /* behind the end */
    TRUE(OPTIONS(0x83, 7, 8, 10, 9, 0, 1, 0));                  /* a route at its end */
    TRUE(!OPTIONS(0x83, 7, 4, 10, 9, 0, 1, 0));
    TRUE(!OPTIONS(0x89, 7, 4, 10, 9, 0, 1, 0));
    TRUE(!OPTIONS(0x83, 7, 7, 10, 9, 0, 1, 0));
    TRUE(OPTIONS(0x83, 3, 4, 0));                               /* a route of no addresses */
    TRUE(OPTIONS(0x94, 2, 0, 0));
    TRUE(!OPTIONS(0x83, 3, 3, 0));
    TRUE(!OPTIONS(0x83, 2, 0, 0));
    TRUE(!OPTIONS(0x94, 5, 0, 0));
    TRUE(!OPTIONS(0x94, 0, 0, 0));
    TRUE(!OPTIONS(0x94, 1, 0, 0));
    TRUE(!OPTIONS(1, 1, 1, 0x94));
}
TEST_MAIN
