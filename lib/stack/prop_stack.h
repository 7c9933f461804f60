// SPDX-License-Identifier: ISC
/* prop_stack.h - for prop_stack.c: network devices in memory whose other ends are the script, and which remember of what the stack
 * sends enough to answer it: the numbers of each TCP connection, and the last packet. Where the script wants it so, stations that are asked
 * for say where they are, and a device takes large segments without checksums. In the network of number i we are 10.i.0.1 and fd0i::1. */
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
#define WIRE_FRAME_MAX 66000    /* that a device is given to cut */
#define WIRE_LINKS 3
#define PEERS 4

struct peer {                   /* of a TCP connection, as the script continues it */
    bool is_v6;
    unsigned network;
    uint16_t our_port, their_port;
    uint32_t seq, ack;          /* what the stack expects, and what it has sent up to */
};
struct wire_link {              /* an interface of ours */
    struct net net;
    struct ring ring;
    struct waitq waiters;
    size_t num_bytes[WIRE_FRAMES];
};
static struct {
    struct wire_link link[WIRE_LINKS];
    unsigned by, network;       /* which link the next frame comes by, and of which one the addresses in it are */
    uint8_t last[WIRE_BYTES];   /* the last IP packet that was sent */
    size_t last_bytes;
    struct peer peer[PEERS];
    size_t next_peer;
    bool is_full;
    bool answers;               /* for the stations that ARP and neighbour discovery ask for */
} wire;
static uint8_t wire_bytes[WIRE_LINKS][WIRE_FRAMES][WIRE_BYTES];
static struct stack *stack;     /* the whole */

static const struct mac peer_mac = { { 2, 0, 0, 0, 0, 9 } };

static struct wire_link *link_of(struct net *n)
{
    return LINKED(n, struct wire_link, net);
}
static unsigned number_of(const struct wire_link *l)
{
    return (unsigned)(l - wire.link);
}
/* A station of the network that is spoken of. */
static uint32_t v4_of(uint32_t station)
{
    return 0x0a000000u | wire.network << 16 | station;
}
static struct ip v6_of(uint8_t station)
{
    return (struct ip){ { 0xfd, (uint8_t)wire.network, [15] = station } };
}
static struct ip ip_of(bool is_v6, uint8_t station)
{
    return is_v6 ? v6_of(station) : ip_from_v4(v4_of(station));
}

static size_t wire_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max)
{
    struct wire_link *l = link_of(n);
    size_t num = 0;
    for (; num < max && num < num_buffers && !ring_is_empty(&l->ring); num++) {
        uint32_t at = (uint32_t)ring_pop(&l->ring);
        size_t n_bytes = span_copy(buffers[num], span_first(SPAN(wire_bytes[number_of(l)][at]), l->num_bytes[at]));
        frames[num] = (struct rx_frame){ .num_bytes = n_bytes, .num_buffers = 1 };
    }
    return num;
}
/* A frame comes, to us or to everybody. */
static void deliver(uint16_t type, bool to_all, struct span payload)
{
    static const struct mac all = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
    struct wire_link *l = &wire.link[wire.by];
    if (ring_is_full(&l->ring) || payload.n > WIRE_BYTES - ETHERNET_HEADER_BYTES)
        return;
    size_t at = ring_push(&l->ring);
    struct wr w = wr_of(MSPAN(wire_bytes[wire.by][at]));
    ethernet_encode(&w, &(struct ethernet_header){ to_all ? all : l->net.mac, peer_mac, type });
    wr_bytes(&w, payload);
    l->num_bytes[at] = wr_len(&w);
    waitq_wake_all(&l->waiters);
}
/* To who sends by this link, from its network. */
static void answer(const struct wire_link *l, uint16_t type, struct span payload)
{
    unsigned by = wire.by;
    wire.by = number_of(l);
    deliver(type, false, payload);
    wire.by = by;
}

static struct peer *peer_of(uint16_t our_port, uint16_t their_port, bool is_v6, unsigned network)
{
    for (size_t i = 0; i < PEERS; i++)
        if (wire.peer[i].our_port == our_port && wire.peer[i].their_port == their_port && wire.peer[i].is_v6 == is_v6 &&
            wire.peer[i].network == network)
            return &wire.peer[i];
    struct peer *p = &wire.peer[wire.next_peer++ % PEERS];
    *p = (struct peer){ .is_v6 = is_v6, .network = network, .our_port = our_port, .their_port = their_port };
    return p;
}
static void note_segment(struct span transport, bool is_v6, unsigned network)
{
    struct tcp_segment s;
    CHECK(tcp_segment_decode(transport, &s) == WIRE_OK);
    struct peer *p = peer_of(s.source_port, s.destination_port, is_v6, network);
    p->seq = s.flags & TCP_ACK ? s.ack : p->seq;
    p->ack = s.seq + (uint32_t)(transport.n - s.header_bytes) + !!(s.flags & TCP_SYN) + !!(s.flags & TCP_FIN);
}
/* A device that adds the rest finds the sum of the pseudo header. */
static void check_sum(const struct ip *source, const struct ip *destination, uint8_t protocol, struct span transport,
                      const struct frame_offload *offload)
{
    struct checksum c = checksum_pseudo(SPAN(source->byte), SPAN(destination->byte), protocol, transport.n);
    if (offload->needs_checksum) {
        CHECK(span_u16(transport, offload->checksum_offset) == checksum_sum(&c));
        return;
    }
    checksum_add(&c, transport);
    CHECK(checksum_is_right(&c));
}
/* The strong model: it leaves by the interface that has its source. */
static void check_source(const struct wire_link *l, const struct ip *source)
{
    struct stack_host *owner = stack ? host_owner(host_of(stack), source) : NULL;
    CHECK(!owner || owner->net == &l->net);
}
static void note_v4(const struct wire_link *l, struct span packet, const struct frame_offload *offload)
{
    struct ipv4_header h;
    CHECK(ipv4_decode(packet, packet.n, &h) == WIRE_OK && (offload->gso || h.total_bytes <= l->net.mtu));
    struct span transport = span_skip(span_first(packet, h.total_bytes), h.header_bytes);
    struct ip source = ip_from_v4(h.source), destination = ip_from_v4(h.destination);
    check_source(l, &source);
    if (h.is_fragment)
        return;
    if (h.protocol == IPV4_TCP || h.protocol == IPV4_UDP)
        check_sum(&source, &destination, h.protocol, transport, offload);
    if (h.protocol == IPV4_TCP)
        note_segment(transport, false, number_of(l));
}
static void note_v6(const struct wire_link *l, struct span packet, const struct frame_offload *offload)
{
    struct ipv6_header h;
    CHECK(ipv6_decode(packet, packet.n, &h) == WIRE_OK && (offload->gso || IPV6_HEADER_BYTES + h.payload_bytes <= l->net.mtu));
    check_source(l, &h.source);
    struct span transport = span_sub(packet, IPV6_HEADER_BYTES, h.payload_bytes);
    if (h.next_header == IPV6_TCP || h.next_header == IPV6_UDP || h.next_header == IPV6_ICMPV6)
        check_sum(&h.source, &h.destination, h.next_header, transport, offload);
    if (h.next_header == IPV6_TCP)
        note_segment(transport, true, number_of(l));
}
/* The station 10.i.0.9, or the one of that number at fd0i:: and fe80::, says where it is. */
static void answer_arp(const struct wire_link *l, struct span message)
{
    uint8_t bytes[ARP_MESSAGE_BYTES];
    struct wr w = wr_of(MSPAN(bytes));
    struct arp_message m;
    if (arp_decode(message, &m) != WIRE_OK || m.operation != ARP_REQUEST || (m.target_ip & 0xff00ffff) != 0x0a000009)
        return;
    arp_encode(&w, &(struct arp_message){ .operation = ARP_REPLY, .sender_mac = peer_mac, .sender_ip = m.target_ip,
                                          .target_mac = m.sender_mac, .target_ip = m.sender_ip });
    answer(l, ETHERNET_ARP, wr_done(&w));
}
static void answer_solicitation(const struct wire_link *l, struct span packet)
{
    uint8_t bytes[IPV6_HEADER_BYTES + NDP_MESSAGE_MAX_BYTES];
    struct ipv6_header h;
    struct ndp_message m;
    struct wr w = wr_of(mspan_skip(MSPAN(bytes), IPV6_HEADER_BYTES));
    if (ipv6_decode(packet, packet.n, &h) != WIRE_OK || ndp_decode(span_skip(packet, IPV6_HEADER_BYTES), &m) != WIRE_OK ||
        m.type != ICMPV6_NEIGHBOR_SOLICITATION || m.target.byte[15] != 9)
        return;
    ndp_write_advertisement(&w, &m.target, true, true, &peer_mac);
    struct checksum c = checksum_pseudo(SPAN(m.target.byte), SPAN(h.source.byte), IPV6_ICMPV6, wr_len(&w));
    checksum_add(&c, wr_done(&w));
    mspan_u16(mspan_skip(MSPAN(bytes), IPV6_HEADER_BYTES), ICMPV6_CHECKSUM_AT, checksum_field(&c));
    ipv6_encode(MSPAN(bytes), &(struct ipv6_header){ .next_header = IPV6_ICMPV6, .hop_limit = 255, .payload_bytes = wr_len(&w),
                                                     .source = m.target, .destination = h.source });
    answer(l, ETHERNET_IPV6, span_first(SPAN(bytes), IPV6_HEADER_BYTES + wr_len(&w)));
}
/* Whatever the stack sends is sound: it decodes, and its checksums are right. */
static void note_frame(const struct wire_link *l, struct span frame, const struct frame_offload *offload)
{
    struct ethernet_header eth;
    struct span packet = span_skip(frame, ETHERNET_HEADER_BYTES);
    CHECK(offload->gso ? l->net.features.send_tso4 && offload->gso_bytes > 0 : frame.n <= ETHERNET_HEADER_BYTES + l->net.mtu);
    CHECK(!offload->needs_checksum || l->net.features.send_checksum);
    CHECK(ethernet_decode(frame, &eth) == WIRE_OK && mac_eq(&eth.source, &l->net.mac));
    if (eth.type == ETHERNET_IPV4)
        note_v4(l, packet, offload);
    if (eth.type == ETHERNET_IPV6)
        note_v6(l, packet, offload);
    if (eth.type == ETHERNET_ARP && wire.answers)
        answer_arp(l, packet);
    if (eth.type == ETHERNET_IPV6 && wire.answers)
        answer_solicitation(l, packet);
    if (eth.type != ETHERNET_ARP)
        wire.last_bytes = span_copy(MSPAN(wire.last), packet);
}
static size_t wire_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    static uint8_t bytes[WIRE_FRAME_MAX];
    for (size_t i = 0; i < num && !wire.is_full; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        for (size_t part = 0; part < frames[i].num_parts; part++)
            wr_bytes(&w, frames[i].part[part]);
        CHECK(!w.full);
        note_frame(link_of(n), wr_done(&w), &frames[i].offload);
    }
    return wire.is_full ? 0 : num;
}
static err wire_wait(struct net *n, nanos deadline)
{
    struct wire_link *l = link_of(n);
    return ring_is_empty(&l->ring) ? waitq_wait(&l->waiters, deadline) : OK;
}
static void wire_init(void)
{
    memset(&wire, 0, sizeof wire);
    stack = NULL;
}
/* A device of its own; one that takes large segments or is for short packets, as the script wants it. */
static struct net *wire_link(unsigned number, bool has_offloads, bool is_short)
{
    static const struct net_ops ops = { wire_receive, wire_send, wire_wait };
    struct wire_link *l = &wire.link[number];
    *l = (struct wire_link){ .net = { .ops = &ops, .mac = { { 2, 0, 0, 0, 0, (uint8_t)(1 + number) } }, .mtu = is_short ? 1280 : 1500 },
                             .ring = ring_of(WIRE_FRAMES) };
    if (has_offloads)
        l->net.features = (struct frame_features){ .send_checksum = true, .send_tso4 = true, .send_tso6 = true, .receive_checksum = true,
                                                   .receive_coalesced = true };
    return &l->net;
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
