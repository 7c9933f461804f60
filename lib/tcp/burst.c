// SPDX-License-Identifier: ISC
/* burst.c - how much goes to the device in one piece. A large piece saves work, but it reaches the wire at once: so it is what
 * the window sends in a millisecond, and never more than half of the window, whose acknowledgments then come in two parts
 * at least. Networks of less than a millisecond are limited by the latter alone. What would be left over as a single segment goes along,
 * unless the piece is larger already than that millisecond wants it. What the window leaves for less than a piece waits for the next
 * acknowledgments to make it one, where they are near. */
#include "lib/tcp/engine.h"

#define PIECE_US_GROWING 2000u      /* the window doubles in a round trip: what is sent may, too */
#define PIECE_US 1200u

static uint32_t per_millisecond(const struct tcp_conn *c)
{
    const struct tcp_congestion *g = &c->congestion;
    uint64_t window = u32_max(g->cwnd, c->snd_nxt - c->snd_una);
    uint32_t us = g->cwnd < g->ssthresh / 2 ? PIECE_US_GROWING : PIECE_US;
    return c->rto.srtt_us == 0 ? UINT32_MAX : u32_saturate(window * us / c->rto.srtt_us);
}
/* Text of this millisecond went just now, and what was sent in earlier parts of the round trip is about to be acknowledged. */
static bool hears_soon(const struct tcp_conn *c, nanos now)
{
    return c->recovery.log.num > 1 && now - c->last_sent_at < NS_PER_MS && !c->has_fin_to_send;
}

uint32_t tcp_conn_burst_bytes(const struct tcp *t, const struct tcp_conn *c, uint32_t bytes, nanos now)
{
    uint32_t mss = c->snd_mss, in_flight = c->snd_nxt - c->snd_una;
    if (bytes <= mss && bytes >= in_flight / 2)
        return bytes;
    uint32_t least = t->cfg.gso_min_segments * mss;
    uint32_t most = u32_max(u32_min(t->cfg.gso_max_bytes, c->congestion.cwnd / 2), mss);
    uint32_t rate = per_millisecond(c), paced = u32_min(most, u32_max(rate, least));
    paced -= paced % mss;
    if (bytes < paced && bytes < in_flight / 2 && hears_soon(c, now))
        return 0;
    return bytes <= paced || (bytes == paced + mss && bytes <= most && rate > least) ? bytes : paced;
}
