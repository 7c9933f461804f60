// SPDX-License-Identifier: ISC
#include "lib/tcp/rack.h"
#include "base/checked.h"

static bool is_later(uint32_t at, uint32_t end, uint32_t than_at, uint32_t than_end)
{
    return seq_lt(than_at, at) || (at == than_at && seq_lt(than_end, end));
}

void tcp_rack_round_trip(struct tcp_rack *r, uint32_t rtt)
{
    rtt = u32_max(rtt, 1);
    r->min_rtt = r->min_rtt ? u32_min(r->min_rtt, rtt) : rtt;
}

/* The piece in flight from seq on, with the time when it was sent last. */
static struct tcp_piece piece_at(const struct tcp_scoreboard *b, const struct tcp_sent_log *log, uint32_t seq, uint32_t max)
{
    struct tcp_piece p = tcp_scoreboard_at(b, seq, max);
    if (p.kind == TCP_RANGE_SACKED || p.kind == TCP_RANGE_RESENT)
        return p;
    struct tcp_sent_group g = tcp_sent_log_find(log, seq);
    p.at = g.at;
    if (seq_lt(seq, g.end))
        p.end = seq_min(p.end, g.end);
    return p;
}

/* Steps 2 and 3. RACK.rtt is that of the piece looked at last, though it be not the one sent last: one that was late says how late others
 * may be. The acknowledgment of a segment that was sent twice may be for the first: not believed where it comes
 * sooner than any before. */
static void piece_arrived(struct tcp_rack *r, const struct tcp_sent_log *log, const struct tcp_piece *p, uint32_t now)
{
    bool was_sent_again = p->kind == TCP_RANGE_RESENT;
    if (!was_sent_again && r->is_valid && seq_lt(p->end, r->fack))
        r->reordering = u32_max(r->reordering, r->fack - p->start);
    if (was_sent_again && (seq_lt(now, p->at) || now - p->at < r->min_rtt))
        return;
    if (!was_sent_again)                    /* a group's first segment is older than it seems, unless all were sent at once */
        r->rtt = u32_max(now - p->at, p->at == log->opened_at ? 0 : r->min_rtt);
    if (r->is_valid && !is_later(p->at, p->end, r->at, r->end))
        return;
    r->at = p->at;
    r->end = p->end;
    r->is_valid = true;
}
void tcp_rack_arrived(struct tcp_rack *r, const struct tcp_scoreboard *b, const struct tcp_sent_log *log, uint32_t left,
                      uint32_t right, uint32_t now)
{
    while (seq_lt(left, right)) {
        struct tcp_piece p = piece_at(b, log, left, right);
        if (p.kind != TCP_RANGE_SACKED)
            piece_arrived(r, log, &p, now);
        left = p.end;
    }
}

void tcp_rack_duplicate(struct tcp_rack *r, uint32_t una, uint32_t snd_max)
{
    if (r->reordering == 0 || (r->dsack_round_is_set && seq_lt(una, r->dsack_round)))
        return;
    r->dsack_round_is_set = true;
    r->dsack_round = snd_max;
    if (r->reorder_mult < UINT8_MAX)
        r->reorder_mult++;
    r->reorder_persist = TCP_RACK_REORDER_PERSIST;
}
void tcp_rack_recovered(struct tcp_rack *r)
{
    if (r->reorder_persist > 0 && --r->reorder_persist == 0)
        r->reorder_mult = 0;
}

uint32_t tcp_rack_window(const struct tcp_rack *r, bool is_certain, uint32_t srtt)
{
    if (r->reordering == 0 && is_certain)
        return 0;
    return u32_min(u32_saturate((uint64_t)(r->reorder_mult + 1u) * (r->min_rtt / 4)), srtt);
}

/* What of a piece in flight was sent before the segment that arrived; empty: nothing. */
static struct tcp_piece sent_before(const struct tcp_rack *r, struct tcp_piece p)
{
    if (seq_lt(r->at, p.at))
        p.end = p.start;
    else if (p.at == r->at && seq_lt(r->end, p.end))
        p.end = seq_max(p.start, r->end);
    return p;
}

uint32_t tcp_rack_detect(const struct tcp_rack *r, struct tcp_scoreboard *b, const struct tcp_sent_log *log, uint32_t una,
                         uint32_t snd_max, uint32_t window, uint32_t now)
{
    uint32_t wait = 0;
    for (uint32_t seq = una; r->is_valid && seq_lt(seq, snd_max);) {
        struct tcp_piece p = piece_at(b, log, seq, snd_max);
        seq = p.end;
        if (p.kind == TCP_RANGE_SACKED || p.kind == TCP_RANGE_LOST)
            continue;
        p = sent_before(r, p);
        uint32_t due = p.at + r->rtt + window;
        if (p.start == p.end)
            continue;
        if (seq_leq(due, now))
            tcp_scoreboard_mark(b, una, p.start, p.end, TCP_RANGE_LOST, 0);
        else
            wait = u32_max(wait, due - now);
    }
    return wait;
}
