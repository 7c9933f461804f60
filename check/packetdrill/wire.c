// SPDX-License-Identifier: ISC
/* wire.c - between the engine's segments and whole IP packets. A segment that would be cut by a device goes out in one piece, as
 * packetdrill sees it of a kernel. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/world.h"
#include "lib/checksum/checksum.h"
#include "lib/icmp/icmp.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv4/ipv4.h"
#include "lib/ipv6/ipv6.h"
#include "lib/tcp/engine.h"
#include <stdlib.h>

#define QUEUE_MAX 4096

struct queued {
    nanos at;
    size_t n;
    uint8_t *bytes;
};
static struct queued queue[QUEUE_MAX];
static size_t num_taken, num_queued;

/* ---- In */

static void one_segment(const struct ip *source, const struct ip *destination, struct span segment, uint8_t traffic_class)
{
    struct packet *first = NULL, **next = &first;
    for (struct span left = segment; left.n > 0; left = span_skip(left, PACKET_DATA_BYTES)) {
        struct packet *p = *next = packet_alloc(&world_packets);
        REQUIRE(p);
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), left));
        next = &p->next;
    }
    if (!first)
        return;
    tcp_input(world_tcp, &(struct tcp_arrival){ *source, *destination, first, (traffic_class & 3) == 3 }, world_now);
    packet_unref(first);
}
/* A script that says of how large segments its packets were put together (--mss) has them come as those. */
static void segment_input(const struct ip *source, const struct ip *destination, struct span segment, uint8_t traffic_class)
{
    static uint8_t copy[1 << 16];
    size_t mss = device_setting("mss", 0), head = segment.n > 12 ? (size_t)(span_at(segment, 12) >> 4) * 4 : segment.n;
    if (mss == 0 || segment.n <= head + mss) {
        one_segment(source, destination, segment, traffic_class);
        return;
    }
    for (size_t at = 0; at < segment.n - head; at += mss) {
        struct mspan piece = mspan_first(MSPAN(copy), span_copy(MSPAN(copy), span_first(segment, head)));
        bool is_last = segment.n - head - at <= mss;
        mspan_u32(piece, 4, span_u32(segment, 4) + (uint32_t)at);
        mspan_u16(piece, 12, span_u16(segment, 12) & (is_last ? UINT16_MAX : (uint16_t)~(TCP_FIN | TCP_PSH)));
        size_t n = head + span_copy(mspan_skip(MSPAN(copy), head), span_sub(segment, head + at, mss));
        one_segment(source, destination, span_first(SPAN(copy), n), traffic_class);
    }
}
static bool is_in_flight(const struct endpoint *local, const struct endpoint *remote, uint32_t sequence)
{
    const struct tcp_tuple tuple = { local->ip, remote->ip, local->port, remote->port };
    struct tcp_entry *e = tcp_table_find(&world_tcp->table, &tuple);
    const struct tcp_conn *c = e && e->kind == TCP_ENTRY_CONN ? LINKED(e, struct tcp_conn, entry) : NULL;
    return !c || sequence == c->iss || seq_within(sequence, c->snd_una, c->snd_max - c->snd_una);
}
/* Returns whether it was believed, which a script sees by what is sent. */
static bool icmp_told(const struct endpoint *local, const struct endpoint *remote, uint32_t sequence, uint32_t mtu, bool is_hard)
{
    if (mtu > 0)
        return tcp_path_mtu(world_tcp, local, remote, sequence, mtu);
    if (!is_in_flight(local, remote, sequence))
        setting_count("TcpExtOutOfWindowIcmps");
    tcp_unreachable(world_tcp, local, remote, sequence, is_hard);
    return true;
}
static void icmp_input(struct span message)
{
    struct icmp_quote q;
    if (icmp_error_decode(message, &q) != WIRE_OK || q.protocol != IPV4_TCP)
        return;
    struct endpoint local = { ip_from_v4(q.source), q.source_port }, remote = { ip_from_v4(q.destination), q.destination_port };
    (void)icmp_told(&local, &remote, q.sequence, q.is_too_big ? q.mtu : 0, q.is_hard);
}
static void icmpv6_input(struct span message)
{
    struct icmpv6_quote q;
    if (icmpv6_error_decode(message, &q) != WIRE_OK || q.protocol != IPV6_TCP)
        return;
    struct endpoint local = { q.source, q.source_port }, remote = { q.destination, q.destination_port };
    (void)icmp_told(&local, &remote, q.sequence, q.mtu, q.is_hard);
}

void wire_input(struct span packet)
{
    struct ipv4_header v4;
    struct ipv6_header v6;
    if (ipv4_decode(packet, packet.n, &v4) == WIRE_OK) {
        struct ip source = ip_from_v4(v4.source), destination = ip_from_v4(v4.destination);
        struct span payload = span_sub(packet, v4.header_bytes, v4.total_bytes - v4.header_bytes);
        if (v4.protocol == IPV4_TCP)
            segment_input(&source, &destination, payload, v4.traffic_class);
        else if (v4.protocol == IPV4_ICMP)
            icmp_input(payload);
    } else if (ipv6_decode(packet, packet.n, &v6) == WIRE_OK) {
        struct span payload = span_sub(packet, IPV6_HEADER_BYTES, v6.payload_bytes);
        if (v6.next_header == IPV6_TCP)
            segment_input(&v6.source, &v6.destination, payload, v6.traffic_class);
        else if (v6.next_header == IPV6_ICMPV6)
            icmpv6_input(payload);
    }
}

/* ---- Out */

static void enqueue(const struct tcp_out *out, struct span header, struct span payload)
{
    bool is_v4 = ip_is_v4(&out->dst);
    size_t at = is_v4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES, n = at + header.n + payload.n;
    REQUIRE(num_queued - num_taken < QUEUE_MAX);
    struct queued *q = &queue[num_queued++ % QUEUE_MAX];
    *q = (struct queued){ world_now, n, malloc(n) };
    REQUIRE(q->bytes);
    struct wr w = wr_of((struct mspan){ q->bytes, n });
    struct mspan head = wr_take(&w, at);
    if (is_v4)
        ipv4_encode(head, &(struct ipv4_header){ .total_bytes = n, .traffic_class = out->ecn, .time_to_live = 64, .protocol = IPV4_TCP,
                                                 .source = ip_v4(&out->src), .destination = ip_v4(&out->dst) });
    else
        ipv6_encode(head, &(struct ipv6_header){ .payload_bytes = n - at, .traffic_class = out->ecn, .hop_limit = 64,
                                                 .next_header = IPV6_TCP, .source = out->src, .destination = out->dst });
    wr_bytes(&w, header);
    wr_bytes(&w, payload);
    struct mspan transport = mspan_skip((struct mspan){ q->bytes, n }, at);
    struct checksum c = checksum_pseudo(SPAN(out->src.byte), SPAN(out->dst.byte), IPV4_TCP, transport.n);
    checksum_add(&c, span_of(transport));
    mspan_u16(transport, 16, checksum_field(&c));
}
/* A device that does not segment gets segments: the last one has the flags. */
static void send_cut(const struct tcp_out *out, struct mspan header, struct span payload)
{
    uint32_t seq = span_u32(span_of(header), 4);
    uint16_t flags = span_u16(span_of(header), 12);
    for (size_t at = 0; at < payload.n; at += out->gso_bytes) {
        bool is_last = payload.n - at <= out->gso_bytes;
        mspan_u32(header, 4, seq + (uint32_t)at);
        mspan_u16(header, 12, is_last ? flags : (uint16_t)(flags & ~(TCP_FIN | TCP_PSH)));
        enqueue(out, span_of(header), span_sub(payload, at, out->gso_bytes));
    }
}
static void send(const struct tcp_out *out, bool is_cut)
{
    static uint8_t payload[1 << 16];
    struct wr w = wr_of(MSPAN(payload));
    for (size_t i = 0; i < out->num_parts; i++)
        wr_bytes(&w, out->part[i]);
    struct mspan header = mspan_first(out->header_room, out->header_bytes);
    struct span bytes = span_first(SPAN(payload), wr_len(&w));
    if (is_cut && out->gso_bytes)
        send_cut(out, header, bytes);
    else
        enqueue(out, span_of(header), bytes);
}

void wire_output(void)
{
    uint8_t header[TCP_HEADER_BYTES_MAX];
    struct tcp_out out = { .header_room = MSPAN(header) };
    do {
        while (tcp_output(world_tcp, &out, world_now))
            send(&out, device_setting_is("gso", "off"));
    } while (sockets_go_on());
}
bool wire_is_empty(void)
{
    return num_taken == num_queued;
}
bool wire_take(struct mspan out, size_t *num_bytes, nanos *at)
{
    if (wire_is_empty())
        return false;
    struct queued *q = &queue[num_taken++ % QUEUE_MAX];
    *num_bytes = span_copy(out, (struct span){ q->bytes, q->n });
    *at = q->at;
    free(q->bytes);
    return true;
}
