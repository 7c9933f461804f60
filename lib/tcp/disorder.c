// SPDX-License-Identifier: ISC
/* disorder.c - text that arrives before what precedes it (RFC 9293 section 3.10.7.4): kept, reported, and given up. */
#include "lib/tcp/engine.h"

/* Out-of-order segments are what a lack of packets takes first: those of the connection that has had some longest. */
void tcp_disorder_give_way(struct tcp *t)
{
    struct link *l = list_pop_front(&t->disordered);
    if (!l)
        return;
    struct tcp_conn *c = LINKED(l, struct tcp_conn, disordered);
    tcp_receive_queue_drop_disordered(&c->receive);
    tcp_sack_list_clear(&c->sacks);
}
/* What arrived early is kept while there are packets enough. */
void tcp_disorder_keep(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    tcp_conn_ack_now(t, c);
    count_up(&t->stats.out_of_order);
    if (t->packets->num_free < t->num_free_for_disorder) {
        count_up(&t->stats.dropped_no_memory);
        return;
    }
    if (!tcp_receive_queue_keep(&c->receive, in->packet, in->s.seq, t->num_disordered_max))
        count_up(&t->stats.dropped_no_memory);
    else
        tcp_sack_list_add(&c->sacks, in->s.seq, in->s.seq + in->payload_bytes);
    if (!link_is_in_list(&c->disordered) && c->receive.num_disordered > 0)
        list_push_back(&t->disordered, &c->disordered);
}
void tcp_disorder_close_gap(struct tcp *t, struct tcp_conn *c)
{
    c->rcv_nxt = tcp_receive_queue_close_gap(&c->receive, c->rcv_nxt);
    tcp_sack_list_advance(&c->sacks, c->rcv_nxt);
    if (c->receive.num_disordered == 0)
        list_remove(&c->disordered);
    tcp_conn_ack_now(t, c);
}
