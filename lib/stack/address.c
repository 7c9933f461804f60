// SPDX-License-Identifier: ISC
/* address.c - what depends on whose address it is: where packets go from and whom they wait for, and whom an error
 * about one concerns. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum { QUOTED_BYTES = 8 };            /* ports, and the sequence number of TCP */

bool host_is_group(const struct stack_host *h, const struct ip *a)
{
    return ip_is_v4(a) ? ipv4_is_multicast(ip_v4(a)) || ipv4_is_broadcast(&h->ip, ip_v4(a)) : ipv6_is_group(a);
}

static bool source_v4(const struct stack_host *h, uint32_t destination, struct ip *out)
{
    uint32_t next_hop = ipv4_next_hop(&h->ip, destination), source = ipv4_source(&h->ip, next_hop);
    *out = ip_from_v4(source);
    return h->ipv4_type && next_hop != 0 && (source != 0 || destination == IPV4_BROADCAST);     /* who has none yet asks all */
}

bool host_source(const struct stack_host *h, const struct ip *destination, struct ip *out)
{
    struct ip next_hop;
    if (ip_is_v4(destination))
        return source_v4(h, ip_v4(destination), out);
    return h->ndp && ndp_next_hop(h->ndp, destination, &next_hop) && ndp_source(h->ndp, destination, out);
}

void host_confirm(struct stack_host *h, const struct ip *destination)
{
    struct ip next_hop;
    if (ip_is_v4(destination))
        arp_confirm(&h->arp, ipv4_next_hop(&h->ip, ip_v4(destination)), h->now);
    else if (h->ndp && ndp_next_hop(h->ndp, destination, &next_hop))
        ndp_confirm(h->ndp, &next_hop, h->now);
}

/* ---- Errors about packets of ours */

/* RFC 5927, RFC 8201 section 4: could we have sent what it speaks of? Whoever forges an error has to guess that. TCP knows
 * what is in flight; datagrams leave no trace but their port, an echo none at all, so that errors about these are
 * believed at a bounded rate alone. */
static bool is_believable(struct stack_host *h, const struct host_report *r)
{
    if (r->protocol == IPV4_TCP)
        return tcp_path_mtu(h->tcp, &r->local, &r->remote, r->sequence, r->mtu);
    return (r->protocol != IPV4_UDP || (host_udp_has_port && host_udp_has_port(h, r->local.port))) &&
           icmp_limit_take(&h->believe_limit, h->now);
}

static void too_big(struct stack_host *h, const struct host_report *r)
{
    if (is_believable(h, r))
        pathmtu_lower(&h->pathmtu, &r->remote.ip, r->mtu, h->now);
    else
        count_up(&h->counters.forged_errors);
}

void host_report(struct stack_host *h, const struct host_report *r)
{
    log_debug(stack, "an error about our packet to %I, port %u", &r->remote.ip, r->remote.port);
    if (r->is_too_big)
        too_big(h, r);
    else if (r->protocol == IPV4_TCP)
        tcp_unreachable(h->tcp, &r->local, &r->remote, r->sequence, r->is_hard);
    else if (r->protocol == IPV4_UDP && host_udp_error)
        host_udp_error(h, r);
}

/* ---- What waited for its neighbour: whole frames of ours, but for the station; those of a datagram are a chain */

void host_send_held(struct stack_host *h, struct packet *frames, const struct mac *mac)
{
    for (struct packet *p = frames, *next; p; p = next) {
        next = p->next;
        p->next = NULL;
        (void)host_tx_room(h);
        (void)span_copy(MSPAN(p->data), SPAN(mac->byte));
        h->tx_frame[h->num_tx] = (struct tx_frame){ .part = { p->view }, .num_parts = 1 };
        host_commit(h, p);
    }
}

/* Whom a packet of ours speaks to, and what follows its header. */
static struct span report_v4(struct span packet, struct host_report *r)
{
    struct ipv4_header v4;
    if (ipv4_decode(packet, packet.n, &v4) != WIRE_OK)
        return (struct span){ 0 };
    *r = (struct host_report){ .protocol = v4.protocol, .local.ip = ip_from_v4(v4.source), .remote.ip = ip_from_v4(v4.destination) };
    return span_skip(packet, v4.header_bytes);
}

/* The transport header of a frame of ours; false: it has no ports. */
static bool has_ports(struct span frame, struct host_report *r)
{
    bool is_v6 = span_u16(frame, ETHERNET_HEADER_BYTES - 2) == ETHERNET_IPV6;
    struct span packet = span_skip(frame, ETHERNET_HEADER_BYTES);
    packet = is_v6 ? host_report_v6(packet, r) : report_v4(packet, r);
    if ((r->protocol != IPV4_TCP && r->protocol != IPV4_UDP) || packet.n < QUOTED_BYTES)
        return false;
    r->local.port = span_u16(packet, 0);
    r->remote.port = span_u16(packet, 2);
    r->sequence = span_u32(packet, 4);
    return true;
}

/* Nobody answers: for a connection that is opening that is the end (RFC 1122 section 4.2.3.9). */
void host_give_up_held(struct stack_host *h, struct packet *frames)
{
    struct host_report r = { 0 };
    count_up(&h->counters.unresolved);
    if (has_ports(frames->view, &r)) {
        r.is_hard = r.protocol == IPV4_TCP;
        host_report(h, &r);
    }
    packet_unref(frames);
}
