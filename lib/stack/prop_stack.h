// SPDX-License-Identifier: ISC
/* prop_stack.h - for prop_stack.c: a network device in memory whose other end is the script, and which remembers of what the stack
 * sends enough to answer it: the numbers of each TCP connection, and the last packet. */
#ifndef LIB_STACK_PROP_STACK_H
#define LIB_STACK_PROP_STACK_H
#define FAKE_STACKS 16
#define TEST_OWN_PANIC
#include "base/ring.h"
#include "check/any.h"
#include "check/fake_platform.h"
#include "interface/net.h"
#include "lib/stack/host.h"
#include "lib/tcp/segment.h"

#define WIRE_FRAMES 64
#define WIRE_BYTES 1600
#define PEERS 4

struct peer {                   /* of a TCP connection, as the script continues it */
    bool is_v6;
    uint16_t our_port, their_port;
    uint32_t seq, ack;          /* what the stack expects, and what it has sent up to */
};
static struct {
    struct net net;
    struct ring ring;
    struct waitq waiters;
    size_t num_bytes[WIRE_FRAMES];
    uint8_t byte[WIRE_FRAMES][WIRE_BYTES];
    uint8_t last[WIRE_BYTES];   /* the last IP packet that was sent */
    size_t last_bytes;
    struct peer peer[PEERS];
    size_t next_peer;
    bool is_full;
} wire;

static const struct mac our_mac = { { 2, 0, 0, 0, 0, 1 } }, peer_mac = { { 2, 0, 0, 0, 0, 9 } };

static size_t wire_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max)
{
    size_t num = 0;
    (void)n;
    for (; num < max && num < num_buffers && !ring_is_empty(&wire.ring); num++) {
        uint32_t at = (uint32_t)ring_pop(&wire.ring);
        size_t n_bytes = span_copy(buffers[num], span_first(SPAN(wire.byte[at]), wire.num_bytes[at]));
        frames[num] = (struct rx_frame){ .num_bytes = n_bytes, .num_buffers = 1 };
    }
    return num;
}
static struct peer *peer_of(uint16_t our_port, uint16_t their_port, bool is_v6)
{
    for (size_t i = 0; i < PEERS; i++)
        if (wire.peer[i].our_port == our_port && wire.peer[i].their_port == their_port && wire.peer[i].is_v6 == is_v6)
            return &wire.peer[i];
    struct peer *p = &wire.peer[wire.next_peer++ % PEERS];
    *p = (struct peer){ .is_v6 = is_v6, .our_port = our_port, .their_port = their_port };
    return p;
}
static void note_segment(struct span transport, bool is_v6)
{
    struct tcp_segment s;
    CHECK(tcp_segment_decode(transport, &s) == WIRE_OK);
    struct peer *p = peer_of(s.source_port, s.destination_port, is_v6);
    p->seq = s.flags & TCP_ACK ? s.ack : p->seq;
    p->ack = s.seq + (uint32_t)(transport.n - s.header_bytes) + !!(s.flags & TCP_SYN) + !!(s.flags & TCP_FIN);
}
static void check_sum(const struct ip *source, const struct ip *destination, uint8_t protocol, struct span transport)
{
    struct checksum c = checksum_pseudo(SPAN(source->byte), SPAN(destination->byte), protocol, transport.n);
    checksum_add(&c, transport);
    CHECK(checksum_is_right(&c));
}
static void note_v4(struct span packet)
{
    struct ipv4_header h;
    CHECK(ipv4_decode(packet, packet.n, &h) == WIRE_OK && h.total_bytes <= 1500);
    struct span transport = span_skip(span_first(packet, h.total_bytes), h.header_bytes);
    struct ip source = ip_from_v4(h.source), destination = ip_from_v4(h.destination);
    if (h.is_fragment)
        return;
    if (h.protocol == IPV4_TCP || h.protocol == IPV4_UDP)
        check_sum(&source, &destination, h.protocol, transport);
    if (h.protocol == IPV4_TCP)
        note_segment(transport, false);
}
static void note_v6(struct span packet)
{
    struct ipv6_header h;
    CHECK(ipv6_decode(packet, packet.n, &h) == WIRE_OK && h.payload_bytes <= 1460);
    struct span transport = span_sub(packet, IPV6_HEADER_BYTES, h.payload_bytes);
    if (h.next_header == IPV6_TCP || h.next_header == IPV6_UDP || h.next_header == IPV6_ICMPV6)
        check_sum(&h.source, &h.destination, h.next_header, transport);
    if (h.next_header == IPV6_TCP)
        note_segment(transport, true);
}
/* Whatever the stack sends is sound: it decodes, and its checksums are right. */
static size_t wire_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    uint8_t bytes[WIRE_BYTES];
    (void)n;
    for (size_t i = 0; i < num && !wire.is_full; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        struct ethernet_header eth;
        for (size_t part = 0; part < frames[i].num_parts; part++)
            wr_bytes(&w, frames[i].part[part]);
        struct span frame = wr_done(&w), packet = span_skip(frame, ETHERNET_HEADER_BYTES);
        CHECK(!w.full && frame.n <= 1514 && ethernet_decode(frame, &eth) == WIRE_OK && mac_eq(&eth.source, &our_mac));
        if (eth.type == ETHERNET_IPV4)
            note_v4(packet);
        if (eth.type == ETHERNET_IPV6)
            note_v6(packet);
        if (eth.type != ETHERNET_ARP)
            wire.last_bytes = span_copy(MSPAN(wire.last), packet);
    }
    return wire.is_full ? 0 : num;
}
static err wire_wait(struct net *n, nanos deadline)
{
    (void)n;
    return ring_is_empty(&wire.ring) ? waitq_wait(&wire.waiters, deadline) : OK;
}
static void wire_init(void)
{
    static const struct net_ops ops = { wire_receive, wire_send, wire_wait };
    memset(&wire, 0, sizeof wire);
    wire.net = (struct net){ .ops = &ops, .mac = our_mac, .mtu = 1500 };
    wire.ring = ring_of(WIRE_FRAMES);
}
/* A frame comes. */
static void deliver(uint16_t type, const struct mac *to, struct span payload)
{
    if (ring_is_full(&wire.ring) || payload.n > WIRE_BYTES - ETHERNET_HEADER_BYTES)
        return;
    size_t at = ring_push(&wire.ring);
    struct wr w = wr_of(MSPAN(wire.byte[at]));
    ethernet_encode(&w, &(struct ethernet_header){ *to, peer_mac, type });
    wr_bytes(&w, payload);
    wire.num_bytes[at] = wr_len(&w);
    waitq_wake_all(&wire.waiters);
}

void platform_console_write(struct span text)
{
    (void)text;
}
err platform_entropy(struct mspan out)
{
    for (size_t i = 0; i < out.n; i++)
        mspan_put(out, i, (uint8_t)(i * 37 + 11));
    return OK;
}

#endif
