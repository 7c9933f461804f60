// SPDX-License-Identifier: ISC
/* send.c - from the engines to the device. Frames gather in a batch; headers are written in place into the slot of
 * the frame, the payload stays where it lies. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

enum {
    SEND_TRIES = 8,             /* at a device that takes nothing any more, before the rest is dropped */
    TCP_CHECKSUM_AT = 16,       /* RFC 9293 section 3.1 */
    DSCP = 0xfc,                /* of a traffic class */
};

struct mspan host_tx_room(struct stack_host *h)
{
    if (h->num_tx == HOST_TX_FRAMES)
        host_flush(h);
    return mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT);
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

void host_commit(struct stack_host *h, struct packet *holds)
{
    const struct tx_frame *f = &h->tx_frame[h->num_tx];
    for (size_t i = 0; i < f->num_parts; i++)
        h->counters.bytes_out += f->part[i].n;
    h->tx_packet[h->num_tx++] = holds;
}

void host_begin_frame(struct stack_host *h, const struct mac *to, uint16_t type, size_t network_bytes, size_t transport_bytes)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    size_t at = HOST_TRANSPORT_AT - network_bytes - ETHERNET_HEADER_BYTES;
    struct mspan header = mspan_sub(MSPAN(h->tx_header[h->num_tx]), at, ETHERNET_HEADER_BYTES + network_bytes + transport_bytes);
    struct wr w = wr_of(header);
    ethernet_encode(&w, &(struct ethernet_header){ .destination = *to, .source = h->net->mac, .type = type });
    f->part[0] = span_of(header);
    f->num_parts = 1;
    f->offload = (struct frame_offload){ 0 };
}

/* The transport checksum: by the device where it can, from the sum of the pseudo header on. */
static void write_checksum(struct stack_host *h, const struct departure *d, bool by_device)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    struct mspan transport = mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT);
    struct checksum c = host_pseudo(&d->source, &d->destination, d->protocol, d->header_bytes + d->payload_bytes);
    if (by_device) {
        mspan_u16(transport, d->checksum_at, checksum_sum(&c));
        f->offload = (struct frame_offload){ .needs_checksum = true, .checksum_offset = d->checksum_at,
                                             .checksum_start = (uint16_t)(f->part[0].n - d->header_bytes) };
        return;
    }
    host_write_sum(d, transport, c);
}

/* false: the payload is in too many pieces. */
static bool add_parts(struct stack_host *h, const struct departure *d)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    struct pieces pieces = pieces_of(d);
    for (size_t left = d->payload_bytes; left > 0; left -= f->part[f->num_parts++].n) {
        if (f->num_parts == FRAME_PARTS_MAX)
            return false;
        f->part[f->num_parts] = pieces_next(d, &pieces, left);
    }
    return true;
}

static void write_gso(struct stack_host *h, const struct departure *d, const struct way *way, size_t network_bytes)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    size_t fits = way->mtu - network_bytes - d->header_bytes;
    REQUIRE(f->offload.needs_checksum);
    f->offload.gso = ip_is_v4(&d->destination) ? FRAME_GSO_TCPV4 : FRAME_GSO_TCPV6;
    f->offload.gso_bytes = (uint16_t)size_min(d->gso_bytes, fits);
    f->offload.header_bytes = (uint16_t)f->part[0].n;
}

struct packet *host_copy_frame(struct stack_host *h)
{
    const struct tx_frame *f = &h->tx_frame[h->num_tx];
    struct packet *copy = host_may_keep(h) ? packet_alloc(h->packets) : NULL;
    if (!copy) {
        count_up(&h->counters.low_on_packets);
        return NULL;
    }
    struct wr w = wr_of(MSPAN(copy->data));
    for (size_t i = 0; i < f->num_parts; i++)
        wr_bytes(&w, f->part[i]);
    copy->view = wr_done(&w);
    return copy;
}

void host_hold(struct stack_host *h, const struct ip *next_hop, struct packet *frames)
{
    if (!frames)
        return;
    bool is_held = frames->view.n > 0 &&
                   (ip_is_v4(next_hop) ? arp_hold(&h->arp, ip_v4(next_hop), frames) : ndp_hold(h->ndp, next_hop, frames));
    if (!is_held) {
        count_up(&h->counters.unresolved);
        packet_unref(frames);
    }
}

static void write_network(struct stack_host *h, const struct departure *d, const struct way *way, size_t network_bytes)
{
    struct mspan header = mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - network_bytes);
    bool is_v4 = network_bytes == IPV4_HEADER_BYTES;
    host_begin_frame(h, &way->mac, is_v4 ? ETHERNET_IPV4 : ETHERNET_IPV6, network_bytes, d->header_bytes);
    if (is_v4)
        host_write_ipv4(h, d, header);
    else
        host_write_ipv6(h, d, header);
}

static void send_whole(struct stack_host *h, const struct departure *d, const struct way *way, size_t network_bytes)
{
    write_network(h, d, way, network_bytes);
    if (d->checksum_at > 0)
        write_checksum(h, d, d->gso_bytes > 0 || (way->is_known && h->net->features.send_checksum));
    bool is_complete = add_parts(h, d);
    if (d->gso_bytes > 0)
        write_gso(h, d, way, network_bytes);
    if (is_complete && way->is_known) {
        host_commit(h, d->packet);
        return;
    }
    if (!is_complete)
        count_up(&h->counters.scattered);
    else if (d->gso_bytes == 0)
        host_hold(h, &way->next_hop, host_copy_frame(h));
    packet_unref(d->packet);
}

void host_send(struct stack_host *h, const struct departure *d)
{
    if (host_leaves_by)
        h = host_leaves_by(h, d);
    struct way way = { .mtu = h->net->mtu };
    bool is_v4 = ip_is_v4(&d->destination);
    size_t network_bytes = is_v4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
    if (!(is_v4 ? host_way_v4(h, d, &way) : host_way_v6(h, d, &way))) {
        if (host_loops && host_loops(h, &d->destination))
            host_loop_back(h, d);
        else
            count_up(&h->counters.no_route);
        packet_unref(d->packet);
        return;
    }
    if (h->pathmtu.num > 0)
        way.mtu = pathmtu_to(&h->pathmtu, &d->destination, (uint32_t)way.mtu, h->now);
    if (d->gso_bytes > 0 || network_bytes + d->header_bytes + d->payload_bytes <= way.mtu)
        send_whole(h, d, &way, network_bytes);
    else
        host_send_fragments(h, d, &way);
}

/* ---- What the engines have */

static void send_arp(struct stack_host *h)
{
    for (struct arp_outgoing out; arp_output(&h->arp, &out);) {
        struct wr w = wr_of(host_tx_room(h));
        arp_encode(&w, &out.message);
        host_begin_frame(h, &out.destination, ETHERNET_ARP, 0, ARP_MESSAGE_BYTES);
        host_commit(h, NULL);
    }
}

static void send_own(struct stack_host *h)
{
    send_arp(h);
    if (h->ndp)
        host_send_ndp(h);
    if (h->multicast)
        host_send_reports(h);
    if (h->num_tx > 0)
        host_flush(h);
}

void host_output(struct stack_host *h)
{
    struct tcp_out *out = &h->tcp_out;
    for (;;) {
        out->header_room = host_tx_room(h);
        if (!tcp_output(h->tcp, out, h->now))
            break;
        host_send(h, &(struct departure){ .source = out->src, .destination = out->dst, .protocol = IPV4_TCP,
                                          .header_bytes = out->header_bytes, .parts = { out->part, out->num_parts },
                                          .payload_bytes = out->payload_bytes, .gso_bytes = out->gso_bytes,
                                          .traffic_class = (uint8_t)((h->traffic_class & DSCP) | out->ecn),
                                          .checksum_at = TCP_CHECKSUM_AT });
    }
    for (struct stack_host *i = h; i; i = i->next)
        send_own(i);
}

void host_arp_news(struct stack_host *h)
{
    for (struct arp_news news; arp_poll(&h->arp, &news);) {
        for (size_t i = 0; i < news.num_waiting; i++) {
            if (news.is_found)
                host_send_held(h, news.waiting[i], &news.mac);
            else
                host_give_up_held(h, news.waiting[i]);
        }
        if (!news.is_found)
            ipv4_gateway_failed(&h->ip, news.ip);
    }
    if (host_address_news)
        host_address_news(h);
}
