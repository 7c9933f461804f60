// SPDX-License-Identifier: ISC
/* multicast.c - the groups that UDP ports join, and what is told to routers of them. */
#include "lib/stack/optional_v6.h"
#include "lib/random/random.h"

enum { NETWORK_CONTROL = 0xc0 };        /* RFC 3376 section 4: the precedence of its messages */

/* ---- Ports */

static struct udp_socket *socket_of(struct udp *u)
{
    return LINKED(u, struct udp_socket, udp);
}

static err make_groups(struct stack_host *h)
{
    void *memory;
    if (h->multicast)
        return OK;
    TRY(heap_alloc(sizeof *h->multicast, &memory));
    h->multicast = memory;
    multicast_init(h->multicast, (uint32_t)random_u64());
    return OK;
}

err udp_join(struct udp *u, const struct ip *group)
{
    return udp_join_sources(u, group, &(struct ip_sources){ .is_exclude = true });
}

err udp_join_sources(struct udp *u, const struct ip *group, const struct ip_sources *sources)
{
    return u->stack->ops->udp_join(u, group, sources);
}

static bool are_of(const struct ip_sources *sources, bool is_v4)
{
    for (size_t i = 0; i < sources->num && i < IP_SOURCES_MAX; i++)
        if (ip_is_v4(&sources->ip[i]) != is_v4)
            return false;
    return sources->num <= IP_SOURCES_MAX;
}

err host_udp_join(struct udp *udp, const struct ip *group, const struct ip_sources *sources)
{
    struct udp_socket *u = socket_of(udp);
    struct stack_host *h = u->host;
    bool is_v4 = ip_is_v4(group);
    if (u->port == 0)
        return E_CLOSED;
    if ((is_v4 ? !ipv4_is_multicast(ip_v4(group)) : !ipv6_is_group(group)) || !are_of(sources, is_v4))
        return E_INVALID;
    if (is_v4 ? h->ipv4_type == 0 : !h->ndp)
        return E_UNREACHABLE;
    TRY(make_groups(h));
    if (!multicast_listen(h->multicast, (uint32_t)u->place, group, sources, host_now(h)))
        return E_NOMEM;
    host_output_due(h);
    return OK;
}

void host_udp_leave(struct udp *udp, const struct ip *group)
{
    struct udp_socket *u = socket_of(udp);
    struct stack_host *h = u->host;
    if (u->port == 0 || !h->multicast)
        return;
    multicast_leave(h->multicast, (uint32_t)u->place, group, host_now(h));
    host_output_due(h);
}

void host_leave_all(struct udp_socket *u)
{
    multicast_leave_all(u->host->multicast, (uint32_t)u->place, host_now(u->host));
    host_output_due(u->host);
}

bool host_is_unwanted(struct udp_socket *u, const struct ip *group, const struct ip *source)
{
    struct multicast *m = u->host->multicast;
    if (!multicast_is_unwanted(m, (uint32_t)u->place, group, source))
        return false;
    count_up(&m->counters.unwanted);
    return true;
}

bool host_is_in_group(const struct stack_host *h, const struct ip *group)
{
    return multicast_is_in(h->multicast, group) || (ip_is_v4(group) && ip_v4(group) == IPV4_ALL_HOSTS);
}

/* ---- Messages */

void host_igmp_input(struct stack_host *h, const struct arrival *a)
{
    if (a->hop_limit != 1 || !ip_is_v4(&a->source) || !host_sums_right(a, (struct checksum){ 0 })) {
        count_up(&h->counters.bad_igmp);
        return;
    }
    multicast_input_igmp(h->multicast, a->packet->view, h->now);
}

void host_mld_query(struct stack_host *h, const struct arrival *a)
{
    if (a->hop_limit == 1 && ipv6_is_link_local(&a->source))
        multicast_input_mld(h->multicast, a->packet->view, h->now);
    else
        count_up(&h->counters.bad_igmp);
}

/* The message lies there until it is sent; NULL: too few packets are left. */
static struct packet *message_of(struct stack_host *h, const struct multicast_outgoing *o)
{
    struct packet *p = host_may_keep(h) ? packet_alloc(h->packets) : NULL;
    if (p)
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), span_first(SPAN(o->byte), o->num_bytes)));
    else
        count_up(&h->counters.low_on_packets);
    return p;
}

/* Behind a header with a router alert (RFC 2113). */
static void send_igmp(struct stack_host *h, const struct ip *destination, struct packet *message)
{
    struct ipv4_header ip = { .total_bytes = IPV4_ALERT_HEADER_BYTES + message->view.n, .traffic_class = NETWORK_CONTROL,
                              .time_to_live = 1, .protocol = IPV4_IGMP, .source = h->ip.address[0].ip,
                              .destination = ip_v4(destination) };
    struct mac mac = ipv4_group_mac(ip.destination);
    (void)host_tx_room(h);
    host_begin_frame(h, &mac, ETHERNET_IPV4, IPV4_ALERT_HEADER_BYTES, 0);
    ipv4_encode_alert(mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - IPV4_ALERT_HEADER_BYTES), &ip);
    host_add_part(h, message->view);
    host_commit(h, message);
}

void host_send_reports(struct stack_host *h)
{
    multicast_tick(h->multicast, h->now);
    for (struct multicast_outgoing out; multicast_output(h->multicast, &out);) {
        struct packet *message = message_of(h, &out);
        if (message && ip_is_v4(&out.destination))
            send_igmp(h, &out.destination, message);
        else if (message)
            host_send_mld(h, &out.destination, message);
    }
}
