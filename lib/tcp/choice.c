// SPDX-License-Identifier: ISC
/* choice.c - what an application chose for a connection: what waits for more, keepalive (RFC 9293 section 3.8.4), the user timeout,
 * which is ours alone (RFC 5482 without its option), budget and mark of its send queue, what its handshake offers; and for how long it
 * was held up by what. Linked where something is chosen. */
#include "lib/tcp/autosize.h"

/* ---- What is sent when */

/* Nagle's algorithm as Minshall improved it: only a segment that is not full makes the next one wait. */
static bool holds(const struct tcp_conn *c)
{
    const struct tcp_chosen *h = &c->chosen;
    bool nagle = h->choices.nagle && tcp_conn_has_short(c);
    return (nagle || h->choices.cork || (h->has_more && h->waits_at == c->snd_una)) && !c->has_fin_to_send;
}
static uint32_t unsent_bytes(const struct tcp_conn *c)
{
    size_t in_flight = c->snd_nxt - c->snd_una;
    return u32_saturate(c->send.num_bytes - size_min(in_flight, c->send.num_bytes));
}
/* The mark is kept by the budget: what was sent makes room, up to it. */
static void set_budget(const struct tcp *t, struct tcp_conn *c)
{
    const struct tcp_choices *h = &c->chosen.choices;
    uint32_t most = t->cfg.send_buffer_bytes, mark = h->unsent_mark_bytes, unsent = u32_min(unsent_bytes(c), mark);
    most = h->auto_buffers && h->send_budget_bytes == 0 ? tcp_autosize_send(t, c) : most;
    c->send_budget_bytes = h->send_budget_bytes ? u32_min(h->send_budget_bytes, most) : most;
    if (mark > 0)
        c->send_budget_bytes = u32_min(c->send_budget_bytes, u32_saturate(c->send.num_copied + (mark - unsent)));
}
size_t tcp_write_more(struct tcp *t, struct tcp_conn *c, struct span bytes, nanos now)
{
    tcp_choose(t, c, &c->chosen.choices, now);
    size_t n = tcp_write(t, c, bytes, now);
    c->chosen.has_more = n > 0;
    c->chosen.waits_at = c->snd_una;
    return n;
}

/* ---- How long it waits */

/* The oldest octets in flight were sent at that time or before. */
static nanos unacknowledged_since(const struct tcp_conn *c, nanos now)
{
    uint32_t ticks = tcp_ticks(now) - tcp_sent_log_find(&c->recovery.log, c->snd_una).at;
    return c->recovery.log.num > 0 ? nanos_sub(now, (nanos)ticks << TCP_TICK_SHIFT) : NEVER;
}
/* The timer is due at the latest when the user's time is over. */
static bool gives_up(struct tcp *t, struct tcp_conn *c, nanos now)
{
    nanos at = nanos_add(unacknowledged_since(c, now), from_ms(c->chosen.choices.user_timeout_ms));
    if (c->chosen.choices.user_timeout_ms == 0 || at == NEVER)
        return false;
    if (now < at)
        tcp_conn_wake(t, c, at);
    return now >= at;
}

static nanos idle_time(const struct tcp_conn *c)
{
    return from_s(c->chosen.choices.keepalive_idle_s);
}
static void rests(struct tcp *t, struct tcp_conn *c, nanos now)
{
    set_budget(t, c);
    if (c->chosen.choices.auto_buffers && c->chosen.round_at == 0)
        tcp_autosize_begin(t, c, now);
    if (c->chosen.choices.keepalive_idle_s > 0)
        tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, nanos_add(now, idle_time(c)));
}
/* The timer is not moved by what arrives; it looks when that was. */
static void keepalive_due(struct tcp *t, struct tcp_conn *c, nanos now)
{
    nanos silent_at = nanos_add(c->heard_at, idle_time(c)), timeout = from_ms(c->chosen.choices.user_timeout_ms);
    if (c->retries == 0 && now < silent_at) {
        tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, silent_at);
        return;
    }
    if (c->retries >= TCP_KEEPALIVE_PROBES || (timeout > 0 && c->retries > 0 && now >= nanos_add(c->heard_at, timeout))) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return;
    }
    c->retries++;
    c->keepalive_due = true;
    tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, nanos_add(now, TCP_KEEPALIVE_INTERVAL));
    tcp_conn_output(t, c);
}

static void consumed(struct tcp *t, struct tcp_conn *c, size_t num_bytes, nanos now)
{
    if (c->chosen.choices.auto_buffers && c->chosen.round_at > 0)
        tcp_autosize_consumed(t, c, num_bytes, now);
}

/* ---- What it waited for */

static enum tcp_limit limit_of(const struct tcp_conn *c)
{
    uint32_t in_flight = c->snd_nxt - c->snd_una, unsent = unsent_bytes(c);
    if (c->send.num_bytes == 0)
        return TCP_LIMIT_IDLE;
    if (unsent == 0)
        return c->wants_room ? TCP_LIMIT_BUDGET : TCP_LIMIT_PATH;
    bool path_takes = tcp_conn_pipe(c) + u32_min(unsent, c->snd_mss) <= c->congestion.cwnd;
    bool window_takes = c->snd_wnd >= in_flight + u32_min(unsent, c->snd_mss);
    return path_takes && !window_takes ? TCP_LIMIT_WINDOW : TCP_LIMIT_PATH;
}
static nanos lasted(const struct tcp_chosen *h, enum tcp_limit limit, nanos now)
{
    return h->lasted[limit] + (h->limit == limit && h->limit_at > 0 ? nanos_sub(now, h->limit_at) : 0);
}
static void measure(struct tcp_conn *c, nanos now)
{
    struct tcp_chosen *h = &c->chosen;
    if (h->limit_at > 0 && h->limit < TCP_LIMITS)
        h->lasted[h->limit] = lasted(h, h->limit, now);
    h->limit = (uint8_t)limit_of(c);
    h->limit_at = now;
}
struct tcp_times tcp_times(const struct tcp_conn *c, nanos now)
{
    const struct tcp_chosen *h = &c->chosen;
    struct tcp_times times = { .window_limited = lasted(h, TCP_LIMIT_WINDOW, now), .budget_limited = lasted(h, TCP_LIMIT_BUDGET, now) };
    times.busy = lasted(h, TCP_LIMIT_PATH, now) + times.window_limited + times.budget_limited;
    return times;
}
static void look(struct tcp *t, struct tcp_conn *c, nanos now)
{
    bool had_room = c->send.num_copied < c->send_budget_bytes;
    measure(c, now);
    set_budget(t, c);
    if (c->wants_room && !had_room && c->send.num_copied < c->send_budget_bytes) {
        c->wants_room = false;
        tcp_conn_news(t, c, TCP_WRITABLE);
        tcp_conn_wake(t, c, now);           /* the caller has output behind it, and would not look for news before the next segment */
    }
}

/* ---- The handshake: a connection that we open has its own choices, others their listener's */

static const struct tcp_choices *choices_for(const struct tcp *t, const struct tcp_tuple *tuple)
{
    static const struct tcp_choices usual;
    const struct tcp_entry *e = tcp_table_find(&t->table, tuple);
    if (e && e->kind == TCP_ENTRY_CONN)
        return &LINKED(e, const struct tcp_conn, entry)->chosen.choices;
    size_t place = tcp_listener_place(t, tuple->local_port);
    return place < TCP_LISTENERS_MAX ? &t->listener[place].choices : &usual;
}
static void agree(const struct tcp *t, const struct tcp_tuple *tuple, struct tcp_agreed *a)
{
    const struct tcp_choices *h = choices_for(t, tuple);
    a->timestamps = a->timestamps && !h->no_timestamps;
    a->sack = a->sack && !h->no_sack;
    a->window_scaling = a->window_scaling && !h->no_window_scaling;
    if (!a->window_scaling)
        a->snd_wind_shift = a->rcv_wind_shift = 0;
}
static uint16_t mss(const struct tcp *t, const struct tcp_tuple *tuple)
{
    uint32_t chosen = choices_for(t, tuple)->mss_bytes;
    if (chosen == 0)
        return t->cfg.mss_bytes;
    chosen = u32_max(chosen, TCP_OWN_MSS_MIN) + (ip_is_v4(&tuple->remote) ? 0 : IPV6_LARGER_BYTES);
    return (uint16_t)u32_min(chosen, t->cfg.mss_bytes);
}

/* ---- Choosing */

static const struct tcp_choosing choosing = { agree, mss, holds, gives_up, rests, consumed, keepalive_due, look };

void tcp_choose(struct tcp *t, struct tcp_conn *c, const struct tcp_choices *choices, nanos now)
{
    t->choosing = &choosing;
    c->chosen.choices = *choices;
    if (!choices->auto_buffers) {
        c->receive_budget_bytes = t->cfg.receive_buffer_bytes;
        c->chosen.round_at = 0;
    }
    c->chosen.waits_at = c->snd_una - 1;
    set_budget(t, c);
    if (c->state == TCP_CLOSED)
        return;
    if (choices->auto_buffers && c->chosen.round_at == 0 && tcp_conn_is_synchronized(c))
        tcp_autosize_begin(t, c, now);
    if (tcp_conn_is_synchronized(c) && (c->timer_kind == TCP_TIMER_NONE || c->timer_kind == TCP_TIMER_KEEPALIVE))
        tcp_conn_rests(t, c, now);
    tcp_conn_output(t, c);
}
void tcp_choose_for_port(struct tcp *t, uint16_t port, const struct tcp_choices *choices)
{
    struct tcp_listener *l = tcp_listener_of(t, port);
    REQUIRE(port != 0 && l != NULL);
    t->choosing = &choosing;
    l->choices = *choices;
}
