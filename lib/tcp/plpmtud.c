// SPDX-License-Identifier: ISC
/* plpmtud.c - path MTU discovery without ICMP (RFC 4821; RFC 8899 for what newer experience says). Where full segments vanish
 * while routers say nothing, the timeout makes them small; where the path may take larger ones than are sent, one of the
 * segments is larger, as a probe. Linked where a configuration names it.
 *
 * Lacks: what is found is not shared with other connections to the host. */
#include "lib/tcp/engine.h"

#define BLACK_HOLE_TIMEOUTS 3               /* in a row; the second smaller size after two more */
#define BASE_MTU 1024u                      /* RFC 4821 section 7.2 */
#define LEAST_MTU 576u
#define LEAST_MTU_V6 1280u
#define STEP_BYTES 32u                      /* a smaller gain is not worth a probe */
#define SEGMENTS_BEHIND 3u                  /* whose arrival tells of the probe's loss */
#define SEARCH_AGAIN (600 * (nanos)NS_PER_S)    /* RFC 4821 section 7.3, as long as what a router said is believed (pathmtu.h) */

static uint32_t most(const struct tcp_conn *c)
{
    return c->agreed.mss - (c->agreed.timestamps ? TCP_TIMESTAMP_BYTES : 0u);
}
static uint32_t mss_of(const struct tcp_conn *c, uint32_t mtu_bytes)
{
    return mtu_bytes - (ip_is_v4(&c->entry.tuple.remote) ? 20 : 40) - 20 - (c->agreed.timestamps ? TCP_TIMESTAMP_BYTES : 0);
}
static void set_mss(struct tcp_conn *c, uint32_t mss)
{
    c->snd_mss = c->mtu.seen_mss = (uint16_t)mss;
    c->congestion.mss = mss;
    c->recovery.short_end = c->snd_max;
}
static bool is_limited(const struct tcp_conn *c, nanos now)
{
    return c->mtu.high_mss > 0 && now < c->mtu.raise_at;
}
/* No size above that is tried for a while. */
static void limit(struct tcp_conn *c, uint32_t mss, nanos now)
{
    c->mtu.high_mss = (uint16_t)mss;
    c->mtu.raise_at = nanos_add(now, SEARCH_AGAIN);
}

/* What has come about since the last look: the probe arrived, or a router spoke. */
static void look(struct tcp_conn *c, nanos now)
{
    struct tcp_mtu_search *m = &c->mtu;
    if (c->snd_mss < m->seen_mss) {
        m->probe_bytes = 0;
        limit(c, c->snd_mss, now);
    }
    m->seen_mss = c->snd_mss;
    if (m->probe_bytes == 0 || seq_lt(c->snd_una, m->probe_seq + m->probe_bytes))
        return;
    set_mss(c, m->probe_bytes);
    m->probe_bytes = 0;
}
/* RFC 4821 section 7.4: with data enough behind it, and windows that take so much. */
static bool has_room(const struct tcp_conn *c, uint32_t bytes)
{
    uint32_t in_flight = c->snd_nxt - c->snd_una, behind = SEGMENTS_BEHIND * c->snd_mss, end = in_flight + bytes + behind;
    return c->send.num_bytes >= end && c->snd_wnd >= end && c->congestion.cwnd >= u32_max(tcp_conn_pipe(c), behind) + bytes;
}
static uint32_t next(struct tcp_conn *c, nanos now)
{
    struct tcp_mtu_search *m = &c->mtu;
    look(c, now);
    uint32_t high = is_limited(c, now) ? m->high_mss : most(c), size = is_limited(c, now) ? (c->snd_mss + high + 1) / 2 : high;
    if (m->probe_bytes > 0 || high < c->snd_mss + STEP_BYTES || !tcp_recovery_is_idle(&c->recovery) || !has_room(c, size))
        return 0;
    m->probe_seq = c->snd_nxt;
    m->probe_bytes = (uint16_t)size;
    return size;
}

/* RFC 4821 section 7.6.2: that says nothing of congestion. A recovery for anything else leaves open what became of the probe. */
static bool is_lost(struct tcp_conn *c)
{
    struct tcp_mtu_search *m = &c->mtu;
    struct tcp_scoreboard *b = &c->recovery.board;
    struct tcp_piece lost;
    uint32_t bytes = m->probe_bytes;
    m->probe_bytes = 0;
    if (bytes == 0 || !tcp_scoreboard_first_lost(b, &lost) || lost.start != m->probe_seq || b->lost > bytes)
        return false;
    limit(c, bytes - 1, c->heard_at);
    tcp_scoreboard_mark(b, c->snd_una, lost.start, lost.start + bytes, TCP_RANGE_LOST, 0);
    return true;
}

/* RFC 4821 section 7.7. */
static void timed_out(struct tcp_conn *c)
{
    uint32_t least = mss_of(c, ip_is_v4(&c->entry.tuple.remote) ? LEAST_MTU : LEAST_MTU_V6), base = u32_max(mss_of(c, BASE_MTU), least);
    c->mtu.probe_bytes = 0;
    if (c->retries < BLACK_HOLE_TIMEOUTS || c->retries % 2 == 0 || c->snd_max - c->snd_una < c->snd_mss || c->snd_mss <= least)
        return;
    if (!is_limited(c, c->timer_at))
        limit(c, c->snd_mss, c->timer_at);      /* which may have been an outage of the network */
    set_mss(c, c->snd_mss > base ? base : least);
}

const struct tcp_mtu_probing tcp_plpmtud = { next, is_lost, timed_out };

void tcp_probe_path_mtu(struct tcp *t)
{
    t->mtu_probing = &tcp_plpmtud;
}
