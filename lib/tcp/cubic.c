// SPDX-License-Identifier: ISC
/* cubic.c - CUBIC (RFC 9438) in whole numbers: windows in bytes, times in milliseconds. Beta is 0.7, C is 0.4 segments
 * per cubic second, with fast convergence. */
#include "base/checked.h"
#include "lib/tcp/congestion.h"

#define FAR_MS 131072u              /* from the plateau: no further is the function computed */

static uint32_t cube_root(uint64_t n)
{
    uint32_t root = 0;
    for (uint32_t bit = UINT32_C(1) << 20; bit > 0; bit /= 2) {
        uint64_t r = root | bit;
        if (r * r * r <= n)
            root |= bit;
    }
    return root;
}
/* W_cubic(t) = C * (t - K)^3 + W_max. */
static uint32_t w_cubic(const struct tcp_congestion *g, uint32_t t_ms)
{
    uint32_t k = g->cubic.k_ms;
    uint64_t d = u32_min(t_ms < k ? k - t_ms : t_ms - k, FAR_MS);
    uint64_t bytes = d * d * d / 1000 * g->mss * 4 / 10000000;
    if (t_ms < k)
        return g->cubic.w_max - u32_min(u32_saturate(bytes), g->cubic.w_max);
    return u32_saturate(g->cubic.w_max + bytes);
}
static void begin_epoch(struct tcp_congestion *g, uint32_t now_ms)
{
    struct tcp_cubic *c = &g->cubic;
    c->epoch_ms = u32_max(now_ms, 1);
    c->w_est = g->cwnd;
    c->w_est_rest = 0;
    c->w_max = u32_max(c->w_max, g->cwnd);
    c->k_ms = cube_root((c->w_max - g->cwnd) * UINT64_C(2500000000) / g->mss);
}
/* Section 4.3; alpha is 3 * (1 - beta) / (1 + beta) = 9/17 until cwnd_prior is reached. */
static void grow_like_reno(struct tcp_congestion *g, uint32_t bytes)
{
    struct tcp_cubic *c = &g->cubic;
    uint64_t n = (uint64_t)bytes * g->mss;
    n = (c->w_est < c->cwnd_prior ? n * 9 / 17 : n) + c->w_est_rest;
    c->w_est = u32_saturate(c->w_est + n / g->cwnd);
    c->w_est_rest = (uint32_t)(n % g->cwnd);
}
static void avoid_congestion(struct tcp_congestion *g, const struct tcp_delivery *d)
{
    uint32_t now_ms = (uint32_t)(d->now / NS_PER_MS);
    if (g->cubic.epoch_ms == 0) {       /* by this acknowledgment congestion avoidance begins */
        begin_epoch(g, now_ms);
        return;
    }
    uint32_t t_ms = now_ms - g->cubic.epoch_ms, ahead_ms = u32_saturate(d->round_trip / NS_PER_MS);
    grow_like_reno(g, d->bytes);
    if (w_cubic(g, t_ms) < g->cubic.w_est) {
        g->cwnd = u32_max(g->cwnd, g->cubic.w_est);
        return;
    }
    uint32_t target = u32_max(g->cwnd, u32_min(w_cubic(g, t_ms + ahead_ms), g->cwnd + g->cwnd / 2));
    uint64_t n = (uint64_t)(target - g->cwnd) * d->bytes + g->counted;
    g->counted = (uint32_t)(n % g->cwnd);
    g->cwnd = u32_saturate(g->cwnd + n / g->cwnd);
}

static void grow(struct tcp_congestion *g, const struct tcp_delivery *d)
{
    if (g->ssthresh == TCP_CWND_MAX)
        tcp_hystart_grow(g, d);
    else if (g->cwnd < g->ssthresh)
        g->cwnd += d->bytes;
    else
        avoid_congestion(g, d);
}
/* Section 4.6, of the window, which does not grow while it is not used (congestion.h). */
static uint32_t threshold(struct tcp_congestion *g, uint32_t flight)
{
    (void)flight;
    if (g->ssthresh == TCP_CWND_MAX)
        g->cubic = (struct tcp_cubic){ 0 };
    g->cubic.w_max = g->cwnd < g->cubic.w_max ? u32_saturate((uint64_t)g->cwnd * 17 / 20) : g->cwnd;
    g->cubic.cwnd_prior = g->cwnd;
    g->cubic.epoch_ms = 0;
    return u32_saturate((uint64_t)g->cwnd * 7 / 10);
}
static void restart(struct tcp_congestion *g)
{
    if (g->ssthresh != TCP_CWND_MAX)
        g->cubic.epoch_ms = 0;
}
const struct tcp_congestion_algorithm tcp_cubic = { grow, threshold, restart };
