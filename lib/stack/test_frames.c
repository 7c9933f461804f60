// SPDX-License-Identifier: ISC
/* Frames made by hand against one stack: what it answers, and what it must not. */
#include "lib/arp/arp.h"
#include "lib/checksum/checksum.h"
#include "lib/icmp/icmp.h"
#include "lib/ipv4/ipv4.h"
#include "lib/stack/test_link.h"
#include "lib/udp/udp.h"

#define THEM 0x0a000001u        /* the left end, without its stack: this test */
#define US 0x0a000002u

static uint8_t frame[2048];
static struct wire_frame *answer;

/* The test is the left station: its stack is deaf. */
static void be_left(void)
{
    struct arp_message m = { .operation = ARP_REQUEST, .sender_mac = { { 2, 0, 0, 0, 0, 9 } }, .sender_ip = 0x0a000009, .target_ip = US };
    stack_close(left);
    struct wr w = wr_of(MSPAN(frame));
    ethernet_encode(&w, &(struct ethernet_header){ ETHERNET_BROADCAST, m.sender_mac, ETHERNET_ARP });
    arp_encode(&w, &m);
    right_end.is_full = false;
    struct tx_frame f = { .part = { wr_done(&w) }, .num_parts = 1 };
    deliver(&right_end, &f);
    EQ(sleep_until(in_ms(10)), OK);
    left_end.ring = ring_of(LINK_FRAMES);
}
static void be_whole_again(void)
{
    left_end.ring = ring_of(LINK_FRAMES);
    EQ(station_up(&left_end, 1, &left), OK);
}
static struct mac destination = { { 2, 0, 0, 0, 0, 2 } };

static uint32_t source = 0x0a000009;

/* An IPv4 packet from 10.0.0.9 whose payload is written by the caller at IP_PAYLOAD first. */
enum { IP_PAYLOAD = ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES };
static void send_ip(uint8_t protocol, uint32_t to, size_t payload_bytes)
{
    struct ipv4_header ip = { .total_bytes = IPV4_HEADER_BYTES + payload_bytes, .time_to_live = 64, .protocol = protocol,
                              .source = source, .destination = to };
    struct wr w = wr_of(MSPAN(frame));
    ethernet_encode(&w, &(struct ethernet_header){ destination, { { 2, 0, 0, 0, 0, 9 } }, ETHERNET_IPV4 });
    ipv4_encode(mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES), &ip);
    struct tx_frame f = { .part = { span_first(SPAN(frame), IP_PAYLOAD + payload_bytes) }, .num_parts = 1 };
    deliver(&right_end, &f);
    EQ(sleep_until(in_ms(10)), OK);
}
/* The payload of what came back; empty: nothing did. */
static struct span answered(uint8_t protocol)
{
    struct ipv4_header ip;
    if (ring_is_empty(&left_end.ring))
        return (struct span){ 0 };
    answer = &left_end.frame[ring_pop(&left_end.ring)];
    struct span packet = span_sub((struct span){ answer->byte, answer->num_bytes }, ETHERNET_HEADER_BYTES, LINK_FRAME_BYTES);
    EQ(ipv4_decode(packet, packet.n, &ip), WIRE_OK);
    EQ(ip.protocol, protocol);
    EQ(ip.source, US);
    return span_skip(packet, IPV4_HEADER_BYTES);
}
static void put_echo(size_t data_bytes)
{
    struct mspan m = mspan_sub(MSPAN(frame), IP_PAYLOAD, ICMP_HEADER_BYTES + data_bytes);
    struct icmp_header h = { .type = ICMP_ECHO_REQUEST, .rest = 0x12345678 };
    struct checksum c = { 0 };
    for (size_t i = ICMP_HEADER_BYTES; i < m.n; i++)
        mspan_put(m, i, (uint8_t)i);
    icmp_encode(m, &h);
    checksum_add(&c, span_of(m));
    h.checksum = checksum_field(&c);
    icmp_encode(m, &h);
}
static void put_udp(uint16_t port, size_t data_bytes, bool has_checksum)
{
    struct mspan m = mspan_sub(MSPAN(frame), IP_PAYLOAD, UDP_HEADER_BYTES + data_bytes);
    struct udp_header h = { .source_port = 5555, .destination_port = port, .length_bytes = m.n };
    struct ip from = ip_from_v4(0x0a000009), to = ip_from_v4(US);
    struct checksum c = checksum_pseudo(SPAN(from.byte), SPAN(to.byte), IPV4_UDP, m.n);
    for (size_t i = UDP_HEADER_BYTES; i < m.n; i++)
        mspan_put(m, i, (uint8_t)i);
    udp_encode(m, &h);
    checksum_add(&c, span_of(m));
    h.checksum = has_checksum ? checksum_field(&c) : 0;
    udp_encode(m, &h);
}

LINK_TEST(an_echo_of_every_size_comes_back_with_its_data_and_a_right_checksum, false)
{
    be_left();
    for (size_t n = 0; n <= 1472; n += n < 70 ? 1 : 61) {
        put_echo(n);
        send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + n);
        struct span m = answered(IPV4_ICMP);
        struct checksum c = { 0 };
        EQ(m.n, ICMP_HEADER_BYTES + n);
        EQ(span_at(m, 0), ICMP_ECHO_REPLY);
        EQ(span_u32(m, 4), 0x12345678);
        checksum_add(&c, m);
        TRUE(checksum_is_right(&c));
        for (size_t i = ICMP_HEADER_BYTES; i < m.n; i++)
            EQ(span_at(m, i), (uint8_t)i);
    }
    be_whole_again();
}
LINK_TEST(an_echo_to_everybody_or_with_a_wrong_checksum_is_not_answered, false)
{
    be_left();
    put_echo(10);
    send_ip(IPV4_ICMP, 0x0a0000ff, ICMP_HEADER_BYTES + 10);
    EQ(answered(IPV4_ICMP).n, 0);
    put_echo(10);
    frame[IP_PAYLOAD + 12] ^= 1;
    send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + 10);
    EQ(answered(IPV4_ICMP).n, 0);
    EQ(stack_counters(right)->bad_icmp, 1);
    be_whole_again();
}
LINK_TEST(a_datagram_to_a_closed_port_is_unreachable_but_not_where_all_were_asked, false)
{
    struct icmp_quote q;
    be_left();
    put_udp(99, 4, true);
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 4);
    EQ(icmp_error_decode(answered(IPV4_ICMP), &q), WIRE_OK);
    EQ(q.protocol, IPV4_UDP);
    EQ(q.destination, US);
    EQ(q.destination_port, 99);
    TRUE(q.is_hard);
    put_udp(99, 4, false);
    send_ip(IPV4_UDP, IPV4_BROADCAST, UDP_HEADER_BYTES + 4);
    EQ(answered(IPV4_ICMP).n, 0);
    be_whole_again();
}
LINK_TEST(an_unknown_protocol_is_unreachable_at_a_bounded_rate, false)
{
    be_left();
    for (int i = 0; i < 200; i++) {
        struct wr w = wr_of(MSPAN(frame));
        ethernet_encode(&w, &(struct ethernet_header){ destination, { { 2, 0, 0, 0, 0, 9 } }, ETHERNET_IPV4 });
        struct ipv4_header ip = { .total_bytes = 30, .protocol = 132, .source = 0x0a000009, .destination = US };
        ipv4_encode(mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES), &ip);
        deliver(&right_end, &(struct tx_frame){ .part = { span_first(SPAN(frame), 44) }, .num_parts = 1 });
    }
    EQ(sleep_until(in_ms(1)), OK);
    EQ(ring_len(&left_end.ring), ICMP_ERRORS_BURST);
    EQ(stack_counters(right)->errors_limited, 200 - ICMP_ERRORS_BURST);
    be_whole_again();
}
LINK_TEST(a_datagram_is_received_with_or_without_checksum_but_not_with_a_wrong_one, false)
{
    struct udp *u;
    uint8_t got[64];
    size_t n;
    struct endpoint from;
    be_left();
    EQ(udp_open(right, 53, &u), OK);
    put_udp(53, 20, true);
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 20);
    EQ(udp_receive(u, MSPAN(got), &n, &from, in_s(1)), OK);
    EQ(n, 20);
    EQ(from.port, 5555);
    EQ(got[5], 13);
    put_udp(53, 20, false);
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 20);
    EQ(udp_receive(u, MSPAN(got), &n, &from, in_s(1)), OK);
    put_udp(53, 20, true);
    frame[IP_PAYLOAD + 20] ^= 4;
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 20);
    EQ(udp_receive(u, MSPAN(got), &n, &from, in_s(1)), E_TIMEDOUT);
    EQ(stack_counters(right)->bad_udp_checksum, 1);
    udp_close(u);
    be_whole_again();
}
LINK_TEST(a_full_udp_queue_drops_the_newest_and_counts_them, false)
{
    struct udp *u;
    uint8_t got[4];
    size_t n;
    struct endpoint from;
    be_left();
    EQ(udp_open(right, 53, &u), OK);
    for (size_t i = 0; i < STACK_UDP_QUEUE + 10; i++) {
        put_udp(53, 20 + i, true);
        send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 20 + i);
    }
    EQ(stack_counters(right)->udp_queue_full, 10);
    for (size_t i = 0; i < STACK_UDP_QUEUE; i++) {
        EQ(udp_receive(u, MSPAN(got), &n, &from, in_s(1)), OK);
        EQ(n, 20 + i);                  /* whole length, though only four bytes fit */
    }
    EQ(udp_receive(u, MSPAN(got), &n, &from, 0), E_TIMEDOUT);
    udp_close(u);
    be_whole_again();
}
LINK_TEST(every_truncation_and_every_flipped_bit_of_a_frame_leaves_the_stack_up, false)
{
    uint8_t whole[90];
    be_left();
    put_udp(99, sizeof whole - IP_PAYLOAD - UDP_HEADER_BYTES, true);
    send_ip(IPV4_UDP, US, sizeof whole - IP_PAYLOAD);
    memcpy(whole, frame, sizeof whole);
    for (size_t n = 1; n <= sizeof whole; n++) {
        deliver(&right_end, &(struct tx_frame){ .part = { span_first(SPAN(whole), n) }, .num_parts = 1 });
        if (n % 64 == 0)
            EQ(sleep_until(in_ms(1)), OK);
    }
    for (size_t bit = 0; bit < sizeof whole * 8; bit++) {
        whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
        deliver(&right_end, &(struct tx_frame){ .part = { SPAN(whole) }, .num_parts = 1 });
        whole[bit / 8] ^= (uint8_t)(1 << bit % 8);
        if (bit % 64 == 0) {
            EQ(sleep_until(in_ms(1)), OK);
            left_end.ring = ring_of(LINK_FRAMES);
        }
    }
    EQ(sleep_until(in_ms(1)), OK);
    left_end.ring = ring_of(LINK_FRAMES);
    put_echo(10);
    send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + 10);
    EQ(answered(IPV4_ICMP).n, ICMP_HEADER_BYTES + 10);
    be_whole_again();
}
LINK_TEST(a_device_that_takes_nothing_costs_frames_and_nothing_else, false)
{
    be_left();
    right_end.is_full = true;
    put_echo(10);
    for (int i = 0; i < 100; i++)
        send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + 10);
    EQ(stack_counters(right)->device_full, 100);
    right_end.is_full = false;
    send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + 10);
    EQ(answered(IPV4_ICMP).n, ICMP_HEADER_BYTES + 10);
    be_whole_again();
}

/* ---- Datagrams between two stacks */

LINK_TEST(datagrams_of_every_size_go_there_and_back_and_larger_ones_are_refused, true)
{
    struct udp *server, *client;
    static uint8_t data[65536], got[65536];
    size_t n;
    struct endpoint from, to = at_right(53);
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_open(left, 0, &client), OK);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 3);
    for (size_t size = 0; size <= 65507; size = size < 1472 ? size + 64 : size == 65507 ? 65508 : size_min(size + 4099, 65507)) {
        EQ(udp_send(client, &to, span_first(SPAN(data), size)), OK);
        EQ(udp_receive(server, MSPAN(got), &n, &from, in_s(5)), OK);
        EQ(n, size);
        TRUE(span_eq(span_first(SPAN(got), n), span_first(SPAN(data), n)));
        EQ(udp_send(server, &from, span_first(SPAN(got), n)), OK);
        EQ(udp_receive(client, MSPAN(got), &n, &from, in_s(5)), OK);
        EQ(n, size);
        EQ(from.port, 53);
    }
    EQ(udp_send(client, &to, span_first(SPAN(data), 65508)), E_INVALID);
    EQ(udp_receive(client, MSPAN(got), &n, &from, in_ms(50)), E_TIMEDOUT);
    struct udp *again;
    EQ(udp_open(right, 53, &again), E_IN_USE);
    udp_close(server);
    udp_close(client);
    EQ(udp_open(right, 53, &again), OK);
    udp_close(again);
}

/* ---- What nobody should send */

/* Anything from there is dropped, and counted. */
static bool is_not_heard(uint32_t from)
{
    uint64_t before = stack_counters(right)->bad_source;
    source = from;
    put_echo(8);
    send_ip(IPV4_ICMP, US, ICMP_HEADER_BYTES + 8);
    put_udp(99, 4, false);
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 4);
    source = 0x0a000009;
    return answered(IPV4_ICMP).n == 0 && stack_counters(right)->bad_source == before + 2;
}
LINK_TEST(land_who_speaks_from_our_own_address_is_not_heard, false)
{
    be_left();
    TRUE(is_not_heard(US));
    be_whole_again();
}
LINK_TEST(martians_who_speak_from_addresses_that_nobody_has_are_not_heard, false)
{
    static const uint32_t martians[] = { 0, 0x7f000001, 0xe0000001, 0xf0000001, IPV4_BROADCAST, 0x0a000000, 0x0a0000ff, 0x00000001 };
    be_left();
    for (size_t i = 0; i < NUM_OF(martians); i++)
        TRUE(is_not_heard(martians[i]));
    be_whole_again();
}
static void put_port(size_t at, uint16_t port)
{
    mspan_u16(mspan_skip(MSPAN(frame), IP_PAYLOAD), at, port);
}
LINK_TEST(datagrams_to_port_0_are_dropped, false)
{
    be_left();
    put_udp(0, 4, false);
    send_ip(IPV4_UDP, US, UDP_HEADER_BYTES + 4);
    EQ(answered(IPV4_ICMP).n, 0);
    EQ(stack_counters(right)->bad_udp, 1);
    be_whole_again();
}
LINK_TEST(segments_to_or_from_port_0_are_dropped, false)
{
    be_left();
    for (size_t at = 0; at <= 2; at += 2) {
        struct mspan m = mspan_sub(MSPAN(frame), IP_PAYLOAD, 20);
        mspan_zero(m);
        put_port(0, 5555);
        put_port(2, 80);
        put_port(at, 0);
        mspan_put(m, 12, 0x50);
        mspan_put(m, 13, 2);                            /* SYN */
        mspan_u16(m, 14, 1000);
        struct ip from = ip_from_v4(0x0a000009), to = ip_from_v4(US);
        struct checksum c = checksum_pseudo(SPAN(from.byte), SPAN(to.byte), IPV4_TCP, m.n);
        checksum_add(&c, span_of(m));
        mspan_u16(m, 16, checksum_field(&c));
        send_ip(IPV4_TCP, US, m.n);
        EQ(answered(IPV4_TCP).n, 0);
    }
    EQ(stack_counters(right)->bad_tcp_checksum, 0);
    be_whole_again();
}
TEST_MAIN
