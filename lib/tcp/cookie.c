// SPDX-License-Identifier: ISC
/* cookie.c - SYN cookies (RFC 4987 section 3.6): with the SYN cache full, what a SYN asks for is kept by the peer. Our
 * initial sequence number is eight bits of time and segment size, and a keyed hash of them, the tuple and the peer's
 * number; the other options are the low bits of our timestamp, so a peer without timestamps goes without them.
 *
 * A number is good for one to two periods. Who guesses, hits once in 2^28 segments. What is lost on the way is not sent
 * again by us: the peer's SYN is, and so is the first text that it sends. */
#include "lib/tcp/engine.h"
#include "base/siphash.h"

#define PERIOD_SHIFT 36                     /* 69 s */
#define PERIODS_MASK 31u
#define OPTION_BITS 63u                     /* of a timestamp: window scale, SACK, ECN */
#define NO_WINDOW_SCALE 15u
#define SACK_BIT 16u
#define ECN_BIT 32u

static const uint16_t mss_of_index[8] = { TCP_MSS_MIN, TCP_MSS_DEFAULT, 1220, 1360, 1400, 1440, 1460, 8940 };

static uint32_t index_of_mss(uint16_t mss)
{
    uint32_t i = NUM_OF(mss_of_index) - 1;
    while (i > 0 && mss_of_index[i] > mss)
        i--;
    return i;
}
static uint32_t cookie_of(const struct tcp *t, const struct tcp_tuple *tuple, uint32_t irs, uint32_t top)
{
    struct siphash h = siphash_of(SPAN(t->cfg.secret), TCP_HASH_COOKIE);
    siphash_word(&h, tcp_hash(SPAN(t->cfg.secret), tuple, TCP_HASH_COOKIE), 2);
    siphash_word(&h, (uint64_t)irs << 32 | top, 2);
    return top << 24 | (uint32_t)(siphash_end(&h, 4) >> 40);
}
/* Our clock, put back to a moment whose low bits are those of the options. */
static uint32_t timestamp_with(const struct tcp_agreed *a, nanos now)
{
    uint32_t bits = (a->window_scaling ? a->snd_wind_shift : NO_WINDOW_SCALE) | (a->sack ? SACK_BIT : 0) | (a->ecn ? ECN_BIT : 0);
    uint32_t ts = tcp_timestamp(a, now), with = (ts & ~OPTION_BITS) | bits;
    return seq_lt(ts, with) ? with - OPTION_BITS - 1 : with;
}

void tcp_cookie_send(struct tcp *t, const struct tcp_incoming *syn)
{
    struct tcp_agreed a = tcp_agreed_by(t, syn);
    if (!a.timestamps)
        a.window_scaling = a.sack = a.ecn = false;
    uint32_t period = (uint32_t)(syn->now >> PERIOD_SHIFT) & PERIODS_MASK;
    struct tcp_segment s = { .ack = syn->s.seq + 1 };
    s.seq = cookie_of(t, &syn->tuple, syn->s.seq, period << 3 | index_of_mss(a.mss));
    tcp_syn_ack_options(t, &syn->tuple, &s, &a, syn->now);
    if (a.timestamps)
        s.opt.ts_val = timestamp_with(&a, syn->now);
    tcp_reply_send(t, &syn->tuple, &s, NULL, syn->now);
    t->cookies_until = nanos_add(syn->now, UINT64_C(2) << PERIOD_SHIFT);
    count_up(&t->stats.cookies_sent);
}

/* What the timestamp that comes back says of the SYN. */
static struct tcp_agreed agreed_again(const struct tcp *t, const struct tcp_incoming *ack, uint32_t mss_index)
{
    struct tcp_agreed a = { .mss = (uint16_t)u32_min(mss_of_index[mss_index], tcp_mss_to_announce(t, &ack->tuple)) };
    uint32_t bits = ack->s.opt.ts_ecr;
    a.ts_offset = tcp_timestamp_offset(t, &ack->tuple);
    if (!ack->s.opt.has_timestamps)
        return a;
    a.timestamps = true;
    a.ts_recent = ack->s.opt.ts_val;
    a.sack = bits & SACK_BIT;
    a.ecn = t->cfg.ecn && bits & ECN_BIT;
    a.window_scaling = (bits & NO_WINDOW_SCALE) != NO_WINDOW_SCALE;
    a.snd_wind_shift = a.window_scaling ? bits & NO_WINDOW_SCALE : 0;
    a.rcv_wind_shift = a.window_scaling ? t->rcv_wind_shift : 0;
    return a;
}
bool tcp_cookie_accept(struct tcp *t, struct tcp_incoming *ack, const struct tcp_listener *l)
{
    uint32_t iss = ack->s.ack - 1, irs = ack->s.seq - 1, top = iss >> 24;
    uint32_t age = ((uint32_t)(ack->now >> PERIOD_SHIFT) - (top >> 3)) & PERIODS_MASK;
    if (ack->now >= t->cookies_until || age > 1 || cookie_of(t, &ack->tuple, irs, top) != iss)
        return false;
    struct tcp_opening o = { .tuple = ack->tuple, .iss = iss, .irs = irs, .snd_wnd = ack->s.window, .round_trip = NEVER };
    o.agreed = agreed_again(t, ack, top & 7);
    count_up(&t->stats.cookies_accepted);
    struct tcp_conn *c = tcp_accept(t, &o, l, ack->now);
    if (c)
        tcp_established_input(t, c, ack);
    return true;
}
