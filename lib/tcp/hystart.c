// SPDX-License-Identifier: ISC
/* hystart.c - HyStart++ (RFC 9406): the first slow start slows down when the round trip grows, and ends when it stays
 * so for five rounds. Without a limit on how much an acknowledgment counts for (L): see reno.c. */
#include "base/checked.h"
#include "lib/tcp/congestion.h"

#define MIN_RTT_THRESH_US 4000u
#define MAX_RTT_THRESH_US 16000u
#define MIN_RTT_DIVISOR 8u
#define N_RTT_SAMPLE 8u
#define CSS_GROWTH_DIVISOR 4u
#define CSS_ROUNDS 5u

static void begin_round(struct tcp_hystart *h, uint32_t flight)
{
    h->round_left = flight;
    h->last_us = h->current_us;
    h->current_us = 0;
    h->num_samples = 0;
}
static void sample(struct tcp_hystart *h, nanos round_trip)
{
    uint32_t us = u32_max(u32_saturate(round_trip / NS_PER_US), 1);
    h->current_us = h->current_us ? u32_min(h->current_us, us) : us;
    if (h->num_samples < N_RTT_SAMPLE)
        h->num_samples++;
}
static bool has_grown(const struct tcp_hystart *h)
{
    uint32_t thresh = u32_max(MIN_RTT_THRESH_US, u32_min(h->last_us / MIN_RTT_DIVISOR, MAX_RTT_THRESH_US));
    return h->num_samples >= N_RTT_SAMPLE && h->last_us > 0 && h->current_us >= h->last_us + thresh;
}

void tcp_hystart_grow(struct tcp_congestion *g, const struct tcp_delivery *d)
{
    struct tcp_hystart *h = &g->hystart;
    bool is_conservative = h->css_baseline_us > 0;
    if (d->round_trip > 0)
        sample(h, d->round_trip);
    g->cwnd += is_conservative ? d->bytes / CSS_GROWTH_DIVISOR : d->bytes;
    if (!is_conservative && has_grown(h)) {
        h->css_baseline_us = h->current_us;
        h->num_css_rounds = 0;
    } else if (is_conservative && h->num_samples >= N_RTT_SAMPLE && h->current_us < h->css_baseline_us) {
        h->css_baseline_us = 0;             /* it was a spike: slow start goes on */
    }
    h->round_left -= u32_min(h->round_left, d->bytes);
    if (h->round_left > 0)
        return;
    begin_round(h, d->flight - u32_min(d->bytes, d->flight));
    if (is_conservative && ++h->num_css_rounds >= CSS_ROUNDS) {
        *h = (struct tcp_hystart){ 0 };
        g->ssthresh = g->cwnd;
    }
}
