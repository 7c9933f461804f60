// SPDX-License-Identifier: ISC
/* fragment.c - datagrams in several packets: those that come are put together, those too large for their way are
 * cut. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

/* ---- In */

void host_fragment_input(struct stack_host *h, const struct arrival *a, const struct reassembly_fragment *f)
{
    struct reassembly_datagram d;
    if (!host_may_keep(h)) {
        count_up(&h->counters.low_on_packets);
        return;
    }
    if (!reassembly_input(&h->reassembly, f, h->now, &d))
        return;
    host_receive_transport(h, &(struct arrival){ .source = d.source, .destination = d.destination, .protocol = d.protocol,
                                                 .packet = d.packet, .quote = d.quote, .is_group = a->is_group, .ecn = d.ecn });
    packet_unref(d.packet);
}

void host_reassembly_news(struct stack_host *h)
{
    for (struct reassembly_datagram d; reassembly_poll(&h->reassembly, &d);) {
        host_send_error(h, &(struct arrival){ .source = d.source, .destination = d.destination, .packet = d.packet,
                                              .quote = d.quote, .is_group = !host_is_ours(h, &d.destination) },
                        HOST_REASSEMBLY_TIME);
        packet_unref(d.packet);
    }
}

/* ---- Out */

static void begin_v4(struct stack_host *h, const struct cut *c, size_t offset, size_t num, bool is_last)
{
    size_t transport_bytes = offset == 0 ? c->transport.n : 0;
    struct ipv4_header ip = { .total_bytes = IPV4_HEADER_BYTES + num, .time_to_live = host_hop_limit_v4(h, c->d),
                              .traffic_class = c->d->traffic_class, .protocol = c->d->protocol,
                              .is_fragment = true, .more_fragments = !is_last, .offset_bytes = offset,
                              .identification = (uint16_t)c->identification, .source = ip_v4(&c->d->source),
                              .destination = ip_v4(&c->d->destination) };
    host_begin_frame(h, &c->way->mac, ETHERNET_IPV4, IPV4_HEADER_BYTES, transport_bytes);
    ipv4_encode(mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - IPV4_HEADER_BYTES), &ip);
}

/* The piece in the next slot goes, or waits. false: no packet is left for that. */
static bool commit(struct stack_host *h, struct cut *c)
{
    if (!c->way->is_known) {
        *c->end = host_copy_frame(h);
        if (!*c->end)
            return false;
        c->end = &(*c->end)->next;
        return true;
    }
    if (c->d->packet)
        packet_ref(c->d->packet);
    host_commit(h, c->d->packet);
    return true;
}

/* false: the datagram is lost. */
static bool send_one(struct stack_host *h, struct cut *c, size_t offset, size_t num, bool is_last)
{
    (void)span_copy(host_tx_room(h), offset == 0 ? c->transport : (struct span){ 0 });
    if (ip_is_v4(&c->d->destination))
        begin_v4(h, c, offset, num, is_last);
    else
        host_begin_fragment_v6(h, c, offset, num, is_last);
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    for (size_t left = offset == 0 ? num - c->transport.n : num; left > 0; left -= f->part[f->num_parts++].n) {
        if (f->num_parts == FRAME_PARTS_MAX) {
            count_up(&h->counters.scattered);
            return false;
        }
        f->part[f->num_parts] = pieces_next(c->d, &c->pieces, left);
    }
    return commit(h, c);
}

static bool send_all(struct stack_host *h, struct cut *c)
{
    size_t total = c->transport.n + c->d->payload_bytes;
    size_t network_bytes = ip_is_v4(&c->d->destination) ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES + IPV6_FRAGMENT_BYTES;
    size_t most = (c->way->mtu - network_bytes) / REASSEMBLY_UNIT_BYTES * REASSEMBLY_UNIT_BYTES;
    for (size_t offset = 0, num; offset < total; offset += num) {
        num = size_min(most, total - offset);
        if (!send_one(h, c, offset, num, offset + num == total))
            return false;
    }
    return true;
}

/* TCP is told that the path takes less, as by a router, and sends that; fragments of its segments would be lost one by one, and many drop
 * those of IPv6 (RFC 8900). */
static bool tcp_sends_less(struct stack_host *h, const struct cut *c)
{
    if (c->d->protocol != IPV4_TCP)
        return false;
    struct endpoint local = { c->d->source, span_u16(c->transport, 0) }, remote = { c->d->destination, span_u16(c->transport, 2) };
    return tcp_path_mtu(h->tcp, &local, &remote, span_u32(c->transport, 4), (uint32_t)c->way->mtu);
}

void host_send_fragments(struct stack_host *h, const struct departure *d, const struct way *way)
{
    uint8_t transport[TCP_HEADER_BYTES_MAX];
    struct cut c = { .d = d, .way = way, .transport = span_first(SPAN(transport), d->header_bytes),
                     .identification = h->identification++, .pieces = pieces_of(d) };
    (void)span_copy(MSPAN(transport), span_first(span_of(host_tx_room(h)), d->header_bytes));
    if (d->checksum_at > 0)
        host_write_sum(d, MSPAN(transport), host_pseudo(&d->source, &d->destination, d->protocol, d->header_bytes + d->payload_bytes));
    c.end = &c.held;
    if (!tcp_sends_less(h, &c) && send_all(h, &c))
        host_hold(h, &way->next_hop, c.held);
    else
        packet_unref(c.held);
    packet_unref(d->packet);
}
