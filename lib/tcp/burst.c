// SPDX-License-Identifier: ISC
/* burst.c - how much goes to the device in one piece. A large piece saves work, but it reaches the wire at once: so it is what
 * the window sends in a millisecond, and never more than half of the window, whose acknowledgments then come in two parts
 * at least. Networks of less than a millisecond are limited by the latter alone. What would be left over as a single segment goes along,
 * unless the piece is larger already than that millisecond wants it. */
#include "lib/tcp/engine.h"

#define GAIN_PERCENT_GROWING 200u   /* the window doubles in a round trip: what is sent may, too */
#define GAIN_PERCENT 120u

static uint32_t per_millisecond(const struct tcp_conn *c)
{
    const struct tcp_congestion *g = &c->congestion;
    uint64_t window = u32_max(g->cwnd, c->snd_nxt - c->snd_una);
    uint32_t gain = g->cwnd < g->ssthresh / 2 ? GAIN_PERCENT_GROWING : GAIN_PERCENT;
    return c->rto.srtt_us == 0 ? UINT32_MAX : u32_saturate(window * gain / 100 * 1000 / c->rto.srtt_us);
}

uint32_t tcp_conn_burst_bytes(const struct tcp *t, const struct tcp_conn *c, uint32_t bytes)
{
    uint32_t mss = c->snd_mss, least = t->cfg.gso_min_segments * mss;
    uint32_t most = u32_max(u32_min(t->cfg.gso_max_bytes, c->congestion.cwnd / 2), mss);
    uint32_t rate = per_millisecond(c), paced = u32_min(most, u32_max(rate, least));
    paced -= paced % mss;
    return bytes <= paced || (bytes == paced + mss && bytes <= most && rate > least) ? bytes : paced;
}
