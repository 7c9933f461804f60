// SPDX-License-Identifier: ISC
/* transport.c - from the IP payload to TCP, UDP and ICMP, and the errors that we answer with. */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

enum { ECN_CE = 3 };

bool host_sums_right(const struct arrival *a, struct checksum c)
{
    if (a->is_verified)
        return true;
    for (const struct packet *p = a->packet; p; p = p->next)
        checksum_add(&c, p->view);
    return checksum_is_right(&c);
}

static struct icmp_header error_v4(enum host_error error, struct span quote)
{
    switch (error) {
    case HOST_NO_PROTOCOL:
        return icmp_error(ICMP_UNREACHABLE, ICMP_UNREACHABLE_PROTOCOL, quote);
    case HOST_NO_PORT:
        return icmp_error(ICMP_UNREACHABLE, ICMP_UNREACHABLE_PORT, quote);
    case HOST_REASSEMBLY_TIME:
    case HOST_BAD_FIELD:
    case HOST_BAD_OPTION:
        break;
    }
    return icmp_error(ICMP_TIME_EXCEEDED, ICMP_REASSEMBLY_TIME, quote);
}

/* RFC 1122 section 3.2.2: never about a broadcast; and at a bounded rate. */
void host_send_error(struct stack_host *h, const struct arrival *a, enum host_error error)
{
    if (a->is_group)
        return;
    if (!icmp_limit_take(&h->icmp_limit, h->now)) {
        count_up(&h->counters.errors_limited);
        return;
    }
    if (!ip_is_v4(&a->source)) {
        host_send_error_v6(h, a, error);
        return;
    }
    struct span quote = span_first(a->quote, ICMP_QUOTE_MAX_BYTES);
    struct icmp_header header = error_v4(error, quote);
    icmp_encode(host_tx_room(h), &header);
    packet_ref(a->packet);
    host_send(h, &(struct departure){ .source = a->destination, .destination = a->source, .protocol = IPV4_ICMP,
                                      .header_bytes = ICMP_HEADER_BYTES, .parts = { &quote, 1 }, .payload_bytes = quote.n,
                                      .packet = a->packet });
}

/* The data go back out of the packets that they came in. */
static void echo(struct stack_host *h, const struct arrival *a, const struct icmp_header *request)
{
    if (a->is_group)
        return;
    struct icmp_header reply = icmp_echo_reply(request);
    packet_chain_skip(a->packet, ICMP_HEADER_BYTES);
    icmp_encode(host_tx_room(h), &reply);
    packet_ref(a->packet);
    host_send(h, &(struct departure){ .source = a->destination, .destination = a->source, .protocol = IPV4_ICMP,
                                      .header_bytes = ICMP_HEADER_BYTES, .payload_bytes = packet_chain_bytes(a->packet),
                                      .packet = a->packet });
}

/* Only what we send to ourselves comes from 127.0.0.1. */
static bool is_quoted_from_us(const struct stack_host *h, const struct arrival *a, const struct icmp_quote *q)
{
    return ipv4_is_ours(&h->ip, q->source) || ipv4_is_loopback(ip_v4(&a->destination));
}

static void error_input(struct stack_host *h, const struct arrival *a)
{
    struct icmp_quote q;
    if (icmp_error_decode(a->packet->view, &q) != WIRE_OK || !is_quoted_from_us(h, a, &q)) {
        count_up(&h->counters.bad_icmp);
        return;
    }
    host_report(h, &(struct host_report){ q.protocol, { ip_from_v4(q.source), q.source_port },
                                          { ip_from_v4(q.destination), q.destination_port }, q.sequence, q.is_hard,
                                          q.is_too_big, q.mtu });
}

static void icmp_input(struct stack_host *h, const struct arrival *a)
{
    struct icmp_header m;
    if (icmp_decode(a->packet->view, &m) != WIRE_OK || !host_sums_right(a, (struct checksum){ 0 }))
        count_up(&h->counters.bad_icmp);
    else if (m.type == ICMP_ECHO_REQUEST && m.code == 0)
        echo(h, a, &m);
    else if (m.type == ICMP_UNREACHABLE || m.type == ICMP_TIME_EXCEEDED || m.type == ICMP_PARAMETER_PROBLEM)
        error_input(h, a);
}

static void tcp_segment_input(struct stack_host *h, const struct arrival *a)
{
    size_t num_bytes = packet_chain_bytes(a->packet);
    if (a->is_group)
        return;
    if (!host_sums_right(a, host_pseudo(&a->source, &a->destination, IPV4_TCP, num_bytes))) {
        count_up(&h->counters.bad_tcp_checksum);
        return;
    }
    struct tcp_arrival segment = { .src = a->source, .dst = a->destination, .packet = a->packet, .is_ce = a->ecn == ECN_CE };
    tcp_batch_input(h->tcp, &segment, h->now);
}

void host_receive_transport(struct stack_host *h, const struct arrival *a)
{
    if (host_is_forged && host_is_forged(h, a))
        return;
    switch (a->protocol) {
    case IPV4_TCP:
        tcp_segment_input(h, a);
        break;
    case IPV4_UDP:
        if (host_udp_input) {
            host_udp_input(h, a);
        } else {
            count_up(&h->counters.udp_no_port);
            host_send_error(h, a, HOST_NO_PORT);
        }
        break;
    default:
        if (a->protocol == IPV4_IGMP && h->multicast) {
            host_igmp_input(h, a);
        } else if (a->protocol == IPV4_ICMP && ip_is_v4(&a->source)) {
            icmp_input(h, a);
        } else if (a->protocol == IPV6_ICMPV6 && !ip_is_v4(&a->source)) {
            host_icmpv6_input(h, a);
        } else {
            count_up(&h->counters.unknown_protocol);
            host_send_error(h, a, HOST_NO_PROTOCOL);
        }
    }
}
