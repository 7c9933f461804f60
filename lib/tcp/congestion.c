// SPDX-License-Identifier: ISC
/* congestion.c - slow start, congestion avoidance, fast retransmit and fast recovery (RFC 5681), as NewReno recovers
 * from several losses in a window (RFC 6582), limited transmit (RFC 3042), initial window of ten (RFC 6928). */
#include "lib/tcp/congestion.h"
#include "base/checked.h"
#include "lib/tcp/seq.h"

#define INITIAL_SEGMENTS 10
#define INITIAL_BYTES_MAX 14600
#define DUPLICATES_MEAN_LOSS 3
#define CWND_MAX (UINT32_C(1) << 30)

static uint32_t initial_window(uint32_t mss)
{
    return u32_min(INITIAL_SEGMENTS * mss, u32_max(2 * mss, INITIAL_BYTES_MAX));
}

void tcp_congestion_init(struct tcp_congestion *g, const struct tcp_congestion_algorithm *a, uint32_t mss, uint32_t iss,
                         bool syn_was_lost)
{
    *g = (struct tcp_congestion){ .algorithm = a, .mss = mss, .recover = iss, .ssthresh = CWND_MAX };
    g->cwnd = syn_was_lost ? mss : initial_window(mss);
}

uint32_t tcp_congestion_window(const struct tcp_congestion *g)
{
    return g->in_recovery ? g->cwnd : g->cwnd + u32_min(g->num_duplicates, DUPLICATES_MEAN_LOSS - 1) * g->mss;
}

bool tcp_congestion_duplicate(struct tcp_congestion *g, uint32_t una, uint32_t snd_max, nanos now)
{
    if (g->in_recovery) {
        g->cwnd = u32_min(g->cwnd + g->mss, CWND_MAX);
        return false;
    }
    if (g->num_duplicates < DUPLICATES_MEAN_LOSS)
        g->num_duplicates++;
    else
        return false;
    if (g->num_duplicates < DUPLICATES_MEAN_LOSS || seq_leq(una, g->recover))
        return false;
    g->ssthresh = g->algorithm->threshold(g, snd_max - una, now);
    g->cwnd = g->ssthresh + DUPLICATES_MEAN_LOSS * g->mss;
    g->recover = snd_max;
    g->in_recovery = true;
    return true;
}

bool tcp_congestion_acknowledged(struct tcp_congestion *g, uint32_t una, uint32_t bytes, uint32_t flight, nanos now)
{
    g->num_duplicates = 0;
    if (!g->in_recovery) {
        if (g->cwnd < 2 * flight)           /* a window that was not used says nothing about the path */
            g->algorithm->grow(g, bytes, now);
        g->cwnd = u32_min(g->cwnd, CWND_MAX);
        return false;
    }
    if (seq_lt(una, g->recover)) {          /* partial: deflate by what left the network */
        g->cwnd = u32_max(g->cwnd - u32_min(bytes, g->cwnd) + (bytes >= g->mss ? g->mss : 0), g->mss);
        return true;
    }
    uint32_t still = flight - u32_min(bytes, flight);
    g->cwnd = u32_min(g->ssthresh, u32_max(still, g->mss) + g->mss);
    g->in_recovery = false;
    return false;
}

void tcp_congestion_timeout(struct tcp_congestion *g, uint32_t snd_max, uint32_t flight, bool first, nanos now)
{
    if (first)
        g->ssthresh = g->algorithm->threshold(g, flight, now);
    g->cwnd = g->mss;
    g->counted = 0;
    g->recover = snd_max;
    g->num_duplicates = 0;
    g->in_recovery = false;
}

void tcp_congestion_idle(struct tcp_congestion *g)
{
    g->cwnd = u32_min(g->cwnd, initial_window(g->mss));
}

/* Bytes are counted as they are acknowledged (RFC 3465), without its limit of two segments: peers that receive
 * coalesced segments acknowledge dozens at once. */
static void newreno_grow(struct tcp_congestion *g, uint32_t bytes, nanos now)
{
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
static uint32_t newreno_threshold(struct tcp_congestion *g, uint32_t flight, nanos now)
{
    (void)now;
    return u32_max(flight / 2, 2 * g->mss);
}
const struct tcp_congestion_algorithm tcp_newreno = { newreno_grow, newreno_threshold };
