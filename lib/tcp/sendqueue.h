// SPDX-License-Identifier: ISC
/* sendqueue.h - the bytes that were written and are not acknowledged yet, as a ring of chunks: stretches of pool
 * packets (copied writes) or of the writer's own memory (static). Acknowledging and sending move indices. */
#ifndef LIB_TCP_SENDQUEUE_H
#define LIB_TCP_SENDQUEUE_H
#include "base/ring.h"
#include "lib/tcp/tcp.h"

struct tcp_chunk {
    struct span bytes;              /* what of it is not acknowledged */
    struct packet *owner;           /* holds a reference; NULL: static */
};
struct tcp_place {                  /* in the queue: a chunk, counted from the oldest, and an offset in it */
    uint32_t chunk;
    size_t offset;
};
struct tcp_send_queue {
    SLICE(struct tcp_chunk) first, chunks;      /* the ring's memory, and what stands for its beginning */
    struct ring ring;               /* begins anew when it is empty, so that queues which are short touch no more than `first` */
    struct packet *filling;         /* where the next copied byte goes; NULL: a new packet. Its view: the bytes used */
    size_t num_bytes;
    size_t num_copied;              /* of them, those in packets */
    struct tcp_place next;          /* the first byte that was not sent (again) yet */
};

/* How many packets have to stay free where a queue takes its first, and where it takes more: for each that it holds,
 * for_each more. */
struct tcp_reserve {
    uint32_t for_first, for_more, for_each;
};
static inline uint32_t tcp_reserve_for(const struct tcp_reserve *r, size_t num_bytes_held)
{
    return num_bytes_held == 0 ? r->for_first : r->for_more + r->for_each * (uint32_t)(num_bytes_held / PACKET_DATA_BYTES);
}
/* Copies up to budget bytes, as far as the reserve allows; returns how many. */
size_t tcp_send_queue_copy(struct tcp_send_queue *q, struct packet_pool *pool, const struct tcp_reserve *reserve, struct span bytes,
                           size_t budget);
/* false: no chunk is free. */
MUST_CHECK bool tcp_send_queue_static(struct tcp_send_queue *q, struct span bytes);
/* Drops the oldest n bytes, at most all. What `next` pointed at before stays, unless it was dropped. */
void tcp_send_queue_acked(struct tcp_send_queue *q, size_t n);
void tcp_send_queue_rewind(struct tcp_send_queue *q);       /* next: the oldest byte */
void tcp_send_queue_clear(struct tcp_send_queue *q);

/* Moves the place by n bytes, which must be there. */
void tcp_send_queue_move(const struct tcp_send_queue *q, struct tcp_place *at, size_t n);
/* Notes up to n bytes from a place on in the parts of a segment, as many as fit. */
void tcp_send_queue_gather(const struct tcp_send_queue *q, struct tcp_place at, size_t n, struct tcp_out *out);

#endif
