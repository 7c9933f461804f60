// SPDX-License-Identifier: ISC
/* v6.c - IPv6 packets in, the way out, and ICMPv6. */
#include "lib/stack/optional.h"
#include "lib/random/random.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum { ND_HOP_LIMIT = 255, MLD_HOP_LIMIT = 1, ROUTER_ALERT_BYTES = 8 };

/* ---- Start */

static bool is_zero(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (span_at(s, i) != 0)
            return false;
    return true;
}

err host_start_ipv6(struct stack_host *h, const struct stack_config *cfg)
{
    void *memory;
    if (h->net->mtu < IPV6_MTU_MIN)
        return E_INVALID;
    TRY(heap_alloc(sizeof *h->ndp, &memory));
    h->ndp = memory;
    h->ipv6_type = ETHERNET_IPV6;
    struct ndp_config ndp = { .mac = h->net->mac, .mtu = h->net->mtu, .seed = (uint32_t)random_u64(),
                              .accept_router_advertisements = cfg->accept_router_advertisements,
                              .is_opaque = cfg->ipv6_opaque, .has_temporary = cfg->ipv6_temporary };
    random_fill(MSPAN(ndp.secret));
    random_fill(MSPAN(ndp.temporary_key));
    if (!is_zero(SPAN(cfg->ipv6_secret)))
        (void)span_copy(MSPAN(ndp.secret), SPAN(cfg->ipv6_secret));
    ndp_init(h->ndp, &ndp, h->now);
    if (!ipv6_is_unspecified(&cfg->ipv6.ip) && !ndp_add_static(h->ndp, &cfg->ipv6, h->now))
        return E_INVALID;
    if (!ipv6_is_unspecified(&cfg->ipv6_gateway) && !ndp_add_gateway(h->ndp, &cfg->ipv6_gateway))
        return E_INVALID;
    return OK;
}

err stack_open_dual(struct net *net, const struct stack_config *cfg, struct stack **out)
{
    return stack_open_with(net, cfg, out);
}

/* ---- In */

static bool is_for_us(const struct stack_host *h, const struct ipv6_header *ip)
{
    if (!ipv6_is_group(&ip->destination))
        return ndp_is_ours(h->ndp, &ip->destination);
    return ndp_is_our_group(h->ndp, &ip->destination) || (h->multicast && host_is_in_group(h, &ip->destination));
}

/* Whoever speaks from an address of ours can at most tell us that it is not (RFC 4862 section 5.4.4). */
static bool is_good_source(const struct stack_host *h, const struct ipv6_header *ip)
{
    if (ipv6_is_unspecified(&ip->source))
        return ip->next_header == IPV6_ICMPV6;
    bool is_from_link = ip->next_header == IPV6_ICMPV6 && ip->hop_limit == ND_HOP_LIMIT;
    return ipv6_is_unicast(&ip->source) && (is_from_link || !ndp_is_ours(h->ndp, &ip->source));
}

static void fragment(struct stack_host *h, const struct arrival *a, const struct ipv6_extensions *x)
{
    host_fragment_input(h, a, &(struct reassembly_fragment){
        .key = { .source = a->source, .destination = a->destination, .identification = x->fragment.identification },
        .offset_bytes = x->fragment.offset_bytes, .is_last = x->fragment.is_last, .protocol = x->protocol, .packet = a->packet,
        .quote = a->quote, .ecn = a->ecn });
}

static void problem(struct stack_host *h, struct arrival *a, const struct ipv6_extensions *x, enum host_error error)
{
    a->pointer = x->pointer;
    host_send_error(h, a, error);
}

/* What is behind the header, where it is not the transport at once. */
static void extensions(struct stack_host *h, struct arrival *a)
{
    struct ipv6_extensions x;
    enum ipv6_verdict v = ipv6_walk(a->packet->view, a->protocol, &x);
    packet_chain_skip(a->packet, x.num_bytes);
    a->protocol = x.protocol;
    a->pointer = x.pointer;
    switch (v) {
    case IPV6_ACCEPT:
        if (x.protocol != IPV6_NO_NEXT)
            host_receive_transport(h, a);
        return;
    case IPV6_IS_FRAGMENT:
        fragment(h, a, &x);
        return;
    case IPV6_BAD_FIELD:
        problem(h, a, &x, HOST_BAD_FIELD);
        break;
    case IPV6_BAD_NEXT_HEADER:
        problem(h, a, &x, HOST_NO_PROTOCOL);
        break;
    case IPV6_BAD_OPTION:
        a->is_group = false;            /* RFC 4443 section 2.4 (e.3): the one error about a packet to a group */
        problem(h, a, &x, HOST_BAD_OPTION);
        break;
    case IPV6_BAD_OPTION_UNICAST:
        problem(h, a, &x, HOST_BAD_OPTION);
        break;
    case IPV6_DROP:
        break;
    }
    count_up(&h->counters.bad_ipv6);
}

void host_ipv6_input(struct stack_host *h, struct packet *p, const struct frame_offload *offload, const struct ethernet_header *eth)
{
    struct ipv6_header ip;
    if (ipv6_decode(p->view, packet_chain_bytes(p), &ip) != WIRE_OK) {
        count_up(&h->counters.bad_ipv6);
        return;
    }
    if (!is_for_us(h, &ip) || !is_good_source(h, &ip)) {
        count_up(is_for_us(h, &ip) ? &h->counters.bad_source : &h->counters.not_our_ip);
        return;
    }
    struct arrival a = { .source = ip.source, .destination = ip.destination, .protocol = ip.next_header, .packet = p,
                         .is_group = mac_is_group(&eth->destination) || ipv6_is_group(&ip.destination) || ipv6_is_unspecified(&ip.source),
                         .from = eth->source,
                         .is_verified = offload->checksum_is_good || offload->needs_checksum, .hop_limit = ip.hop_limit,
                         .ecn = ip.traffic_class & 3 };
    packet_chain_first(p, IPV6_HEADER_BYTES + ip.payload_bytes);
    a.quote = p->view;
    packet_chain_skip(p, IPV6_HEADER_BYTES);
    if (ip.next_header == IPV6_TCP || ip.next_header == IPV6_UDP || ip.next_header == IPV6_ICMPV6)
        host_receive_transport(h, &a);
    else
        extensions(h, &a);
}

/* ---- ICMPv6 */

/* The source of an answer: the address that was asked, unless a group was. */
static struct ip answer_from(const struct stack_host *h, const struct arrival *a)
{
    struct ip source;
    return ndp_is_ours(h->ndp, &a->destination) || !ndp_source(h->ndp, &a->source, &source) ? a->destination : source;
}

/* The data go back out of the packets that they came in. */
static void echo(struct stack_host *h, const struct arrival *a, const struct icmpv6_header *request)
{
    if (ipv6_is_unspecified(&a->source))
        return;
    packet_chain_skip(a->packet, ICMPV6_HEADER_BYTES);
    icmpv6_encode(host_tx_room(h), &(struct icmpv6_header){ .type = ICMPV6_ECHO_REPLY, .rest = request->rest });
    packet_ref(a->packet);
    host_send(h, &(struct departure){ .source = answer_from(h, a), .destination = a->source, .protocol = IPV6_ICMPV6,
                                      .header_bytes = ICMPV6_HEADER_BYTES, .payload_bytes = packet_chain_bytes(a->packet),
                                      .checksum_at = ICMPV6_CHECKSUM_AT, .packet = a->packet });
}

static void error_input(struct stack_host *h, const struct arrival *a)
{
    struct icmpv6_quote q;
    bool is_sound = icmpv6_error_decode(a->packet->view, &q) == WIRE_OK;
    if (!is_sound || (!ndp_is_ours(h->ndp, &q.source) && !ipv6_is_loopback(&a->destination))) {
        count_up(&h->counters.bad_icmp);
        return;
    }
    host_report(h, &(struct host_report){ q.protocol, { q.source, q.source_port }, { q.destination, q.destination_port },
                                          q.sequence, q.is_hard, q.mtu != 0, q.mtu });
}

void host_icmpv6_input(struct stack_host *h, const struct arrival *a)
{
    struct icmpv6_header m;
    if (icmpv6_decode(a->packet->view, &m) != WIRE_OK ||
        !host_sums_right(a, host_pseudo(&a->source, &a->destination, IPV6_ICMPV6, packet_chain_bytes(a->packet))))
        count_up(&h->counters.bad_icmp);
    else if (m.type == ICMPV6_ECHO_REQUEST && m.code == 0)
        echo(h, a, &m);
    else if (m.type < ICMPV6_INFORMATIONAL)
        error_input(h, a);
    else if (m.type == ICMPV6_MLD_QUERY || (m.type >= ICMPV6_ROUTER_SOLICITATION && m.type <= ICMPV6_REDIRECT))
        ndp_input(h->ndp, &(struct ndp_arrival){ a->source, a->destination, a->from, a->hop_limit, a->packet->view }, h->now);
    if (m.type == ICMPV6_MLD_QUERY && h->multicast)
        host_mld_query(h, a);
}

static struct icmpv6_header header_of(enum host_error error, uint32_t pointer)
{
    switch (error) {
    case HOST_NO_PORT:
        return (struct icmpv6_header){ .type = ICMPV6_UNREACHABLE, .code = ICMPV6_UNREACHABLE_PORT };
    case HOST_REASSEMBLY_TIME:
        return (struct icmpv6_header){ .type = ICMPV6_TIME_EXCEEDED, .code = ICMPV6_REASSEMBLY_TIME };
    case HOST_BAD_FIELD:
        return (struct icmpv6_header){ .type = ICMPV6_PARAMETER_PROBLEM, .code = ICMPV6_BAD_FIELD, .rest = pointer };
    case HOST_BAD_OPTION:
        return (struct icmpv6_header){ .type = ICMPV6_PARAMETER_PROBLEM, .code = ICMPV6_BAD_OPTION, .rest = pointer };
    case HOST_NO_PROTOCOL:
        break;
    }
    return (struct icmpv6_header){ .type = ICMPV6_PARAMETER_PROBLEM, .code = ICMPV6_BAD_NEXT_HEADER, .rest = pointer };
}

void host_send_error_v6(struct stack_host *h, const struct arrival *a, enum host_error error)
{
    struct span quote = span_first(a->quote, ICMPV6_QUOTE_MAX_BYTES);
    struct icmpv6_header header = header_of(error, a->pointer ? a->pointer : IPV6_NEXT_HEADER_AT);
    icmpv6_encode(host_tx_room(h), &header);
    packet_ref(a->packet);
    host_send(h, &(struct departure){ .source = answer_from(h, a), .destination = a->source, .protocol = IPV6_ICMPV6,
                                      .header_bytes = ICMPV6_HEADER_BYTES, .parts = { &quote, 1 }, .payload_bytes = quote.n,
                                      .checksum_at = ICMPV6_CHECKSUM_AT, .packet = a->packet });
}

/* ---- Names */

_Static_assert((size_t)STACK_NAME_SERVERS_MAX == (size_t)NDP_DNS_SERVERS_MAX, "what routers say is passed on whole");

void stack_names(const struct stack *s, struct stack_names *out)
{
    const struct stack_host *h = LINKED(s, const struct stack_host, stack);
    *out = (struct stack_names){ 0 };
    if (!h->ndp)
        return;
    const struct ndp_dns *dns = &h->ndp->dns;
    out->search = span_first(SPAN(dns->search), dns->search_bytes);
    for (; out->num_servers < dns->num_servers; out->num_servers++)
        out->server[out->num_servers] = dns->server[out->num_servers];
}

/* ---- Out */

bool host_way_v6(struct stack_host *h, const struct departure *d, struct way *way)
{
    if (!h->ndp || !ndp_next_hop(h->ndp, &d->destination, &way->next_hop))
        return false;
    way->mtu = h->ndp->mtu;
    way->is_known = ipv6_is_group(&way->next_hop);
    if (way->is_known)
        way->mac = ipv6_group_mac(&way->next_hop);
    else
        way->is_known = ndp_find(h->ndp, &way->next_hop, &way->mac, h->now);
    return true;
}

void host_write_ipv6(struct stack_host *h, const struct departure *d, struct mspan header)
{
    ipv6_encode(header, &(struct ipv6_header){ .next_header = d->protocol, .hop_limit = host_hop_limit_v6(h, d), .source = d->source,
                                               .traffic_class = d->traffic_class,
                                               .payload_bytes = d->header_bytes + d->payload_bytes, .destination = d->destination });
}

struct span host_report_v6(struct span packet, struct host_report *r)
{
    struct ipv6_header v6;
    if (ipv6_decode(packet, packet.n, &v6) != WIRE_OK)
        return (struct span){ 0 };
    bool is_fragment = v6.next_header == IPV6_FRAGMENT;         /* the first: what waits begins with it */
    uint8_t protocol = is_fragment ? span_at(packet, IPV6_HEADER_BYTES) : v6.next_header;
    *r = (struct host_report){ .protocol = protocol, .local.ip = v6.source, .remote.ip = v6.destination };
    return span_skip(packet, IPV6_HEADER_BYTES + (is_fragment ? IPV6_FRAGMENT_BYTES : 0));
}

void host_begin_fragment_v6(struct stack_host *h, const struct cut *c, size_t offset, size_t num, bool is_last)
{
    size_t network_bytes = IPV6_HEADER_BYTES + IPV6_FRAGMENT_BYTES;
    struct mspan header = mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - network_bytes);
    struct ipv6_header ip = { .next_header = IPV6_FRAGMENT, .payload_bytes = IPV6_FRAGMENT_BYTES + num, .source = c->d->source,
                              .hop_limit = host_hop_limit_v6(h, c->d), .traffic_class = c->d->traffic_class,
                              .destination = c->d->destination };
    host_begin_frame(h, &c->way->mac, ETHERNET_IPV6, network_bytes, offset == 0 ? c->transport.n : 0);
    ipv6_encode(header, &ip);
    ipv6_fragment_encode(mspan_skip(header, IPV6_HEADER_BYTES), c->d->protocol, offset, is_last, c->identification);
}

struct link_message {               /* ICMPv6 with its checksum, for the link alone */
    struct ip source, destination;
    struct mac mac;
    bool is_mld;
    struct span bytes;
};

/* `holds` is the packet in which the message lies, NULL: it is copied. RFC 3810 section 5: reports carry a router alert. */
static void send_message(struct stack_host *h, const struct link_message *m, struct packet *holds)
{
    static const uint8_t router_alert[ROUTER_ALERT_BYTES] = { IPV6_ICMPV6, 0, 5, 2, 0, 0, 1, 0 };
    struct span alert = span_first(SPAN(router_alert), m->is_mld ? ROUTER_ALERT_BYTES : 0);
    size_t room_bytes = holds ? 0 : m->bytes.n;
    struct ipv6_header ip = { .next_header = m->is_mld ? IPV6_HOP_BY_HOP : IPV6_ICMPV6, .payload_bytes = alert.n + m->bytes.n,
                              .hop_limit = m->is_mld ? MLD_HOP_LIMIT : ND_HOP_LIMIT, .source = m->source,
                              .destination = m->destination };
    (void)span_copy(host_tx_room(h), span_first(m->bytes, room_bytes));
    host_begin_frame(h, &m->mac, ETHERNET_IPV6, IPV6_HEADER_BYTES + alert.n, room_bytes);
    struct mspan header = mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - IPV6_HEADER_BYTES - alert.n);
    ipv6_encode(header, &ip);
    (void)span_copy(mspan_skip(header, IPV6_HEADER_BYTES), alert);
    if (holds)
        host_add_part(h, m->bytes);
    host_commit(h, holds);
}

void host_send_mld(struct stack_host *h, const struct ip *destination, struct packet *message)
{
    struct link_message m = { .source = ndp_report_source(h->ndp), .destination = *destination,
                              .mac = ipv6_group_mac(destination), .is_mld = true, .bytes = message->view };
    struct checksum c = host_pseudo(&m.source, &m.destination, IPV6_ICMPV6, m.bytes.n);
    checksum_add(&c, m.bytes);
    mspan_u16(MSPAN(message->data), ICMPV6_CHECKSUM_AT, checksum_field(&c));
    send_message(h, &m, message);
}

void host_send_ndp(struct stack_host *h)
{
    for (struct ndp_outgoing out; ndp_output(h->ndp, &out);)
        send_message(h, &(struct link_message){ out.source, out.destination, out.mac, out.is_mld,
                                                span_first(SPAN(out.byte), out.num_bytes) }, NULL);
}

static void note(const struct ndp_news *news)
{
    switch (news->note) {
    case NDP_ADDRESS_IS_OURS:
        log_info(stack, "%I is ours", &news->ip);
        break;
    case NDP_ADDRESS_IS_TAKEN:
        log_warning(stack, "%I is another station's, so it is not used", &news->ip);
        break;
    case NDP_ADDRESS_IS_OVER:
        log_info(stack, "%I is not valid any more", &news->ip);
        break;
    }
}

void host_ndp_news(struct stack_host *h)
{
    for (struct ndp_news news; ndp_poll(h->ndp, &news);)
        note(&news);
    for (struct ndp_resolved r; ndp_poll_resolved(h->ndp, &r);)
        for (size_t i = 0; i < r.num_waiting; i++) {
            if (r.is_found)
                host_send_held(h, r.waiting[i], &r.mac);
            else
                host_give_up_held(h, r.waiting[i]);
        }
}
