// SPDX-License-Identifier: ISC
/* congestion.c - what the algorithms share (RFC 5681; initial window of ten, RFC 6928). */
#include "lib/tcp/congestion.h"
#include "base/checked.h"
#include "lib/tcp/seq.h"

#define INITIAL_SEGMENTS 10
#define INITIAL_BYTES_MAX 14600

static uint32_t initial_window(uint32_t mss)
{
    return u32_min(INITIAL_SEGMENTS * mss, u32_max(2 * mss, INITIAL_BYTES_MAX));
}

void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, bool syn_was_lost)
{
    *g = (struct tcp_congestion){ .algorithm = a, .mss = mss, .ssthresh = TCP_CWND_MAX };
    g->cwnd = syn_was_lost ? mss : initial_window(mss);
}
void tcp_congestion_sent(struct tcp_congestion *g, uint32_t snd_una, uint32_t snd_max)
{
    uint32_t flight = snd_max - snd_una;
    if (flight <= g->used && seq_lt(snd_una, g->used_until))
        return;
    g->used = flight;
    g->used_until = snd_max;
}
bool tcp_congestion_is_used(const struct tcp_congestion *g)
{
    return g->cwnd < g->used + (g->cwnd < g->ssthresh ? g->used : g->used / 2);
}
void tcp_congestion_acknowledged(struct tcp_congestion *g, const struct tcp_delivery *d)
{
    g->algorithm->grow(g, d);
    g->cwnd = u32_min(g->cwnd, TCP_CWND_MAX);
}
void tcp_congestion_reduce(struct tcp_congestion *g, uint32_t flight)
{
    g->ssthresh = u32_max(g->algorithm->threshold(g, flight), 2 * g->mss);
    g->counted = 0;
}
void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t flight, bool first)
{
    if (first)
        tcp_congestion_reduce(g, flight);
    g->cwnd = g->mss;
    g->counted = 0;
    g->cubic.w_max = g->cubic.epoch_ms = 0;     /* RFC 9438 section 4.8 */
}
void tcp_congestion_idle(struct tcp_congestion *g)
{
    g->cwnd = u32_min(g->cwnd, initial_window(g->mss));
    g->algorithm->restart(g);
}
