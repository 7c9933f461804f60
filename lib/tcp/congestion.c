// SPDX-License-Identifier: ISC
/* congestion.c - what the algorithms share (RFC 5681; initial window of ten, RFC 6928). */
#include "lib/tcp/congestion.h"
#include "base/checked.h"

#define INITIAL_SEGMENTS 10
#define INITIAL_BYTES_MAX 14600
#define CWND_MAX (UINT32_C(1) << 30)

static uint32_t initial_window(uint32_t mss)
{
    return u32_min(INITIAL_SEGMENTS * mss, u32_max(2 * mss, INITIAL_BYTES_MAX));
}

void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, bool syn_was_lost)
{
    *g = (struct tcp_congestion){ .algorithm = a, .mss = mss, .ssthresh = CWND_MAX };
    g->cwnd = syn_was_lost ? mss : initial_window(mss);
}
void tcp_congestion_acknowledged(struct tcp_congestion *g, uint32_t bytes, uint32_t flight, nanos round_trip, nanos now)
{
    if (g->cwnd < 2 * flight)               /* a window that was not used says nothing about the path */
        g->algorithm->grow(g, bytes, round_trip, now);
    g->cwnd = u32_min(g->cwnd, CWND_MAX);
}
void tcp_congestion_reduce(struct tcp_congestion *g, uint32_t flight, nanos now)
{
    g->ssthresh = u32_max(g->algorithm->threshold(g, flight, now), 2 * g->mss);
    g->counted = 0;
}
void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t flight, bool first, nanos now)
{
    if (first)
        tcp_congestion_reduce(g, flight, now);
    g->cwnd = g->mss;
    g->counted = 0;
}
void tcp_congestion_idle(struct tcp_congestion *g)
{
    g->cwnd = u32_min(g->cwnd, initial_window(g->mss));
}
