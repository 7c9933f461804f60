// SPDX-License-Identifier: ISC
/* udp.c - UDP ports: datagrams wait in the packets that they came in, and are sent from copies. */
#include "lib/stack/optional_v6.h"
#include "lib/random/random.h"

/* Called where there are groups alone. */
extern __typeof__(host_leave_all) host_leave_all __attribute__((weak));
extern __typeof__(host_is_unwanted) host_is_unwanted __attribute__((weak));

enum { UDP_DATA_MAX_BYTES = UINT16_MAX - IPV4_HEADER_BYTES - UDP_HEADER_BYTES };

static struct udp_socket *socket_of(struct udp *u)
{
    return LINKED(u, struct udp_socket, udp);
}

/* ---- In */

/* Ports of an interface alone come before those of the stack. */
static struct udp_socket *socket_at(const struct stack_host *h, uint16_t port)
{
    size_t place = h->udp ? udp_ports_find(&h->udp->ports, port) : UDP_NO_PLACE;
    if (place != UDP_NO_PLACE)
        return &h->udp->socket[place];
    place = h->whole->udp ? udp_ports_find(&h->whole->udp->ports, port) : UDP_NO_PLACE;
    return place != UDP_NO_PLACE ? &h->whole->udp->socket[place] : NULL;
}

bool host_udp_has_port(const struct stack_host *h, uint16_t port)
{
    return socket_at(h, port) != NULL;
}

static bool is_peer(const struct udp_socket *u, const struct ip *ip, uint16_t port)
{
    return u->peer.port == port && ip_eq(&u->peer.ip, ip);
}

static void take(struct udp_socket *s, const struct arrival *a, uint16_t source_port)
{
    struct stack_host *h = s->host;
    if (ring_is_full(&s->ring) || !host_may_keep(h)) {
        count_up(ring_is_full(&s->ring) ? &h->counters.udp_queue_full : &h->counters.low_on_packets);
        return;
    }
    packet_chain_skip(a->packet, UDP_HEADER_BYTES);
    packet_ref(a->packet);
    AT(s->queue, ring_push(&s->ring)) = (struct udp_waiting){ a->packet, { a->source, source_port }, a->destination };
    (void)waitq_wake_one(&s->readers);
}

/* IPv6 wants a checksum (RFC 8200 section 8.1). */
static bool has_right_sum(const struct arrival *a, const struct udp_header *udp)
{
    if (udp->checksum == 0)
        return ip_is_v4(&a->source) || a->is_verified;
    return host_sums_right(a, host_pseudo(&a->source, &a->destination, IPV4_UDP, udp->length_bytes));
}

void host_udp_input(struct stack_host *h, const struct arrival *a)
{
    struct udp_header udp;
    if (udp_decode(a->packet->view, packet_chain_bytes(a->packet), &udp) != WIRE_OK) {
        count_up(&h->counters.bad_udp);
        return;
    }
    packet_chain_first(a->packet, udp.length_bytes);
    if (!has_right_sum(a, &udp)) {
        count_up(&h->counters.bad_udp_checksum);
        return;
    }
    struct udp_socket *s = socket_at(h, udp.destination_port);
    if (s && a->is_group && s->host->multicast && host_is_unwanted(s, &a->destination, &a->source))
        return;
    if (s && (s->peer.port == 0 || is_peer(s, &a->source, udp.source_port))) {
        take(s, a, udp.source_port);
        return;
    }
    count_up(&h->counters.udp_no_port);
    host_send_error(h, a, HOST_NO_PORT);
}

void host_udp_error(struct stack_host *h, const struct host_report *r)
{
    struct udp_socket *s = socket_at(h, r->local.port);
    if (!s || !is_peer(s, &r->remote.ip, r->remote.port))
        return;
    s->error = r->is_hard ? E_REFUSED : E_UNREACHABLE;
    waitq_wake_all(&s->readers);
}

/* ---- A port */

static err make_sockets(struct stack_host *h)
{
    void *memory;
    if (h->udp)
        return OK;
    TRY(heap_alloc(sizeof *h->udp, &memory));
    h->udp = memory;
    return OK;
}

err udp_open(struct stack *s, uint16_t port, struct udp **udp)
{
    return s->ops->udp_open(s, port, udp);
}

err host_udp_open(struct stack *s, uint16_t port, struct udp **udp)
{
    struct stack_host *h = host_of(s);
    *udp = NULL;
    TRY(make_sockets(h));
    struct udp_ports *ports = &h->udp->ports;
    if (port != 0 && udp_ports_find(ports, port) != UDP_NO_PLACE)
        return E_IN_USE;
    port = port != 0 ? port : udp_ports_ephemeral(ports, (uint32_t)random_u64());
    size_t place = udp_ports_open(ports, port);
    if (place == UDP_NO_PLACE)
        return E_NOMEM;
    struct udp_socket *u = &h->udp->socket[place];
    *u = (struct udp_socket){ .udp = { s }, .host = h, .place = place, .port = port, .ring = ring_of(STACK_UDP_QUEUE) };
    err e = HEAP_SLICE(STACK_UDP_QUEUE, &u->queue);
    if (e != OK) {
        udp_ports_close(ports, place);
        u->port = 0;
        return e;
    }
    *udp = &u->udp;
    return OK;
}

err host_udp_connect(struct udp *udp, const struct endpoint *peer)
{
    struct udp_socket *u = socket_of(udp);
    struct ip source;
    if (u->port == 0)
        return E_CLOSED;
    struct stack_host *via = host_via(u->host, &peer->ip);
    if (peer->port != 0 && (host_is_group(via, &peer->ip) || !host_local_for(via, &peer->ip, &source)))
        return E_UNREACHABLE;
    u->peer = *peer;
    u->error = OK;
    return OK;
}

void host_udp_set(struct udp *udp, const struct udp_options *o)
{
    socket_of(udp)->options = *o;
}

/* The error of what was sent before, once. */
static err take_error(struct udp_socket *u)
{
    err e = u->port == 0 ? E_CLOSED : u->error;
    u->error = OK;
    return e;
}

/* ---- Out */

struct way_out {
    struct stack_host *via;
    struct ip source;
};

/* A copy of the datagram, in as many packets as it needs. NULL: too few are left. */
static struct packet *copy_of(struct stack_host *h, struct span datagram)
{
    struct packet *head = NULL, **end = &head;
    while (datagram.n > 0) {
        struct packet *p = host_may_keep(h) ? packet_alloc(h->packets) : NULL;
        if (!p) {
            packet_unref(head);
            return NULL;
        }
        p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), datagram));
        datagram = span_skip(datagram, p->view.n);
        *end = p;
        end = &p->next;
    }
    return head;
}

static void send_datagram(struct udp_socket *u, const struct way_out *out, const struct endpoint *to, struct packet *copy)
{
    struct stack_host *h = out->via;
    size_t num_bytes = packet_chain_bytes(copy);
    struct udp_header udp = { .source_port = u->port, .destination_port = to->port, .length_bytes = UDP_HEADER_BYTES + num_bytes };
    bool is_group = host_is_group(h, &to->ip);
    uint8_t group_hops = u->options.multicast_hops ? u->options.multicast_hops : 1;
    udp_encode(host_tx_room(h), &udp);
    h->now = host_now(h);
    host_send(h, &(struct departure){ .source = out->source, .destination = to->ip, .protocol = IPV4_UDP,
                                      .header_bytes = UDP_HEADER_BYTES, .payload_bytes = num_bytes,
                                      .hop_limit = is_group ? group_hops : u->options.hop_limit,
                                      .traffic_class = u->options.traffic_class,
                                      .checksum_at = UDP_CHECKSUM_AT, .packet = copy });
    host_output_due(h);
}

/* Where it is to come from, if that is said: then its interface is the one to leave by (RFC 1122 section 3.3.4.2). */
static err choose_way(struct stack_host *h, const struct ip *wanted, const struct endpoint *to, struct way_out *out)
{
    out->via = host_via(h, &to->ip);
    if (!host_local_for(out->via, &to->ip, &out->source))
        return E_UNREACHABLE;
    if (!wanted || host_is_group(out->via, wanted))
        return OK;
    struct stack_host *owner = host_owner(h, wanted);
    bool is_ours = owner ? owner == h || h == h->whole : host_loops(out->via, wanted);
    if (!is_ours)
        return E_INVALID;
    out->source = *wanted;
    if (!owner || owner == out->via || host_loops(out->via, &to->ip))
        return OK;
    out->via = owner;
    return host_local_for(owner, &to->ip, &(struct ip){ 0 }) ? OK : E_UNREACHABLE;
}

err host_udp_send(struct udp *udp, const struct ip *wanted, const struct endpoint *to, struct span datagram)
{
    struct udp_socket *u = socket_of(udp);
    struct stack_host *h = u->host;
    struct way_out out;
    TRY(take_error(u));
    if (datagram.n > UDP_DATA_MAX_BYTES || to->port == 0)
        return E_INVALID;
    TRY(choose_way(h, wanted, to, &out));
    struct packet *copy = copy_of(h, datagram);
    if (!copy && datagram.n > 0) {
        count_up(&h->counters.low_on_packets);
        return E_NOMEM;
    }
    send_datagram(u, &out, to, copy);
    return OK;
}

err host_udp_receive(struct udp *udp, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at,
                     nanos deadline)
{
    struct udp_socket *u = socket_of(udp);
    *num_bytes = 0;
    for (;;) {
        TRY(take_error(u));
        if (!ring_is_empty(&u->ring))
            break;
        TRY(waitq_wait(&u->readers, deadline));
    }
    struct udp_waiting w = AT(u->queue, ring_pop(&u->ring));
    for (const struct packet *p = w.packet; p; p = p->next)
        out = mspan_skip(out, span_copy(out, p->view));
    *num_bytes = packet_chain_bytes(w.packet);
    *from = w.from;
    if (at)
        *at = w.at;
    packet_unref(w.packet);
    return OK;
}

void host_udp_close(struct udp *udp)
{
    struct udp_socket *u = socket_of(udp);
    if (u->port == 0)
        return;
    if (u->host->multicast)
        host_leave_all(u);
    while (!ring_is_empty(&u->ring))
        packet_unref(AT(u->queue, ring_pop(&u->ring)).packet);
    udp_ports_close(&u->host->udp->ports, u->place);
    heap_free(u->queue.p);
    u->port = 0;
    u->queue.p = NULL;
    u->queue.n = 0;
    waitq_wake_all(&u->readers);
}

void host_udp_close_all(struct stack_host *h)
{
    for (size_t i = 0; h->udp && i < UDP_PORTS_MAX; i++)
        host_udp_close(&h->udp->socket[i].udp);
}
