// SPDX-License-Identifier: ISC
/* address.c - what depends on whose address it is: where packets go from and whom they wait for, and whom an error
 * about one concerns. */
#include "lib/stack/optional.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum { TCP_PORTS_BYTES = 8 };         /* and the sequence number */

bool host_source(const struct stack_host *h, const struct ip *destination, struct ip *out)
{
    struct ip next_hop;
    *out = ip_from_v4(h->ip.address);
    if (ip_is_v4(destination))
        return ipv4_next_hop(&h->ip, ip_v4(destination)) != 0;
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

static bool is_open_connection(const struct stack_host *h, const struct host_report *r)
{
    for (size_t i = 0; i < h->conns.n; i++) {
        const struct tcp_conn *t = AT(h->conns, i).tcp;
        if (!t)
            continue;
        struct endpoint local = tcp_local(t), remote = tcp_remote(t);
        if (local.port == r->local.port && remote.port == r->remote.port && ip_eq(&remote.ip, &r->remote.ip))
            return true;
    }
    return false;
}

/* RFC 5927, RFC 8201 section 4: could we have sent what it speaks of? Whoever forges an error has to guess that; an echo
 * leaves no trace, so that errors about one are believed at the bounded rate alone. */
static bool is_believable(struct stack_host *h, const struct host_report *r)
{
    if (!icmp_limit_take(&h->believe_limit, h->now))
        return false;
    if (r->protocol == IPV4_TCP)
        return is_open_connection(h, r);
    return r->protocol != IPV4_UDP || udp_ports_find(&h->udp_ports, r->local.port) != UDP_NO_PLACE;
}

void host_report(struct stack_host *h, const struct host_report *r)
{
    log_debug(stack, "an error about our packet to %I, port %u", &r->remote.ip, r->remote.port);
    if (r->is_too_big && is_believable(h, r)) {
        pathmtu_lower(&h->pathmtu, &r->remote.ip, r->mtu, h->now);
        if (r->protocol == IPV4_TCP)
            tcp_path_mtu(h->tcp, &r->local, &r->remote, r->sequence, r->mtu);
    }
    if (r->protocol == IPV4_TCP && !r->is_too_big)
        tcp_unreachable(h->tcp, &r->local, &r->remote, r->sequence, r->is_hard);
}

/* ---- What waited for its neighbour: whole frames of ours, but for the station */

void host_send_held(struct stack_host *h, struct packet *p, const struct mac *mac)
{
    (void)host_tx_room(h);
    (void)span_copy(MSPAN(p->data), SPAN(mac->byte));
    h->tx_frame[h->num_tx] = (struct tx_frame){ .part = { p->view }, .num_parts = 1 };
    host_commit(h, p);
}

/* The transport header of a frame of ours; false: it is none of TCP. */
static bool is_segment(const struct stack_host *h, struct span frame, struct host_report *r)
{
    struct ipv4_header v4;
    struct ipv6_header v6;
    struct span packet = span_skip(frame, ETHERNET_HEADER_BYTES);
    if (ipv4_decode(packet, packet.n, &v4) == WIRE_OK) {
        *r = (struct host_report){ .protocol = v4.protocol, .local.ip = ip_from_v4(v4.source), .remote.ip = ip_from_v4(v4.destination) };
        packet = span_skip(packet, v4.header_bytes);
    } else if (h->ndp && ipv6_decode(packet, packet.n, &v6) == WIRE_OK) {
        *r = (struct host_report){ .protocol = v6.next_header, .local.ip = v6.source, .remote.ip = v6.destination };
        packet = span_skip(packet, IPV6_HEADER_BYTES);
    }
    if (r->protocol != IPV4_TCP || packet.n < TCP_PORTS_BYTES)
        return false;
    r->local.port = span_u16(packet, 0);
    r->remote.port = span_u16(packet, 2);
    r->sequence = span_u32(packet, 4);
    return true;
}

/* Nobody answers: for a connection that is opening that is the end (RFC 1122 section 4.2.3.9). */
void host_give_up_held(struct stack_host *h, struct packet *p)
{
    struct host_report r = { 0 };
    count_up(&h->counters.unresolved);
    if (is_segment(h, p->view, &r)) {
        r.is_hard = true;
        host_report(h, &r);
    }
    packet_unref(p);
}
