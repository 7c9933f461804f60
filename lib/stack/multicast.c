// SPDX-License-Identifier: ISC
/* multicast.c - the groups that UDP ports join, and what is told to routers of them. */
#include "lib/stack/optional_v6.h"
#include "lib/random/random.h"

enum { NETWORK_CONTROL = 0xc0 };        /* RFC 3376 section 4: the precedence of its messages */

/* ---- Ports */

/* Which ports are in which group: a bit for each port's place. */
static bool is_member(const struct udp_socket *u, size_t place)
{
    return u->groups >> place & 1;
}

static size_t place_of(const struct multicast *m, const struct ip *group)
{
    size_t i = 0;
    while (i < MULTICAST_GROUPS && !(m->place[i].num_users > 0 && ip_eq(&m->place[i].group, group)))
        i++;
    return i;
}

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
    return u->stack->ops->udp_join(u, group);
}

err host_udp_join(struct udp *udp, const struct ip *group)
{
    struct udp_socket *u = socket_of(udp);
    struct stack_host *h = u->host;
    bool is_v4 = ip_is_v4(group);
    if (u->port == 0)
        return E_CLOSED;
    if (is_v4 ? !ipv4_is_multicast(ip_v4(group)) : !ipv6_is_group(group))
        return E_INVALID;
    if (is_v4 ? h->ipv4_type == 0 : !h->ndp)
        return E_UNREACHABLE;
    TRY(make_groups(h));
    size_t at = place_of(h->multicast, group);
    if (at < MULTICAST_GROUPS && is_member(u, at))
        return OK;
    if (!multicast_join(h->multicast, group, host_now(h)))
        return E_NOMEM;
    u->groups |= 1u << place_of(h->multicast, group);
    host_output_due(h);
    return OK;
}

static void leave(struct udp_socket *u, size_t at)
{
    struct stack_host *h = u->host;
    struct ip group = h->multicast->place[at].group;
    u->groups &= ~(1u << at);
    multicast_leave(h->multicast, &group, host_now(h));
    host_output_due(h);
}

void host_udp_leave(struct udp *udp, const struct ip *group)
{
    struct udp_socket *u = socket_of(udp);
    size_t at = u->port != 0 && u->host->multicast ? place_of(u->host->multicast, group) : MULTICAST_GROUPS;
    if (at < MULTICAST_GROUPS && is_member(u, at))
        leave(u, at);
}

void host_leave_all(struct udp_socket *u)
{
    for (size_t at = 0; at < MULTICAST_GROUPS; at++)
        if (is_member(u, at))
            leave(u, at);
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

/* Behind a header with a router alert (RFC 2113). */
static void send_igmp(struct stack_host *h, const struct multicast_outgoing *o)
{
    struct ipv4_header ip = { .total_bytes = IPV4_ALERT_HEADER_BYTES + o->num_bytes, .traffic_class = NETWORK_CONTROL,
                              .time_to_live = 1, .protocol = IPV4_IGMP, .source = h->ip.address[0].ip,
                              .destination = ip_v4(&o->destination) };
    struct mac mac = ipv4_group_mac(ip.destination);
    (void)span_copy(host_tx_room(h), span_first(SPAN(o->byte), o->num_bytes));
    host_begin_frame(h, &mac, ETHERNET_IPV4, IPV4_ALERT_HEADER_BYTES, o->num_bytes);
    ipv4_encode_alert(mspan_skip(MSPAN(h->tx_header[h->num_tx]), HOST_TRANSPORT_AT - IPV4_ALERT_HEADER_BYTES), &ip);
    host_commit(h, NULL);
}

void host_send_reports(struct stack_host *h)
{
    multicast_tick(h->multicast, h->now);
    for (struct multicast_outgoing out; multicast_output(h->multicast, &out);) {
        if (ip_is_v4(&out.destination))
            send_igmp(h, &out);
        else
            host_send_mld(h, &out);
    }
}
