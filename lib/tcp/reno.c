// SPDX-License-Identifier: ISC
/* reno.c - slow start and congestion avoidance of RFC 5681 section 3.1. Bytes are counted as they are acknowledged
 * (RFC 3465), without its limit of two segments: peers that receive coalesced segments acknowledge dozens at once. */
#include "lib/tcp/congestion.h"

static void grow(struct tcp_congestion *g, uint32_t bytes, nanos round_trip, nanos now)
{
    (void)round_trip;
    (void)now;
    if (g->cwnd < g->ssthresh) {
        g->cwnd += bytes;
        return;
    }
    g->counted += bytes;
    if (g->counted >= g->cwnd) {
        g->counted -= g->cwnd;
        g->cwnd += g->mss;
    }
}
static uint32_t threshold(struct tcp_congestion *g, uint32_t flight, nanos now)
{
    (void)g;
    (void)now;
    return flight / 2;
}
const struct tcp_congestion_algorithm tcp_reno = { grow, threshold };
