// SPDX-License-Identifier: ISC
/* close.c - how applications end a connection (RFC 9293 sections 3.10.4 and 3.10.5), and FIN, both ways. Resets are in established.c,
 * what time ends in conn.c. */
#include "lib/tcp/engine.h"

/* FIN-WAIT-1 and LAST-ACK begin with the wish: FIN goes out behind what is queued. */
void tcp_shutdown(struct tcp *t, struct tcp_conn *c, nanos now)
{
    (void)now;
    if (!tcp_conn_can_write(c))
        return;
    c->has_fin_to_send = true;
    if (c->state == TCP_ESTABLISHED)
        c->state = TCP_FIN_WAIT_1;
    else if (c->state == TCP_CLOSE_WAIT)
        c->state = TCP_LAST_ACK;
    tcp_conn_output(t, c);
}

void tcp_abort(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (c->state != TCP_CLOSED)
        tcp_conn_reset(t, c, TCP_END_RESET, now);
}

void tcp_release(struct tcp *t, struct tcp_conn *c, nanos now)
{
    REQUIRE(!c->is_released);
    c->is_released = true;
    list_remove(&c->news);
    if (c->state == TCP_CLOSED) {
        tcp_conn_free(t, c);
        return;
    }
    if (!tcp_conn_is_synchronized(c) || c->receive.num_bytes > 0) {
        tcp_conn_reset(t, c, TCP_END_RESET, now);
        return;
    }
    tcp_receive_queue_drop_disordered(&c->receive);
    tcp_sack_list_clear(&c->sacks);
    list_remove(&c->disordered);
    list_push_back(&t->orphans, &c->place);
    tcp_shutdown(t, c, now);
    if (c->state == TCP_FIN_WAIT_2)
        tcp_conn_set_timer(t, c, TCP_TIMER_LINGER, nanos_add(now, TCP_FIN_WAIT_2_MAX));
}

void tcp_conn_fin_acknowledged(struct tcp *t, struct tcp_conn *c, nanos now)
{
    c->has_fin_to_send = false;
    if (c->state == TCP_FIN_WAIT_1) {
        c->state = TCP_FIN_WAIT_2;
        if (c->is_released)
            tcp_conn_set_timer(t, c, TCP_TIMER_LINGER, nanos_add(now, TCP_FIN_WAIT_2_MAX));
    } else if (c->state == TCP_CLOSING) {
        tcp_time_wait_enter(t, c, now);
    } else if (c->state == TCP_LAST_ACK) {
        tcp_conn_end(t, c, TCP_END_ORDERLY);
    }
}
void tcp_conn_received_fin(struct tcp *t, struct tcp_conn *c, nanos now)
{
    c->rcv_nxt++;
    tcp_conn_ack_now(t, c);
    tcp_conn_news(t, c, TCP_READABLE);
    if (c->state == TCP_ESTABLISHED)
        c->state = TCP_CLOSE_WAIT;
    else if (c->state == TCP_FIN_WAIT_1)
        c->state = TCP_CLOSING;
    else
        tcp_time_wait_enter(t, c, now);
}
