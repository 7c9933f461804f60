// SPDX-License-Identifier: ISC
/* v4.c - IPv4 packets in, and the way out. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

static struct span options_of(const struct packet *p, const struct ipv4_header *ip)
{
    return span_sub(p->view, IPV4_HEADER_BYTES, ip->header_bytes - IPV4_HEADER_BYTES);
}

/* Groups are there where something joins one (multicast.c). */
static bool is_our_group(const struct stack_host *h, uint32_t group)
{
    return h->multicast && host_is_in_group(h, &(struct ip[]){ ip_from_v4(group) }[0]);
}

static void fragment(struct stack_host *h, const struct arrival *a, const struct ipv4_header *ip)
{
    host_fragment_input(h, a, &(struct reassembly_fragment){
        .key = { a->source, a->destination, ip->identification, ip->protocol }, .offset_bytes = ip->offset_bytes,
        .is_last = !ip->more_fragments, .protocol = ip->protocol, .packet = a->packet, .quote = a->quote,
        .ecn = a->ecn });
}

void host_ipv4_input(struct stack_host *h, struct packet *p, const struct frame_offload *offload, bool is_group)
{
    struct ipv4_header ip;
    if (ipv4_decode(p->view, packet_chain_bytes(p), &ip) != WIRE_OK) {
        count_up(&h->counters.bad_ipv4);
        return;
    }
    if (ip.header_bytes > IPV4_HEADER_BYTES && !ipv4_options_are_sound(options_of(p, &ip))) {
        count_up(&h->counters.bad_options);
        return;
    }
    enum ipv4_verdict verdict = ipv4_judge(&h->ip, &ip);
    if (verdict == IPV4_MULTICAST && !is_our_group(h, ip.destination))
        verdict = IPV4_NOT_OURS;
    switch (verdict) {
    case IPV4_NOT_OURS:
        count_up(&h->counters.not_our_ip);
        return;
    case IPV4_BAD_SOURCE:
        count_up(&h->counters.bad_source);
        return;
    case IPV4_MULTICAST:
    case IPV4_ACCEPT_BROADCAST:
    case IPV4_ACCEPT:
        break;
    }
    struct arrival a = { .source = ip_from_v4(ip.source), .destination = ip_from_v4(ip.destination), .protocol = ip.protocol,
                         .packet = p, .hop_limit = ip.time_to_live, .ecn = ip.traffic_class & 3,
                         .is_group = is_group || verdict != IPV4_ACCEPT,
                         .is_verified = offload->checksum_is_good || offload->needs_checksum };
    packet_chain_first(p, ip.total_bytes);
    a.quote = p->view;
    packet_chain_skip(p, ip.header_bytes);
    if (ip.is_fragment)
        fragment(h, &a, &ip);
    else
        host_receive_transport(h, &a);
}

bool host_way_v4(struct stack_host *h, const struct departure *d, struct way *way)
{
    uint32_t next_hop = ipv4_next_hop(&h->ip, ip_v4(&d->destination));
    if (next_hop == 0)
        return false;
    way->next_hop = ip_from_v4(next_hop);
    way->is_known = host_is_group(h, &way->next_hop);
    if (way->is_known)
        way->mac = ipv4_is_multicast(next_hop) ? ipv4_group_mac(next_hop) : ETHERNET_BROADCAST;
    else
        way->is_known = arp_find(&h->arp, next_hop, &way->mac, h->now);
    return true;
}

void host_write_ipv4(const struct stack_host *h, const struct departure *d, struct mspan header)
{
    struct ipv4_header ip = { .total_bytes = IPV4_HEADER_BYTES + d->header_bytes + d->payload_bytes,
                              .traffic_class = d->traffic_class, .time_to_live = host_hop_limit_v4(h, d),
                              .protocol = d->protocol, .source = ip_v4(&d->source), .destination = ip_v4(&d->destination) };
    ipv4_encode(header, &ip);
}
