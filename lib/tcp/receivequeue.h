// SPDX-License-Identifier: ISC
/* receivequeue.h - what was received: bytes in order until they are read, and segments beyond a gap. Both are lists
 * of pool packets; small arrivals are copied into the room behind the last packet, so that a peer who sends byte by
 * byte does not take a packet for each.
 *
 * Segments beyond a gap are bounded in packets; what exceeds the bound is dropped, the peer will send it again. */
#ifndef LIB_TCP_RECEIVEQUEUE_H
#define LIB_TCP_RECEIVEQUEUE_H
#include "lib/packet/packet.h"

struct tcp_receive_queue {
    struct list in_order;           /* no packet is empty */
    struct list disordered;         /* sorted by tag, the sequence number; disjoint, none empty */
    size_t num_bytes;               /* in order */
    uint32_t num_disordered;        /* packets */
};

/* Takes the bytes of a chain, as references or copied. num_free_min: how many packets have to stay free where
 * this takes a reference. false: nothing was taken. */
MUST_CHECK bool tcp_receive_queue_append(struct tcp_receive_queue *q, struct packet *chain, uint32_t num_free_min);
/* Takes what is new of a chain that starts at seq, up to num_max packets in all; false: not everything was taken. */
MUST_CHECK bool tcp_receive_queue_keep(struct tcp_receive_queue *q, struct packet *chain, uint32_t seq, uint32_t num_max);
/* Moves what follows on rcv_nxt into order; returns the new rcv_nxt. */
uint32_t tcp_receive_queue_close_gap(struct tcp_receive_queue *q, uint32_t rcv_nxt);
struct span tcp_receive_queue_peek(const struct tcp_receive_queue *q);
void tcp_receive_queue_consume(struct tcp_receive_queue *q, size_t n);      /* at most all */
void tcp_receive_queue_drop_disordered(struct tcp_receive_queue *q);
void tcp_receive_queue_clear(struct tcp_receive_queue *q);

#endif
