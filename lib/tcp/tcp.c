// SPDX-License-Identifier: ISC
/* tcp.c - the engine from above: time, and the calls of applications (RFC 9293 section 3.10). */
#include "lib/tcp/engine.h"

#define CHUNKS_FOR_ROOM 4

static void timer_fired(struct tcp *t, struct tcp_timer *timer, nanos now)
{
    switch ((enum tcp_timer_owner)timer->owner) {
    case TCP_TIMER_OF_CONN:
        tcp_conn_timer_fired(t, LINKED(timer, struct tcp_conn, timer), now);
        break;
    case TCP_TIMER_OF_HALF_OPEN:
        tcp_half_open_timer_fired(t, LINKED(timer, struct tcp_half_open, timer));
        break;
    }
}
void tcp_tick(struct tcp *t, nanos now)
{
    wheel_advance(&t->wheel, now);
    for (struct wheel_timer *w; (w = wheel_next_due(&t->wheel)) != NULL;)
        timer_fired(t, LINKED(w, struct tcp_timer, wheel), now);
    tcp_time_wait_tick(t, now);
}
nanos tcp_deadline(const struct tcp *t)
{
    return nanos_min(wheel_deadline(&t->wheel), tcp_time_wait_deadline(t));
}

struct tcp_conn *tcp_poll(struct tcp *t, unsigned *news)
{
    struct link *l = list_pop_front(&t->news);
    if (!l)
        return NULL;
    struct tcp_conn *c = LINKED(l, struct tcp_conn, news);
    *news = c->new_news;
    c->new_news = 0;
    return c;
}
void *tcp_user(const struct tcp_conn *c)
{
    return c->user;
}
void tcp_set_user(struct tcp_conn *c, void *user)
{
    c->user = user;
}
struct endpoint tcp_local(const struct tcp_conn *c)
{
    return (struct endpoint){ c->entry.tuple.local, c->entry.tuple.local_port };
}
struct endpoint tcp_remote(const struct tcp_conn *c)
{
    return (struct endpoint){ c->entry.tuple.remote, c->entry.tuple.remote_port };
}
enum tcp_end tcp_why(const struct tcp_conn *c)
{
    return (enum tcp_end)c->end;
}
const struct tcp_stats *tcp_stats(const struct tcp *t)
{
    return &t->stats;
}
size_t tcp_num_open(const struct tcp *t)
{
    return t->num_open;
}

/* RFC 9293 section 3.10.7.4: a reset flushes what was received. */
static bool is_flushed(const struct tcp_conn *c)
{
    return c->end != TCP_ALIVE && c->end != TCP_END_ORDERLY;
}
struct span tcp_peek(const struct tcp_conn *c)
{
    return is_flushed(c) ? (struct span){ 0 } : tcp_receive_queue_peek(&c->receive);
}
void tcp_consume(struct tcp *t, struct tcp_conn *c, size_t n, nanos now)
{
    tcp_receive_queue_consume(&c->receive, n);
    if (t->choosing)
        t->choosing->consumed(t, c, n, now);
    if (tcp_conn_is_synchronized(c) && !tcp_conn_peer_has_finished(c) && tcp_conn_wants_window_update(t, c))
        tcp_conn_ack_now(t, c);
}
bool tcp_at_end(const struct tcp_conn *c)
{
    return tcp_conn_peer_has_finished(c) && (c->receive.num_bytes == 0 || is_flushed(c));
}

bool tcp_has_room(const struct tcp *t, const struct tcp_conn *c, size_t num_bytes)
{
    size_t held = c->send.num_copied + num_bytes;
    return held <= c->send_budget_bytes && t->packets->num_free > tcp_reserve_for(&t->unsent, held) &&
           ring_room(&c->send.ring) >= CHUNKS_FOR_ROOM;
}
size_t tcp_write(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now)
{
    (void)now;
    c->chosen.has_more = false;
    if (bytes.n == 0 || !tcp_conn_can_write(c))
        return 0;
    size_t budget = c->send_budget_bytes - size_min(c->send.num_copied, c->send_budget_bytes);
    size_t n = tcp_send_queue_copy(&c->send, t->packets, &t->unsent, bytes, budget);
    c->wants_room = c->wants_room || n < bytes.n;
    if (n > 0)
        tcp_conn_output(t, c);
    return n;
}
bool tcp_write_static(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now)
{
    (void)now;
    if (!tcp_conn_can_write(c))
        return false;
    if (!tcp_send_queue_static(&c->send, bytes)) {
        c->wants_room = true;
        return false;
    }
    tcp_conn_output(t, c);
    return true;
}
bool tcp_is_sent(const struct tcp_conn *c)
{
    return c->send.num_bytes == 0;
}
