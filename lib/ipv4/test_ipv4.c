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
    struct ipv4_header h = { .total_bytes = PACKET, .ecn = 2, .time_to_live = 9, .protocol = IPV4_UDP,
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
    EQ(h.ecn, 2);
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
    struct ipv4_host us = ipv4_host(US, 24, 0);
    for (size_t i = 0; i < NUM_OF(flags); i++) {
        struct ipv4_header h;
        (void)make();
        mspan_u16(MSPAN(packet), 6, flags[i]);
        sum_again(20);
        EQ(decode(PACKET, &h), WIRE_OK);
        EQ(ipv4_judge(&us, &h), IPV4_FRAGMENT);
    }
}
static enum ipv4_verdict judge(uint32_t source, uint32_t destination)
{
    struct ipv4_host us = ipv4_host(US, 24, 0);
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
    EQ(judge(PEER, 0xe00000fb), IPV4_NOT_OURS);
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
    struct ipv4_host us = ipv4_host(US, 24, 0x0a0900fe), alone = ipv4_host(US, 24, 0);
    EQ(ipv4_next_hop(&us, PEER), PEER);
    EQ(ipv4_next_hop(&us, 0x08080808), 0x0a0900fe);
    EQ(ipv4_next_hop(&alone, 0x08080808), 0);
    EQ(ipv4_next_hop(&us, US), 0);
    EQ(ipv4_next_hop(&us, 0x0a0900ff), 0);
    EQ(ipv4_next_hop(&us, 0xe0000001), 0);
}
TEST(networks_of_31_and_32_bits_have_no_broadcast_address)
{
    struct ipv4_host two = ipv4_host(0x0a090002, 31, 0), one = ipv4_host(US, 32, PEER), all = ipv4_host(US, 0, 0);
    EQ(ipv4_next_hop(&two, 0x0a090003), 0x0a090003);
    TRUE(ipv4_is_unicast(&two, 0x0a090003) && ipv4_is_unicast(&one, US));
    EQ(ipv4_next_hop(&one, 0x0a090003), PEER);
    EQ(ipv4_next_hop(&all, 0x08080808), 0x08080808);
}
TEST_MAIN
