// SPDX-License-Identifier: ISC
/* receive.c - text and FIN of a segment (RFC 9293 section 3.10.7.4, seventh and eighth), when to acknowledge
 * (RFC 5681 section 4.2), and the window that is announced (RFC 9293 section 3.8.6). */
#include "lib/tcp/engine.h"

/* Cuts off what was received already, and what lies beyond the window or the peer's end; FIN goes with the latter. */
static void trim(struct tcp_conn *c, struct tcp_incoming *in)
{
    if (seq_lt(in->s.seq, c->rcv_nxt)) {
        uint32_t old = u32_min(c->rcv_nxt - in->s.seq, in->payload_bytes);
        if (old > 0)
            tcp_sack_list_duplicate(&c->sacks, in->s.seq, in->s.seq + old);
        packet_chain_skip(in->packet, old);
        in->payload_bytes -= old;
        in->s.seq += old;
    }
    uint32_t edge = c->has_rcv_fin ? seq_min(c->rcv_adv, c->rcv_fin) : c->rcv_adv;
    uint32_t room = seq_lt(in->s.seq, edge) ? edge - in->s.seq : 0;
    if (in->payload_bytes + ((in->s.flags & TCP_FIN) != 0) <= room)
        return;
    in->s.flags &= (uint8_t)~TCP_FIN;
    if (in->payload_bytes > room) {
        packet_chain_first(in->packet, room);
        in->payload_bytes = room;
    }
}

static void received_in_order(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    bool is_ours = in->packet->pool == t->packets;  /* else it takes none of those that others wait for */
    if (t->packets->num_free < t->unread.for_more)
        tcp_disorder_give_way(t);
    if (!tcp_receive_queue_append(&c->receive, in->packet, is_ours ? tcp_reserve_for(&t->unread, c->receive.num_bytes) : 0)) {
        count_up(&t->stats.dropped_no_memory);
        return;
    }
    c->rcv_nxt += in->payload_bytes;
    c->rcv_mss = (uint16_t)u32_max(c->rcv_mss, u32_min(in->payload_bytes, t->cfg.mss_bytes));
    tcp_conn_news(t, c, TCP_READABLE);
    if (!list_is_empty(&c->receive.disordered)) {
        tcp_disorder_close_gap(t, c);
    } else if (c->rcv_nxt - c->last_ack_sent >= 2 * (uint32_t)c->rcv_mss) {
        tcp_conn_ack_now(t, c);
    } else if (c->num_quick_acks > 0) {
        c->num_quick_acks--;
        tcp_conn_ack_now(t, c);
    } else {
        tcp_conn_delay_ack(t, c, in->now);
    }
}
void tcp_conn_received_text(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    if (tcp_conn_peer_has_finished(c)) {
        tcp_conn_ack_now(t, c);                     /* our acknowledgment of its FIN was lost */
        return;
    }
    trim(c, in);
    if (c->is_released && in->payload_bytes > 0) {
        tcp_reply_reset(t, in);                     /* RFC 9293 section 3.6.1: nobody will read it; it is where the peer expects us */
        tcp_conn_end(t, c, TCP_END_RESET);
        return;
    }
    if (in->s.flags & TCP_FIN) {
        c->has_rcv_fin = true;
        c->rcv_fin = in->s.seq + in->payload_bytes;
    }
    if (in->payload_bytes > 0 && in->s.seq == c->rcv_nxt)
        received_in_order(t, c, in);
    else if (in->payload_bytes > 0)
        tcp_disorder_keep(t, c, in);
    else
        tcp_conn_ack_now(t, c);
    if (c->has_rcv_fin && c->rcv_nxt == c->rcv_fin)
        tcp_conn_received_fin(t, c, in->now);
}

/* Where the right edge would be if it were announced now. It never moves left; it moves right in steps worth a segment
 * (RFC 9293 section 3.8.6.2.2). */
static uint32_t window_now(const struct tcp *t, const struct tcp_conn *c)
{
    uint32_t budget = c->receive_budget_bytes, old = c->rcv_adv - c->rcv_nxt;
    uint32_t room = c->receive.num_bytes < budget ? budget - (uint32_t)c->receive.num_bytes : 0;
    room = u32_min(room, (uint32_t)UINT16_MAX << c->agreed.rcv_wind_shift);
    return room >= old + u32_min(budget / 2, t->cfg.mss_bytes) ? room : old;
}
/* What is announced is a multiple of the scale: the edge is rounded up, since it may not move left. */
uint16_t tcp_conn_announce_window(const struct tcp *t, struct tcp_conn *c)
{
    uint8_t shift = c->agreed.rcv_wind_shift;
    uint32_t units = (window_now(t, c) + (UINT32_C(1) << shift) - 1) >> shift;
    units = u32_min(units, UINT16_MAX);
    c->rcv_adv = c->rcv_nxt + (units << shift);
    return (uint16_t)units;
}
bool tcp_conn_wants_window_update(const struct tcp *t, const struct tcp_conn *c)
{
    uint32_t budget = c->receive_budget_bytes, old = c->rcv_adv - c->rcv_nxt;
    return window_now(t, c) >= old + u32_min(budget / 2, 2 * (uint32_t)t->cfg.mss_bytes);
}
