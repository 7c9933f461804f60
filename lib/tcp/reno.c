// SPDX-License-Identifier: ISC
/* reno.c - slow start and congestion avoidance of RFC 5681 section 3.1. Bytes are counted as they are acknowledged
 * (RFC 3465), without its limit of two segments: peers that receive coalesced segments acknowledge dozens at once. */
#include "lib/tcp/congestion.h"

static void grow(struct tcp_congestion *g, const struct tcp_delivery *d)
{
    if (g->cwnd < g->ssthresh) {
        g->cwnd += d->bytes;
        return;
    }
    g->counted += d->bytes;
    if (g->counted >= g->cwnd) {
        g->counted -= g->cwnd;
        g->cwnd += g->mss;
    }
}
static uint32_t threshold(struct tcp_congestion *g, uint32_t flight)
{
    (void)g;
    return flight / 2;
}
static void restart(struct tcp_congestion *g)
{
    g->counted = 0;
}
const struct tcp_congestion_algorithm tcp_reno = { grow, threshold, restart };
