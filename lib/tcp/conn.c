// SPDX-License-Identifier: ISC
/* conn.c - connections as things that come and go: their places, their ends, news and timers. */
#include "lib/tcp/engine.h"
#include "lib/tcp/memory.h"

void tcp_conn_news(struct tcp *t, struct tcp_conn *c, unsigned news)
{
    if (c->is_released)
        return;
    c->new_news |= (uint8_t)news;
    if (!link_is_in_list(&c->news))
        list_push_back(&t->news, &c->news);
}

void tcp_conn_output(struct tcp *t, struct tcp_conn *c)
{
    if (!link_is_in_list(&c->output))
        list_push_back(&t->output_due, &c->output);
}

bool tcp_has_place(const struct tcp *t)
{
    return !list_is_empty(&t->free_conns) || t->num_conns_used < t->conns.n || !list_is_empty(&t->orphans);
}
static struct tcp_conn *take_place(struct tcp *t, nanos now)
{
    struct link *l = list_pop_front(&t->free_conns);
    struct tcp_conn *fresh = l ? NULL : tcp_fresh_conn(t);
    if (fresh)
        return fresh;
    struct link *orphan = list_first(&t->orphans);
    if (!l && orphan) {
        tcp_conn_reset(t, LINKED(orphan, struct tcp_conn, place), TCP_END_RESET, now);
        l = list_pop_front(&t->free_conns);
    }
    return l ? LINKED(l, struct tcp_conn, place) : NULL;
}

struct tcp_conn *tcp_conn_take(struct tcp *t, const struct tcp_tuple *tuple, nanos now)
{
    struct tcp_conn *c = take_place(t, now);
    if (!c)
        return NULL;
    struct tcp_send_queue send = { .first = c->send.first, .chunks = c->send.chunks, .ring = ring_of((uint32_t)c->send.chunks.n) };
    *c = (struct tcp_conn){ .entry = { .kind = TCP_ENTRY_CONN, .tuple = *tuple }, .send = send, .rto = tcp_rto_initial(),
                            .timer.owner = TCP_TIMER_OF_CONN, .send_budget_bytes = t->cfg.send_buffer_bytes,
                            .receive_budget_bytes = t->cfg.receive_buffer_bytes };
    tcp_recovery_init(c);
    tcp_table_insert(&t->table, &c->entry);
    t->num_open++;
    return c;
}

void tcp_conn_free(struct tcp *t, struct tcp_conn *c)
{
    REQUIRE(c->state == TCP_CLOSED);
    tcp_receive_queue_clear(&c->receive);
    list_remove(&c->news);
    list_remove(&c->place);
    list_push_front(&t->free_conns, &c->place);
    t->num_open--;
}

void tcp_conn_end(struct tcp *t, struct tcp_conn *c, enum tcp_end why)
{
    tcp_table_remove(&t->table, &c->entry);
    wheel_clear(&t->wheel, &c->timer.wheel);
    list_remove(&c->output);
    list_remove(&c->disordered);
    tcp_send_queue_clear(&c->send);
    tcp_recovery_end(t, c);
    tcp_receive_queue_drop_disordered(&c->receive);     /* what was peeked at stays until the release */
    if (c->fast_opening)
        c->fast_opening->ended(c);
    if (why == TCP_END_TIMEOUT)
        count_up(&t->stats.timeouts);
    c->state = TCP_CLOSED;
    c->end = (uint8_t)why;
    if (c->is_released)
        tcp_conn_free(t, c);
    else
        tcp_conn_news(t, c, TCP_ENDED);
}

/* RFC 9293 section 3.10.5: in the other states the peer has nothing left to lose. */
static bool is_worth_a_reset(const struct tcp_conn *c)
{
    switch ((enum tcp_state)c->state) {
    case TCP_SYN_RECEIVED:
    case TCP_ESTABLISHED:
    case TCP_FIN_WAIT_1:
    case TCP_FIN_WAIT_2:
    case TCP_CLOSE_WAIT:
        return true;
    case TCP_CLOSED:
    case TCP_SYN_SENT:
    case TCP_CLOSING:
    case TCP_LAST_ACK:
        break;
    }
    return false;
}
void tcp_conn_reset(struct tcp *t, struct tcp_conn *c, enum tcp_end why, nanos now)
{
    if (is_worth_a_reset(c)) {
        struct tcp_segment s = { .seq = tcp_conn_seq_to_ack_with(c), .ack = c->rcv_nxt, .flags = TCP_RST | TCP_ACK };
        tcp_reply_send(t, &c->entry.tuple, &s, &c->agreed, now);
    }
    tcp_conn_end(t, c, why);
}

void tcp_conn_wake(struct tcp *t, struct tcp_conn *c, nanos at)
{
    if (!wheel_timer_is_set(&c->timer.wheel) || at < c->timer.wheel.at)
        wheel_set(&t->wheel, &c->timer.wheel, at);
}
void tcp_conn_set_timer(struct tcp *t, struct tcp_conn *c, enum tcp_timer_kind kind, nanos at)
{
    c->timer_kind = (uint8_t)kind;
    c->timer_at = at;
    if (kind != TCP_TIMER_NONE)
        tcp_conn_wake(t, c, at);
}

void tcp_conn_rests(struct tcp *t, struct tcp_conn *c, nanos now)
{
    tcp_conn_set_timer(t, c, TCP_TIMER_NONE, NEVER);
    if (t->choosing)
        t->choosing->rests(t, c, now);
}

static void retransmission_due(struct tcp *t, struct tcp_conn *c, nanos now)
{
    bool is_opening = c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED;
    if (c->retries >= (is_opening ? TCP_SYN_RETRIES : TCP_RETRIES)) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return;
    }
    if (is_opening)
        c->syn_was_lost = true;
    c->retries++;
    tcp_rto_back_off(&c->rto);
    if (!is_opening) {
        tcp_recovery_timeout(t, c);
        return;
    }
    c->snd_nxt = c->snd_una;
    tcp_conn_output(t, c);
}
/* RFC 9293 section 3.8.6.1: for as long as the peer answers at all; nobody waits for a released connection's data. */
static void probe_due(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (c->retries >= TCP_RETRIES || (c->is_released && c->rto.backoff >= TCP_PROBES_WHEN_RELEASED)) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return;
    }
    c->retries++;
    tcp_rto_back_off(&c->rto);
    c->probe_due = true;
    tcp_conn_output(t, c);
}

static void due(struct tcp *t, struct tcp_conn *c, enum tcp_timer_kind kind, nanos now)
{
    if (c->fast_opening && c->fast_opening->timeout(t, c, now))
        return;
    switch (kind) {
    case TCP_TIMER_NONE:
        break;
    case TCP_TIMER_RETRANSMIT:
        retransmission_due(t, c, now);
        break;
    case TCP_TIMER_TAIL_PROBE:
        tcp_recovery_probe_timeout(t, c, now);
        break;
    case TCP_TIMER_REORDER:
        tcp_recovery_reorder_timeout(t, c, now);
        break;
    case TCP_TIMER_PERSIST:
        probe_due(t, c, now);
        break;
    case TCP_TIMER_KEEPALIVE:
        t->choosing->keepalive_due(t, c, now);
        break;
    case TCP_TIMER_LINGER:
        tcp_conn_end(t, c, TCP_END_TIMEOUT);
        break;
    }
}

void tcp_conn_timer_fired(struct tcp *t, struct tcp_conn *c, nanos now)
{
    enum tcp_timer_kind kind = c->timer_kind;
    if (t->choosing && t->choosing->gives_up(t, c, now)) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return;
    }
    if (c->ack_delayed && now >= c->ack_at)
        tcp_conn_ack_now(t, c);
    else if (c->ack_delayed)
        tcp_conn_wake(t, c, c->ack_at);
    if (kind != TCP_TIMER_NONE && now < c->timer_at) {
        tcp_conn_wake(t, c, c->timer_at);
    } else if (kind != TCP_TIMER_NONE) {
        c->timer_kind = TCP_TIMER_NONE;
        due(t, c, kind, now);
    }
}

void tcp_conn_delay_ack(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (c->ack_delayed)
        return;
    c->ack_delayed = true;
    c->ack_at = nanos_add(now, TCP_DELAYED_ACK);
    tcp_conn_wake(t, c, c->ack_at);
}
void tcp_conn_ack_now(struct tcp *t, struct tcp_conn *c)
{
    c->ack_due = true;
    c->ack_delayed = false;
    tcp_conn_output(t, c);
}

bool tcp_may_challenge(nanos *challenge_at, nanos now)
{
    if (now < *challenge_at)
        return false;
    *challenge_at = nanos_add(now, TCP_CHALLENGE_INTERVAL);
    return true;
}
void tcp_conn_challenge(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (!tcp_may_challenge(&c->challenge_at, now))
        return;
    count_up(&t->stats.challenge_acks);
    tcp_conn_ack_now(t, c);
}

void tcp_conn_first_round_trip(struct tcp_conn *c, nanos round_trip)
{
    tcp_rto_sample(&c->rto, round_trip);
    tcp_rack_round_trip(&c->recovery.rack, tcp_ticks(round_trip));
}
/* Everything that both SYNs decide is known. */
void tcp_conn_established(struct tcp *t, struct tcp_conn *c, const struct tcp_agreed *agreed, nanos now)
{
    c->agreed = *agreed;
    c->state = c->has_fin_to_send ? TCP_FIN_WAIT_1 : TCP_ESTABLISHED;
    c->snd_mss = (uint16_t)(agreed->mss - (agreed->timestamps ? TCP_TIMESTAMP_BYTES : 0));
    c->rcv_mss = TCP_MSS_DEFAULT;
    c->heard_at = now;
    c->num_quick_acks = TCP_QUICK_ACKS;
    c->retries = 0;
    if (c->syn_was_lost)
        c->rto.base_us = TCP_RTO_AFTER_SYN_LOSS / NS_PER_US;
    c->rto.backoff = 0;
    c->recovery.point = c->recovery.short_end = c->ecn_point = c->iss;
    tcp_congestion_init(&c->congestion, t->congestion, c->snd_mss, c->syn_was_lost);
    tcp_conn_rests(t, c, now);
}
