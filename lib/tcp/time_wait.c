// SPDX-License-Identifier: ISC
/* time_wait.c - TIME-WAIT (RFC 9293 section 3.6.1): two segment lifetimes in a small record of its own, the oldest of
 * which gives way. A SYN that is certainly new ends it early (RFC 1122 section 4.2.2.13, RFC 6191); resets do not
 * (RFC 1337). */
#include "lib/tcp/engine.h"

static void time_wait_free(struct tcp *t, struct tcp_time_wait *w)
{
    tcp_table_remove(&t->table, &w->entry);
    list_remove(&w->age);
    list_push_front(&t->free_time_waits, &w->age);
}
static struct tcp_time_wait *time_wait_take(struct tcp *t)
{
    if (list_is_empty(&t->free_time_waits) && t->num_time_waits_used < t->time_waits.n)
        return &AT(t->time_waits, t->num_time_waits_used++);
    if (list_is_empty(&t->free_time_waits) && !list_is_empty(&t->time_waits_by_age)) {
        count_up(&t->stats.time_wait_evicted);
        time_wait_free(t, LINKED(list_first(&t->time_waits_by_age), struct tcp_time_wait, age));
    }
    struct link *l = list_pop_front(&t->free_time_waits);
    return l ? LINKED(l, struct tcp_time_wait, age) : NULL;
}
static void stay(struct tcp *t, struct tcp_time_wait *w, nanos now)
{
    list_remove(&w->age);
    list_push_back(&t->time_waits_by_age, &w->age);
    w->until = nanos_add(now, TCP_TIME_WAIT);
}
static void acknowledge(struct tcp *t, const struct tcp_time_wait *w, nanos now)
{
    struct tcp_segment s = { .seq = w->snd_nxt, .ack = w->rcv_nxt, .flags = TCP_ACK, .window = w->window };
    tcp_reply_send(t, &w->entry.tuple, &s, &w->agreed, now);
}

void tcp_time_wait_enter(struct tcp *t, struct tcp_conn *c, nanos now)
{
    struct tcp_time_wait new = { .entry = { .kind = TCP_ENTRY_TIME_WAIT, .tuple = c->entry.tuple }, .snd_nxt = c->snd_max,
                                 .rcv_nxt = c->rcv_nxt, .agreed = c->agreed };
    bool ack_due = c->ack_due || c->ack_delayed;
    new.window = tcp_conn_announce_window(t, c);
    tcp_conn_end(t, c, TCP_END_ORDERLY);
    if (ack_due)
        acknowledge(t, &new, now);
    struct tcp_time_wait *w = time_wait_take(t);
    if (!w)
        return;
    *w = new;
    tcp_table_insert(&t->table, &w->entry);
    stay(t, w, now);
}

static bool is_new_syn(const struct tcp_time_wait *w, const struct tcp_incoming *in)
{
    if ((in->s.flags & (TCP_SYN | TCP_ACK | TCP_RST)) != TCP_SYN)
        return false;
    if (w->agreed.timestamps && in->s.opt.has_timestamps && w->agreed.ts_recent != in->s.opt.ts_val)
        return seq_lt(w->agreed.ts_recent, in->s.opt.ts_val);
    return seq_lt(w->rcv_nxt, in->s.seq);
}
void tcp_time_wait_input(struct tcp *t, struct tcp_time_wait *w, struct tcp_incoming *in)
{
    if (is_new_syn(w, in)) {
        uint32_t iss_min = w->snd_nxt + 1;
        time_wait_free(t, w);
        tcp_listen_input(t, in, &iss_min);
        return;
    }
    if (in->s.flags & TCP_RST)
        return;
    if (tcp_incoming_length(in) == 0 && in->s.seq == w->rcv_nxt)
        return;                         /* an acknowledgment that says nothing new */
    if (in->s.flags & TCP_FIN)
        stay(t, w, in->now);            /* ours of it was lost */
    if (tcp_may_challenge(&w->challenge_at, in->now))
        acknowledge(t, w, in->now);
}

void tcp_time_wait_tick(struct tcp *t, nanos now)
{
    for (struct link *l; (l = list_first(&t->time_waits_by_age)) != NULL;) {
        struct tcp_time_wait *w = LINKED(l, struct tcp_time_wait, age);
        if (now < w->until)
            return;
        time_wait_free(t, w);
    }
}
nanos tcp_time_wait_deadline(const struct tcp *t)
{
    struct link *l = list_first(&t->time_waits_by_age);
    return l ? LINKED(l, struct tcp_time_wait, age)->until : NEVER;
}
