// SPDX-License-Identifier: ISC
/* keepalive.c - is the peer of a silent connection still there (RFC 9293 section 3.8.4)? And for how long is silence
 * borne where data waits for its acknowledgment: the user timeout, which is ours alone (RFC 5482 without its option). */
#include "lib/tcp/engine.h"

static nanos idle_time(const struct tcp *t)
{
    return from_s(t->cfg.keepalive_idle_s ? t->cfg.keepalive_idle_s : TCP_KEEPALIVE_IDLE_S);
}
void tcp_keepalive_set_timer(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (c->is_kept_alive)
        tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, nanos_add(now, idle_time(t)));
    else
        tcp_conn_set_timer(t, c, TCP_TIMER_NONE, NEVER);
}
void tcp_set_keepalive(struct tcp *t, struct tcp_conn *c, bool on, nanos now)
{
    c->is_kept_alive = on;
    bool is_free = c->timer_kind == TCP_TIMER_NONE || c->timer_kind == TCP_TIMER_KEEPALIVE;
    if (tcp_conn_is_synchronized(c) && is_free)
        tcp_keepalive_set_timer(t, c, now);
}
/* The timer is not moved by what arrives; it looks when that was. */
void tcp_keepalive_due(struct tcp *t, struct tcp_conn *c, nanos now)
{
    nanos silent_at = nanos_add(c->heard_at, idle_time(t));
    if (c->retries == 0 && now < silent_at) {
        tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, silent_at);
        return;
    }
    if (c->retries >= TCP_KEEPALIVE_PROBES || tcp_is_past_user_timeout(c, c->heard_at, now)) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return;
    }
    c->retries++;
    c->keepalive_due = true;
    tcp_conn_set_timer(t, c, TCP_TIMER_KEEPALIVE, nanos_add(now, TCP_KEEPALIVE_INTERVAL));
    tcp_conn_output(t, c);
}

void tcp_set_user_timeout(struct tcp_conn *c, uint16_t seconds)
{
    c->user_timeout_s = seconds;
}
bool tcp_is_past_user_timeout(const struct tcp_conn *c, nanos since, nanos now)
{
    return c->user_timeout_s > 0 && now >= nanos_add(since, from_s(c->user_timeout_s));
}
