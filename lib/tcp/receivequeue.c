// SPDX-License-Identifier: ISC
/* receivequeue.c - see receivequeue.h. The buffers of a chain are taken one by one, with a reference each. */
#include "lib/tcp/receivequeue.h"
#include "lib/tcp/memory.h"
#include "lib/tcp/seq.h"

#define COPY_BYTES_MAX 1024         /* larger arrivals fill their packets well enough themselves */

static struct packet *packet_of(struct link *e)
{
    return e ? LINKED(e, struct packet, link) : NULL;
}
static uint32_t end_of(const struct packet *p)
{
    return p->tag + (uint32_t)p->view.n;
}

/* Copies the bytes behind those of `tail`, if that is nobody else's and has room for all of them. */
static bool copy_behind(struct packet *tail, struct span bytes)
{
    if (!tail || tail->num_refs != 1 || bytes.n > COPY_BYTES_MAX)
        return false;
    struct mspan room = tcp_packet_room(tail);
    if (room.n < bytes.n)
        return false;
    tcp_packet_extend(tail, span_copy(room, bytes));
    return true;
}

bool tcp_receive_queue_append(struct tcp_receive_queue *q, struct packet *chain, uint32_t num_free_min)
{
    struct packet *tail = packet_of(list_last(&q->in_order));
    if (chain->next == NULL && copy_behind(tail, chain->view)) {
        q->num_bytes += chain->view.n;
        return true;
    }
    if (chain->pool->num_free < num_free_min)
        return false;
    for (struct packet *p = chain; p; p = p->next) {
        if (p->view.n == 0)
            continue;
        packet_ref(p);
        list_push_back(&q->in_order, &p->link);
        q->num_bytes += p->view.n;
    }
    return true;
}

/* Cuts from p what the packets kept have already, and drops those that p covers. Returns the packet behind which p
 * belongs; NULL: at the front. What p has beyond the next one is cut off: the peer will send it again. */
static struct packet *trim_to_gap(struct tcp_receive_queue *q, struct packet *p, uint32_t seq)
{
    struct link *before = list_last(&q->disordered);
    struct packet *behind = NULL;
    while (before && seq_lt(seq, packet_of(before)->tag)) {
        behind = packet_of(before);
        before = list_prev(&q->disordered, before);
    }
    p->tag = seq;
    if (before && seq_lt(seq, end_of(packet_of(before)))) {
        uint32_t overlap = end_of(packet_of(before)) - seq;
        p->view = span_skip(p->view, overlap);
        p->tag += overlap;
    }
    while (behind && p->view.n > 0 && seq_leq(end_of(behind), end_of(p))) {
        struct packet *covered = behind;
        behind = packet_of(list_next(&q->disordered, &covered->link));
        list_remove(&covered->link);
        q->num_disordered--;
        packet_unref(covered);
    }
    if (behind && p->view.n > 0 && seq_lt(behind->tag, end_of(p)))
        p->view = span_first(p->view, behind->tag - p->tag);
    return packet_of(before);
}
static bool keep_one(struct tcp_receive_queue *q, struct packet *p, uint32_t seq, uint32_t num_max)
{
    struct packet *before = trim_to_gap(q, p, seq);
    if (p->view.n == 0)
        return true;
    if (before && end_of(before) == p->tag && copy_behind(before, p->view))
        return true;
    if (q->num_disordered >= num_max)
        return false;
    packet_ref(p);
    if (before)
        list_insert_behind(&before->link, &p->link);
    else
        list_push_front(&q->disordered, &p->link);
    q->num_disordered++;
    return true;
}

bool tcp_receive_queue_keep(struct tcp_receive_queue *q, struct packet *chain, uint32_t seq, uint32_t num_max)
{
    for (struct packet *p = chain; p; p = p->next) {
        uint32_t n = (uint32_t)p->view.n;
        if (n > 0 && !keep_one(q, p, seq, num_max))
            return false;
        seq += n;
    }
    return true;
}

uint32_t tcp_receive_queue_close_gap(struct tcp_receive_queue *q, uint32_t rcv_nxt)
{
    struct packet *p;
    while ((p = packet_of(list_first(&q->disordered))) != NULL && seq_leq(p->tag, rcv_nxt)) {
        list_remove(&p->link);
        q->num_disordered--;
        p->view = span_skip(p->view, rcv_nxt - p->tag);
        if (p->view.n == 0 || copy_behind(packet_of(list_last(&q->in_order)), p->view)) {
            rcv_nxt += (uint32_t)p->view.n;
            q->num_bytes += p->view.n;
            packet_unref(p);
            continue;
        }
        rcv_nxt += (uint32_t)p->view.n;
        q->num_bytes += p->view.n;
        list_push_back(&q->in_order, &p->link);
    }
    return rcv_nxt;
}

struct span tcp_receive_queue_peek(const struct tcp_receive_queue *q)
{
    struct packet *p = packet_of(list_first(&q->in_order));
    return p ? p->view : (struct span){ 0 };
}

void tcp_receive_queue_consume(struct tcp_receive_queue *q, size_t n)
{
    struct packet *p;
    while (n > 0 && (p = packet_of(list_first(&q->in_order))) != NULL) {
        size_t here = n < p->view.n ? n : p->view.n;
        n -= here;
        q->num_bytes -= here;
        p->view = span_skip(p->view, here);
        if (p->view.n > 0)
            break;
        list_remove(&p->link);
        packet_unref(p);
    }
}

static void drop_all(struct list *l)
{
    for (struct link *e; (e = list_pop_front(l)) != NULL;)
        packet_unref(packet_of(e));
}
void tcp_receive_queue_drop_disordered(struct tcp_receive_queue *q)
{
    drop_all(&q->disordered);
    q->num_disordered = 0;
}
void tcp_receive_queue_clear(struct tcp_receive_queue *q)
{
    tcp_receive_queue_drop_disordered(q);
    drop_all(&q->in_order);
    q->num_bytes = 0;
}
