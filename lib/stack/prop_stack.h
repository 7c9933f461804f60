// SPDX-License-Identifier: ISC
/* prop_stack.h - for prop_stack.c: a network device in memory whose other end is the script, and which remembers of what the stack
 * sends enough to answer it: the numbers of each TCP connection, and the last packet. Where the script wants it so, stations that are asked
 * for say where they are, and the device takes large segments without checksums. */
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
    bool answers;               /* for the stations that ARP and neighbour discovery ask for */
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
static void note_v4(struct span packet, const struct frame_offload *offload)
{
    struct ipv4_header h;
    CHECK(ipv4_decode(packet, packet.n, &h) == WIRE_OK && (offload->gso || h.total_bytes <= 1500));
    struct span transport = span_skip(span_first(packet, h.total_bytes), h.header_bytes);
    struct ip source = ip_from_v4(h.source), destination = ip_from_v4(h.destination);
    if (h.is_fragment)
        return;
    if (h.protocol == IPV4_TCP || h.protocol == IPV4_UDP)
        check_sum(&source, &destination, h.protocol, transport, offload);
    if (h.protocol == IPV4_TCP)
        note_segment(transport, false);
}
static void note_v6(struct span packet, const struct frame_offload *offload)
{
    struct ipv6_header h;
    CHECK(ipv6_decode(packet, packet.n, &h) == WIRE_OK && (offload->gso || h.payload_bytes <= 1460));
    struct span transport = span_sub(packet, IPV6_HEADER_BYTES, h.payload_bytes);
    if (h.next_header == IPV6_TCP || h.next_header == IPV6_UDP || h.next_header == IPV6_ICMPV6)
        check_sum(&h.source, &h.destination, h.next_header, transport, offload);
    if (h.next_header == IPV6_TCP)
        note_segment(transport, true);
}
/* The station 10.0.0.9, or the one of that number at fd00:: and fe80::, says where it is. */
static void answer_arp(struct span message)
{
    uint8_t bytes[ARP_MESSAGE_BYTES];
    struct wr w = wr_of(MSPAN(bytes));
    struct arp_message m;
    if (arp_decode(message, &m) != WIRE_OK || m.operation != ARP_REQUEST || m.target_ip != 0x0a000009)
        return;
    arp_encode(&w, &(struct arp_message){ .operation = ARP_REPLY, .sender_mac = peer_mac, .sender_ip = m.target_ip,
                                          .target_mac = m.sender_mac, .target_ip = m.sender_ip });
    deliver(ETHERNET_ARP, &our_mac, wr_done(&w));
}
static void answer_solicitation(struct span packet)
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
    deliver(ETHERNET_IPV6, &our_mac, span_first(SPAN(bytes), IPV6_HEADER_BYTES + wr_len(&w)));
}
/* Whatever the stack sends is sound: it decodes, and its checksums are right. */
static void note_frame(struct span frame, const struct frame_offload *offload)
{
    struct ethernet_header eth;
    struct span packet = span_skip(frame, ETHERNET_HEADER_BYTES);
    CHECK(offload->gso ? wire.net.features.send_tso4 && offload->gso_bytes > 0 : frame.n <= 1514);
    CHECK(!offload->needs_checksum || wire.net.features.send_checksum);
    CHECK(ethernet_decode(frame, &eth) == WIRE_OK && mac_eq(&eth.source, &our_mac));
    if (eth.type == ETHERNET_IPV4)
        note_v4(packet, offload);
    if (eth.type == ETHERNET_IPV6)
        note_v6(packet, offload);
    if (eth.type == ETHERNET_ARP && wire.answers)
        answer_arp(packet);
    if (eth.type == ETHERNET_IPV6 && wire.answers)
        answer_solicitation(packet);
    if (eth.type != ETHERNET_ARP)
        wire.last_bytes = span_copy(MSPAN(wire.last), packet);
}
static size_t wire_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    static uint8_t bytes[WIRE_FRAME_MAX];
    (void)n;
    for (size_t i = 0; i < num && !wire.is_full; i++) {
        struct wr w = wr_of(MSPAN(bytes));
        for (size_t part = 0; part < frames[i].num_parts; part++)
            wr_bytes(&w, frames[i].part[part]);
        CHECK(!w.full);
        note_frame(wr_done(&w), &frames[i].offload);
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
static void wire_offloads(void)
{
    wire.net.features = (struct frame_features){ .send_checksum = true, .send_tso4 = true, .send_tso6 = true, .receive_checksum = true,
                                                 .receive_coalesced = true };
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
