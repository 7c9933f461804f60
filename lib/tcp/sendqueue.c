// SPDX-License-Identifier: ISC
/* sendqueue.c - see sendqueue.h. A packet is filled by consecutive copied writes, even when static spans were
 * queued in between: every chunk in it holds a reference. */
#include "lib/tcp/sendqueue.h"
#include "base/checked.h"

static struct tcp_chunk *place_of(const struct tcp_send_queue *q, uint32_t index)
{
    return index < q->first.n ? &AT(q->first, index) : &AT(q->chunks, index);
}
static struct tcp_chunk *chunk_at(const struct tcp_send_queue *q, uint32_t i)
{
    return place_of(q, ring_peek(&q->ring, i));
}
static void stop_filling(struct tcp_send_queue *q)
{
    if (q->filling)
        packet_unref(q->filling);
    q->filling = NULL;
}
static size_t room_of(const struct packet *p)
{
    return sizeof p->data - p->view.n;
}

/* Makes sure that there is a packet with room, and a chunk for what is put there. */
static bool has_room(struct tcp_send_queue *q, struct packet_pool *pool, const struct tcp_reserve *reserve)
{
    if (q->filling && room_of(q->filling) > 0)
        return !ring_is_full(&q->ring) || chunk_at(q, ring_len(&q->ring) - 1)->owner == q->filling;
    if (ring_is_full(&q->ring) || pool->num_free <= tcp_reserve_for(reserve, q->num_copied))
        return false;
    stop_filling(q);
    q->filling = packet_alloc(pool);
    return q->filling != NULL;
}
/* The last chunk where it lies in the packet that is being filled, hence ends where the filling does; or a new one. */
static struct tcp_chunk *chunk_to_extend(struct tcp_send_queue *q)
{
    if (!ring_is_empty(&q->ring)) {
        struct tcp_chunk *last = chunk_at(q, ring_len(&q->ring) - 1);
        if (last->owner == q->filling)
            return last;
    }
    struct tcp_chunk *c = place_of(q, ring_push(&q->ring));
    packet_ref(q->filling);
    *c = (struct tcp_chunk){ .owner = q->filling };
    return c;
}
static size_t copy_some(struct tcp_send_queue *q, struct span bytes)
{
    struct packet *p = q->filling;
    struct tcp_chunk *c = chunk_to_extend(q);
    size_t used = p->view.n, n = span_copy(mspan_skip(MSPAN(p->data), used), bytes);
    p->view = span_first(SPAN(p->data), used + n);
    c->bytes = span_skip(p->view, used - c->bytes.n);
    q->num_bytes += n;
    q->num_copied += n;
    return n;
}

size_t tcp_send_queue_copy(struct tcp_send_queue *q, struct packet_pool *pool, const struct tcp_reserve *reserve, struct span bytes,
                           size_t budget)
{
    struct span left = span_first(bytes, budget);
    size_t copied = 0;
    while (left.n > 0 && has_room(q, pool, reserve)) {
        size_t n = copy_some(q, left);
        left = span_skip(left, n);
        copied += n;
    }
    return copied;
}

bool tcp_send_queue_static(struct tcp_send_queue *q, struct span bytes)
{
    size_t sum;
    if (bytes.n == 0)
        return true;
    if (ring_is_full(&q->ring) || !size_add(q->num_bytes, bytes.n, &sum))
        return false;
    *place_of(q, ring_push(&q->ring)) = (struct tcp_chunk){ .bytes = bytes };
    q->num_bytes = sum;
    return true;
}

static void drop_oldest(struct tcp_send_queue *q)
{
    struct tcp_chunk *c = place_of(q, ring_pop(&q->ring));
    if (c->owner)
        packet_unref(c->owner);
    *c = (struct tcp_chunk){ 0 };
    q->next = q->next.chunk > 0 ? (struct tcp_place){ q->next.chunk - 1, q->next.offset } : (struct tcp_place){ 0 };
}
void tcp_send_queue_acked(struct tcp_send_queue *q, size_t n)
{
    n = size_min(n, q->num_bytes);
    q->num_bytes -= n;
    while (n > 0) {
        struct tcp_chunk *c = chunk_at(q, 0);
        size_t here = size_min(n, c->bytes.n);
        n -= here;
        if (c->owner)
            q->num_copied -= here;
        c->bytes = span_skip(c->bytes, here);
        if (c->bytes.n == 0)
            drop_oldest(q);
        else if (q->next.chunk == 0)
            q->next.offset = q->next.offset > here ? q->next.offset - here : 0;
    }
    if (q->num_bytes == 0) {
        stop_filling(q);
        q->ring.written = q->ring.read = 0;
    }
}
void tcp_send_queue_rewind(struct tcp_send_queue *q)
{
    q->next = (struct tcp_place){ 0 };
}
void tcp_send_queue_clear(struct tcp_send_queue *q)
{
    tcp_send_queue_acked(q, q->num_bytes);
}

/* A place at the end of the last chunk stays there: the chunk may grow. */
void tcp_send_queue_move(const struct tcp_send_queue *q, struct tcp_place *at, size_t n)
{
    while (n > 0) {
        size_t left = chunk_at(q, at->chunk)->bytes.n - at->offset;
        size_t here = size_min(n, left);
        at->offset += here;
        n -= here;
        if (n > 0)
            *at = (struct tcp_place){ .chunk = at->chunk + 1 };
    }
}

void tcp_send_queue_gather(const struct tcp_send_queue *q, struct tcp_place at, size_t n, struct tcp_out *out)
{
    out->num_parts = 0;
    out->payload_bytes = 0;
    while (n > 0 && at.chunk < ring_len(&q->ring) && out->num_parts < NUM_OF(out->part)) {
        struct span part = span_sub(chunk_at(q, at.chunk)->bytes, at.offset, n);
        at = (struct tcp_place){ .chunk = at.chunk + 1 };
        if (part.n == 0)
            continue;
        out->part[out->num_parts++] = part;
        out->payload_bytes += part.n;
        n -= part.n;
    }
}
