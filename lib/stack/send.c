// SPDX-License-Identifier: ISC
/* send.c - from the engines to the device. Frames gather in a batch; headers are written in place into the slot of
 * the frame, the payload stays where it lies. */
#include "lib/stack/host.h"

enum {
    SEND_TRIES = 8,             /* at a device that takes nothing any more, before the rest is dropped */
    TCP_CHECKSUM_AT = 16,       /* RFC 9293 section 3.1 */
};

struct mspan host_tx_room(struct stack_host *h)
{
    if (h->num_tx == HOST_TX_FRAMES)
        host_flush(h);
    return mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_HEADERS_BYTES);
}

/* A full device gets a few more chances, since it may get room while we ask; then frames are dropped, the newest
 * first, as a network would. */
static size_t hand_over(struct stack_host *h)
{
    size_t num_sent = 0;
    for (int tries = SEND_TRIES; num_sent < h->num_tx && tries > 0; tries--)
        num_sent += net_send(h->net, &h->tx_frame[num_sent], h->num_tx - num_sent);
    return num_sent;
}

void host_flush(struct stack_host *h)
{
    size_t num_sent = hand_over(h);
    h->counters.frames_out += num_sent;
    h->counters.device_full += h->num_tx - num_sent;
    for (size_t i = 0; i < h->num_tx; i++) {
        packet_unref(h->tx_packet[i]);
        h->tx_packet[i] = NULL;
    }
    h->num_tx = 0;
}

/* The frame whose header lies in the next slot is complete. */
static void commit(struct stack_host *h, struct packet *holds)
{
    const struct tx_frame *f = &h->tx_frame[h->num_tx];
    for (size_t i = 0; i < f->num_parts; i++)
        h->counters.bytes_out += f->part[i].n;
    h->tx_packet[h->num_tx++] = holds;
}

static void begin_frame(struct stack_host *h, size_t header_bytes)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    f->part[0] = span_first(SPAN(h->tx_header[h->num_tx]), header_bytes);
    f->num_parts = 1;
    f->offload = (struct frame_offload){ 0 };
}

static void write_ethernet(struct stack_host *h, const struct mac *destination, uint16_t type)
{
    struct wr w = wr_of(MSPAN(h->tx_header[h->num_tx]));
    ethernet_encode(&w, &(struct ethernet_header){ .destination = *destination, .source = h->net->mac, .type = type });
}

static void write_ipv4(struct stack_host *h, const struct departure *d)
{
    struct ipv4_header ip = { .total_bytes = IPV4_HEADER_BYTES + d->header_bytes + d->payload_bytes, .time_to_live = IPV4_TTL,
                              .protocol = d->protocol, .source = h->ip.address, .destination = d->destination };
    ipv4_encode(mspan_skip(MSPAN(h->tx_header[h->num_tx]), ETHERNET_HEADER_BYTES), &ip);
}

/* The transport checksum: by the device where it can, from the sum of the pseudo header on. */
static void write_checksum(struct stack_host *h, const struct departure *d, bool by_device)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    struct mspan transport = mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_HEADERS_BYTES);
    struct checksum c = checksum_pseudo_v4(h->ip.address, d->destination, d->protocol, d->header_bytes + d->payload_bytes);
    if (by_device) {
        mspan_u16(transport, d->checksum_at, checksum_sum(&c));
        f->offload = (struct frame_offload){ .needs_checksum = true, .checksum_start = HOST_HEADERS_BYTES,
                                             .checksum_offset = d->checksum_at };
        return;
    }
    checksum_add(&c, span_first(span_of(transport), d->header_bytes));
    for (size_t i = 0; i < d->parts.n; i++)
        checksum_add(&c, AT(d->parts, i));
    uint16_t field = checksum_field(&c);
    bool zero_means_none = d->protocol == IPV4_UDP;
    mspan_u16(transport, d->checksum_at, field == 0 && zero_means_none ? 0xffff : field);
}

static void add_parts(struct stack_host *h, const struct departure *d)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    REQUIRE(d->parts.n < FRAME_PARTS_MAX);
    for (size_t i = 0; i < d->parts.n; i++)
        f->part[f->num_parts++] = AT(d->parts, i);
    if (d->gso_bytes == 0)
        return;
    REQUIRE(f->offload.needs_checksum);
    f->offload.gso = FRAME_GSO_TCPV4;
    f->offload.gso_bytes = d->gso_bytes;
    f->offload.header_bytes = (uint16_t)(HOST_HEADERS_BYTES + d->header_bytes);
}

/* The frame in the next slot waits, as a copy, until its neighbour is found. One that is too large is dropped: TCP
 * will send it again. */
static void hold(struct stack_host *h, uint32_t next_hop)
{
    const struct tx_frame *f = &h->tx_frame[h->num_tx];
    struct packet *copy = host_may_keep(h) ? packet_alloc(&h->packets) : NULL;
    if (!copy) {
        count_up(&h->counters.low_on_packets);
        return;
    }
    struct wr w = wr_of(MSPAN(copy->data));
    for (size_t i = 0; i < f->num_parts; i++)
        wr_bytes(&w, f->part[i]);
    copy->view = wr_done(&w);
    if (copy->view.n == 0 || !arp_hold(&h->arp, next_hop, copy)) {
        count_up(&h->counters.unresolved);
        packet_unref(copy);
    }
}

void host_send(struct stack_host *h, const struct departure *d)
{
    struct mac mac = { 0 };
    uint32_t next_hop = ipv4_next_hop(&h->ip, d->destination);
    if (next_hop == 0) {
        count_up(&h->counters.no_route);
        packet_unref(d->packet);
        return;
    }
    bool is_known = arp_find(&h->arp, next_hop, &mac, h->now);
    begin_frame(h, HOST_HEADERS_BYTES + d->header_bytes);
    write_ethernet(h, &mac, ETHERNET_IPV4);
    write_ipv4(h, d);
    if (d->checksum_at > 0)
        write_checksum(h, d, d->gso_bytes > 0 || (is_known && h->net->features.send_checksum));
    add_parts(h, d);
    if (is_known) {
        commit(h, d->packet);
        return;
    }
    if (d->gso_bytes == 0)
        hold(h, next_hop);
    packet_unref(d->packet);
}

/* ---- What the engines have */

static void send_arp(struct stack_host *h)
{
    for (struct arp_outgoing out; arp_output(&h->arp, &out);) {
        (void)host_tx_room(h);
        begin_frame(h, ETHERNET_HEADER_BYTES + ARP_MESSAGE_BYTES);
        write_ethernet(h, &out.destination, ETHERNET_ARP);
        struct wr w = wr_of(mspan_skip(MSPAN(h->tx_header[h->num_tx]), ETHERNET_HEADER_BYTES));
        arp_encode(&w, &out.message);
        commit(h, NULL);
    }
}

void host_output(struct stack_host *h)
{
    struct tcp_out *out = &h->tcp_out;
    for (;;) {
        out->header_room = host_tx_room(h);
        if (!tcp_output(h->tcp, out, h->now))
            break;
        host_send(h, &(struct departure){ .destination = ip_v4(&out->dst), .protocol = IPV4_TCP,
                                          .header_bytes = out->header_bytes, .parts = { out->part, out->num_parts },
                                          .payload_bytes = out->payload_bytes, .gso_bytes = out->gso_bytes,
                                          .checksum_at = TCP_CHECKSUM_AT });
    }
    send_arp(h);
    if (h->num_tx > 0)
        host_flush(h);
}

/* ---- What waited for ARP: whole frames of ours, but for the station */

static void send_held(struct stack_host *h, struct packet *p, const struct mac *mac)
{
    (void)host_tx_room(h);
    (void)span_copy(MSPAN(p->data), SPAN(mac->byte));
    begin_frame(h, 0);
    h->tx_frame[h->num_tx].part[0] = p->view;
    commit(h, p);
}

/* Nobody answers: for a connection that is opening that is the end (RFC 1122 section 4.2.3.9). */
static void give_up_held(struct stack_host *h, struct packet *p)
{
    struct ipv4_header ip;
    struct span packet = span_skip(p->view, ETHERNET_HEADER_BYTES), segment = span_skip(packet, IPV4_HEADER_BYTES);
    count_up(&h->counters.unresolved);
    if (ipv4_decode(packet, packet.n, &ip) == WIRE_OK && ip.protocol == IPV4_TCP && segment.n >= 8) {
        struct endpoint local = { ip_from_v4(ip.source), span_u16(segment, 0) };
        struct endpoint remote = { ip_from_v4(ip.destination), span_u16(segment, 2) };
        tcp_unreachable(h->tcp, &local, &remote, span_u32(segment, 4), true);
    }
    packet_unref(p);
}

void host_arp_news(struct stack_host *h)
{
    for (struct arp_news news; arp_poll(&h->arp, &news);)
        for (size_t i = 0; i < news.num_waiting; i++) {
            if (news.is_found)
                send_held(h, news.waiting[i], &news.mac);
            else
                give_up_held(h, news.waiting[i]);
        }
}
