// SPDX-License-Identifier: ISC
/* udp.c - UDP ports: datagrams wait in the packets that they came in, and are sent from copies. */
#include "lib/stack/optional.h"
#include "lib/random/random.h"

enum { UDP_DATA_MAX_BYTES = UINT16_MAX - IPV4_HEADER_BYTES - UDP_HEADER_BYTES };

static struct udp_socket *socket_of(struct udp *u)
{
    return LINKED(u, struct udp_socket, udp);
}

void host_udp_input(struct stack_host *h, const struct arrival *a)
{
    struct udp_header udp;
    if (udp_decode(a->packet->view, packet_chain_bytes(a->packet), &udp) != WIRE_OK) {
        count_up(&h->counters.bad_udp);
        return;
    }
    packet_chain_first(a->packet, udp.length_bytes);
    if (udp.checksum != 0 &&
        !host_sums_right(a, host_pseudo(&a->source, &a->destination, IPV4_UDP, udp.length_bytes))) {
        count_up(&h->counters.bad_udp_checksum);
        return;
    }
    size_t place = udp_ports_find(&h->udp_ports, udp.destination_port);
    if (place == UDP_NO_PLACE) {
        count_up(&h->counters.udp_no_port);
        host_send_error(h, a, HOST_NO_PORT);
        return;
    }
    struct udp_socket *s = &h->socket[place];
    if (ring_is_full(&s->ring) || !host_may_keep(h)) {
        count_up(ring_is_full(&s->ring) ? &h->counters.udp_queue_full : &h->counters.low_on_packets);
        return;
    }
    packet_chain_skip(a->packet, UDP_HEADER_BYTES);
    packet_ref(a->packet);
    AT(s->queue, ring_push(&s->ring)) = (struct udp_waiting){ a->packet, { a->source, udp.source_port } };
    (void)waitq_wake_one(&s->readers);
}

err host_udp_open(struct stack *s, uint16_t port, struct udp **udp)
{
    struct stack_host *h = host_of(s);
    *udp = NULL;
    if (port != 0 && udp_ports_find(&h->udp_ports, port) != UDP_NO_PLACE)
        return E_IN_USE;
    port = port != 0 ? port : udp_ports_ephemeral(&h->udp_ports, (uint32_t)random_u64());
    size_t place = udp_ports_open(&h->udp_ports, port);
    if (place == UDP_NO_PLACE)
        return E_NOMEM;
    struct udp_socket *u = &h->socket[place];
    *u = (struct udp_socket){ .udp = { s }, .host = h, .place = place, .port = port, .ring = ring_of(STACK_UDP_QUEUE) };
    err e = HEAP_SLICE(STACK_UDP_QUEUE, &u->queue);
    if (e != OK) {
        udp_ports_close(&h->udp_ports, place);
        return e;
    }
    *udp = &u->udp;
    return OK;
}

/* A copy of the datagram, in as many packets as it needs. NULL: too few are left. */
static struct packet *copy_of(struct stack_host *h, struct span datagram)
{
    struct packet *head = NULL, **end = &head;
    while (datagram.n > 0) {
        struct packet *p = host_may_keep(h) ? packet_alloc(&h->packets) : NULL;
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

static void send_datagram(struct udp_socket *u, const struct ip *source, const struct endpoint *to, struct packet *copy)
{
    struct stack_host *h = u->host;
    size_t num_bytes = packet_chain_bytes(copy);
    struct udp_header udp = { .source_port = u->port, .destination_port = to->port, .length_bytes = UDP_HEADER_BYTES + num_bytes };
    udp_encode(host_tx_room(h), &udp);
    h->now = host_now(h);
    host_send(h, &(struct departure){ .source = *source, .destination = to->ip, .protocol = IPV4_UDP,
                                      .header_bytes = UDP_HEADER_BYTES, .payload_bytes = num_bytes,
                                      .checksum_at = UDP_CHECKSUM_AT, .packet = copy });
    host_output_due(h);
}

err host_udp_send(struct udp *udp, const struct endpoint *to, struct span datagram)
{
    struct udp_socket *u = socket_of(udp);
    struct stack_host *h = u->host;
    struct ip source;
    if (u->port == 0)
        return E_CLOSED;
    if (datagram.n > UDP_DATA_MAX_BYTES)
        return E_INVALID;
    if (!host_source(h, &to->ip, &source))
        return E_UNREACHABLE;
    struct packet *copy = copy_of(h, datagram);
    if (!copy && datagram.n > 0) {
        count_up(&h->counters.low_on_packets);
        return E_NOMEM;
    }
    send_datagram(u, &source, to, copy);
    return OK;
}

err host_udp_receive(struct udp *udp, struct mspan out, size_t *num_bytes, struct endpoint *from, nanos deadline)
{
    struct udp_socket *u = socket_of(udp);
    *num_bytes = 0;
    while (u->port != 0 && ring_is_empty(&u->ring))
        TRY(waitq_wait(&u->readers, deadline));
    if (u->port == 0)
        return E_CLOSED;
    struct udp_waiting w = AT(u->queue, ring_pop(&u->ring));
    for (const struct packet *p = w.packet; p; p = p->next)
        out = mspan_skip(out, span_copy(out, p->view));
    *num_bytes = packet_chain_bytes(w.packet);
    *from = w.from;
    packet_unref(w.packet);
    return OK;
}

void host_udp_close(struct udp *udp)
{
    struct udp_socket *u = socket_of(udp);
    if (u->port == 0)
        return;
    while (!ring_is_empty(&u->ring))
        packet_unref(AT(u->queue, ring_pop(&u->ring)).packet);
    udp_ports_close(&u->host->udp_ports, u->place);
    heap_free(u->queue.p);
    u->port = 0;
    u->queue.p = NULL;
    u->queue.n = 0;
    waitq_wake_all(&u->readers);
}
