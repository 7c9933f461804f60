// SPDX-License-Identifier: ISC
/* loopback.c - what is sent to ourselves: it is copied into packets of the pool, waits for the next round and comes in
 * behind its network header. Nobody on the wire can send there (ipv4_judge, is_good_source). */
#include "lib/stack/optional_v6.h"

bool host_loops(const struct stack_host *h, const struct ip *destination)
{
    bool is_loopback = ip_is_v4(destination) ? h->ipv4_type && ipv4_is_loopback(ip_v4(destination))
                                             : h->ipv6_type && ipv6_is_loopback(destination);
    return is_loopback || host_is_ours(h, destination);
}

bool host_local_for(const struct stack_host *h, const struct ip *destination, struct ip *out)
{
    if (!host_loops(h, destination))
        return host_source(h, destination, out);
    *out = *destination;
    return true;
}

/* ---- Out */

struct filling {
    struct stack_host *h;
    struct packet *head, *last;
    struct mspan room;
};

/* false: the pool is used up. */
static bool fill(struct filling *f, struct span s)
{
    while (s.n > 0) {
        if (f->room.n == 0) {
            struct packet *p = host_may_keep(f->h) ? packet_alloc(f->h->packets) : NULL;
            if (!p)
                return false;
            f->room = MSPAN(p->data);
            p->view = span_first(SPAN(p->data), 0);
            if (f->last)
                f->last->next = p;
            f->head = f->head ? f->head : p;
            f->last = p;
        }
        size_t num = span_copy(f->room, s);
        f->room = mspan_skip(f->room, num);
        f->last->view = span_first(SPAN(f->last->data), f->last->view.n + num);
        s = span_skip(s, num);
    }
    return true;
}

static bool fill_all(struct filling *f, const struct departure *d)
{
    uint8_t network[IPV6_HEADER_BYTES];
    bool is_v4 = ip_is_v4(&d->destination);
    struct pieces pieces = pieces_of(d);
    if (is_v4)
        host_write_ipv4(f->h, d, MSPAN(network));
    else
        host_write_ipv6(f->h, d, MSPAN(network));
    if (!fill(f, span_first(SPAN(network), is_v4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES)) ||
        !fill(f, span_first(span_of(host_tx_room(f->h)), d->header_bytes)))
        return false;
    for (size_t left = d->payload_bytes; left > 0;) {
        struct span s = pieces_next(d, &pieces, left);
        if (!fill(f, s))
            return false;
        left -= s.n;
    }
    return true;
}

void host_loop_back(struct stack_host *h, const struct departure *d)
{
    struct filling f = { .h = h };
    if (!fill_all(&f, d)) {
        count_up(&h->counters.low_on_packets);
        packet_unref(f.head);
        return;
    }
    list_push_back(&h->looped, &f.head->link);
    host_output_due(h);                         /* so that the next round comes at once */
}

/* ---- In */

static void receive(struct stack_host *h, struct packet *p)
{
    struct ipv4_header v4;
    struct ipv6_header v6;
    struct arrival a = { .packet = p, .is_verified = true, .is_looped = true, .quote = p->view };
    size_t header_bytes = IPV4_HEADER_BYTES;
    if (ipv4_decode(p->view, packet_chain_bytes(p), &v4) == WIRE_OK) {
        a.source = ip_from_v4(v4.source);
        a.destination = ip_from_v4(v4.destination);
        a.protocol = v4.protocol;
        a.ecn = v4.traffic_class & 3;
    } else {
        REQUIRE(ipv6_decode(p->view, packet_chain_bytes(p), &v6) == WIRE_OK);
        a.source = v6.source;
        a.destination = v6.destination;
        a.protocol = v6.next_header;
        a.ecn = v6.traffic_class & 3;
        header_bytes = IPV6_HEADER_BYTES;
    }
    packet_chain_skip(p, header_bytes);
    host_receive_transport(h, &a);
}

void host_receive_looped(struct stack_host *h)
{
    struct link *last = list_last(&h->looped);
    for (struct link *l = NULL; l != last && (l = list_pop_front(&h->looped));) {
        struct packet *p = LINKED(l, struct packet, link);
        count_up(&h->counters.looped);
        receive(h, p);
        packet_unref(p);
    }
}

void host_drop_looped(struct stack_host *h)
{
    for (struct link *l; (l = list_pop_front(&h->looped));)
        packet_unref(LINKED(l, struct packet, link));
}
