// SPDX-License-Identifier: ISC
/* autosize.c - buffers of a connection that chose so begin small and follow what the connection does. The window is twice what the
 * application consumed in a round trip, so that a sender who doubles its rate finds room; the send queue holds two congestion windows. What
 * the stack is short of is taken back first from those that have most: a window that the packets no longer allow for is halved. */
#include "lib/tcp/autosize.h"

#define LEAST_BYTES 65536u              /* about as much as a window without scaling */
#define ROUND_MIN (2 * (nanos)NS_PER_MS)

static uint32_t least(const struct tcp *t)
{
    return u32_min(LEAST_BYTES, t->cfg.receive_buffer_bytes);
}
/* There are packets for so much, unread, beside those that others need. */
static bool has_packets_for(const struct tcp *t, uint32_t bytes)
{
    return t->packets->num_free > tcp_reserve_for(&t->unread, bytes);
}

void tcp_autosize_begin(const struct tcp *t, struct tcp_conn *c, nanos now)
{
    uint32_t given = c->rcv_adv - c->rcv_nxt + u32_saturate(c->receive.num_bytes);
    c->receive_budget_bytes = u32_min(u32_max(given, least(t)), t->cfg.receive_buffer_bytes);
    c->chosen.round_at = tcp_ticks(now) | 1;
    c->chosen.consumed = 0;
}

void tcp_autosize_consumed(const struct tcp *t, struct tcp_conn *c, size_t num_bytes, nanos now)
{
    struct tcp_chosen *h = &c->chosen;
    h->consumed = u32_saturate(h->consumed + num_bytes);
    if (tcp_ticks(now) - h->round_at < tcp_ticks(nanos_max(tcp_rto_srtt(&c->rto), ROUND_MIN)))
        return;
    uint32_t wanted = u32_min(u32_saturate(2 * (uint64_t)h->consumed), t->cfg.receive_buffer_bytes);
    if (!has_packets_for(t, c->receive_budget_bytes))
        c->receive_budget_bytes = u32_max(c->receive_budget_bytes / 2, least(t));
    else if (wanted > c->receive_budget_bytes && has_packets_for(t, wanted))
        c->receive_budget_bytes = wanted;
    h->consumed = 0;
    h->round_at = tcp_ticks(now) | 1;
}

uint32_t tcp_autosize_send(const struct tcp *t, const struct tcp_conn *c)
{
    return u32_min(t->cfg.send_buffer_bytes, u32_max(2 * u32_min(c->congestion.cwnd, TCP_CWND_MAX), LEAST_BYTES / 2));
}
