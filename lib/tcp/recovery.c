// SPDX-License-Identifier: ISC
/* recovery.c - finding and repairing losses: SACK (RFC 2018, 2883, 6675), RACK and the tail loss probe (RFC 8985), PRR
 * (RFC 6937, 9937), the timeout (RFC 5681 section 3.1), and for peers without SACK NewReno (RFC 6582) with its duplicate
 * acknowledgments. While nothing is lost, none of it runs (tcp_recovery_is_idle). */
#include "lib/tcp/engine.h"

#define DUPLICATES_MEAN_LOSS 3
#define TIMER_MIN (2 * (nanos)NS_PER_MS)            /* a peer is no faster than its scheduler */

/* ---- Memory of the scoreboard */

void tcp_recovery_init(struct tcp_conn *c)
{
    struct tcp_recovery *r = &c->recovery;
    *r = (struct tcp_recovery){ .point = c->iss };
    r->board.range.p = r->few;
    r->board.range.n = TCP_FEW_RANGES;
}
static void borrow_ranges(struct tcp *t, struct tcp_conn *c, uint32_t num)
{
    struct tcp_scoreboard *b = &c->recovery.board;
    if (b->num + num <= b->range.n || b->range.n > TCP_FEW_RANGES)
        return;
    struct tcp_ranges *many = tcp_ranges_take(t);
    if (!many)
        return;
    for (uint32_t i = 0; i < b->num; i++)
        many->range[i] = AT(b->range, i);
    b->range.p = many->range;
    b->range.n = TCP_MANY_RANGES;
}
static void return_ranges(struct tcp *t, struct tcp_conn *c)
{
    struct tcp_scoreboard *b = &c->recovery.board;
    if (b->range.n == TCP_MANY_RANGES)
        list_push_front(&t->free_ranges, &LINKED(b->range.p, struct tcp_ranges, range)->place);
    b->range.p = c->recovery.few;
    b->range.n = TCP_FEW_RANGES;
}
void tcp_recovery_end(struct tcp *t, struct tcp_conn *c)
{
    tcp_scoreboard_clear(&c->recovery.board);
    return_ranges(t, c);
}

/* ---- Timers */

/* RFC 8985 section 7.2; a peer that has two segments acknowledges at once. */
static nanos probe_timeout(const struct tcp *t, const struct tcp_conn *c)
{
    nanos late = c->snd_max - c->snd_una <= c->snd_mss ? from_ms(t->cfg.max_ack_delay_ms) : TIMER_MIN;
    return nanos_min(2 * tcp_rto_srtt(&c->rto) + late, tcp_rto_now(&c->rto));
}
void tcp_recovery_set_timer(struct tcp *t, struct tcp_conn *c, nanos now)
{
    const struct tcp_recovery *r = &c->recovery;
    if (c->snd_una == c->snd_max)
        tcp_conn_rests(t, c, now);
    else if (c->agreed.sack && tcp_recovery_is_idle(r) && c->rto.srtt_us > 0 && c->rto.backoff == 0)
        tcp_conn_set_timer(t, c, TCP_TIMER_TAIL_PROBE, nanos_add(now, probe_timeout(t, c)));
    else
        tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
}

/* ---- Losses */

static uint32_t srtt_ticks(const struct tcp_conn *c)
{
    return tcp_ticks(tcp_rto_srtt(&c->rto));
}
static void begin_fast_recovery(struct tcp_conn *c, uint32_t flight)
{
    struct tcp_recovery *r = &c->recovery;
    tcp_undo_begin(c);
    tcp_congestion_reduce(&c->congestion, u32_min(flight, c->congestion.cwnd));    /* RFC 5681 section 3.2: no limited transmit */
    r->mode = TCP_FAST_RECOVERY;
    c->cwr_due = c->agreed.ecn;
    r->point = c->snd_max;
    r->prr = (struct tcp_prr){ .recover_fs = flight };
}
/* Nothing has to be sent again. */
static void reduce_at_once(struct tcp_conn *c, uint32_t flight)
{
    tcp_undo_forget(c);
    tcp_congestion_reduce(&c->congestion, flight);
    c->congestion.cwnd = c->congestion.ssthresh;
}
static void end_recovery(struct tcp_conn *c)
{
    struct tcp_recovery *r = &c->recovery;
    if (r->mode == TCP_FAST_RECOVERY)
        c->congestion.cwnd = c->congestion.ssthresh;
    r->mode = TCP_NO_RECOVERY;
    r->num_duplicates = 0;
    tcp_rack_recovered(&r->rack);
}
/* A loss begins a recovery; not that of a probe of the path. */
static bool is_congestion(const struct tcp *t, struct tcp_conn *c)
{
    const struct tcp_recovery *r = &c->recovery;
    return r->mode == TCP_NO_RECOVERY && r->board.lost > 0 && !(t->mtu_probing && t->mtu_probing->is_lost(c));
}
/* PRR, for an acknowledgment that delivered so much; at_least: the first segment of a recovery goes out at once. */
static void reduce_rate(struct tcp_conn *c, uint32_t delivered, uint32_t beyond, uint32_t at_least)
{
    struct tcp_congestion *g = &c->congestion;
    uint32_t pipe = tcp_conn_pipe(c);
    g->cwnd = pipe + u32_max(tcp_prr_acknowledged(&c->recovery.prr, delivered, pipe, g->ssthresh, beyond), at_least);
}
/* As for a loss, once in a window; there is nothing to send again. */
void tcp_recovery_ecn_echo(struct tcp_conn *c, uint32_t flight, uint32_t delivered)
{
    if (c->recovery.mode != TCP_NO_RECOVERY || !seq_lt(c->ecn_point, c->snd_una))
        return;
    begin_fast_recovery(c, flight);
    tcp_undo_forget(c);
    reduce_rate(c, delivered, 0, 0);
    c->ecn_point = c->snd_max;
}
/* Step 5; what may be lost but is not yet has a timer. */
static void detect(struct tcp *t, struct tcp_conn *c, nanos now)
{
    struct tcp_recovery *r = &c->recovery;
    bool is_certain = r->mode != TCP_NO_RECOVERY || r->board.sacked >= DUPLICATES_MEAN_LOSS * (uint32_t)c->snd_mss;
    uint32_t window = tcp_rack_window(&r->rack, is_certain, srtt_ticks(c));
    uint32_t wait = tcp_rack_detect(&r->rack, &r->board, &r->log, c->snd_una, c->snd_max, window, tcp_ticks(now));
    if (wait > 0)
        tcp_conn_set_timer(t, c, TCP_TIMER_REORDER, nanos_add(now, ((nanos)wait + 1) << TCP_TICK_SHIFT));
}
void tcp_recovery_reorder_timeout(struct tcp *t, struct tcp_conn *c, nanos now)
{
    tcp_recovery_set_timer(t, c, now);
    borrow_ranges(t, c, TCP_FEW_RANGES);
    detect(t, c, now);
    if (is_congestion(t, c)) {
        begin_fast_recovery(c, c->snd_max - c->snd_una);
        reduce_rate(c, c->snd_mss, 0, c->snd_mss);
    }
    tcp_conn_output(t, c);
}

void tcp_recovery_timeout(struct tcp *t, struct tcp_conn *c)
{
    struct tcp_recovery *r = &c->recovery;
    if (r->mode == TCP_NO_RECOVERY)
        tcp_undo_begin(c);
    else if (r->mode == TCP_FAST_RECOVERY)
        tcp_undo_forget(c);
    if (t->mtu_probing)
        t->mtu_probing->timed_out(c);
    tcp_congestion_timeout(&c->congestion, c->snd_max - c->snd_una, r->mode != TCP_TIMEOUT_RECOVERY);
    borrow_ranges(t, c, TCP_FEW_RANGES);
    bool is_full = r->board.num + 2 > r->board.range.n;     /* then what was SACKed may look as if it were news */
    bool is_behind = r->mode == TCP_TIMEOUT_RECOVERY && r->undo.left != c->snd_una;     /* RFC 5682 section 2.1: losses are sent again */
    r->undo.frto = r->undo.is_possible && !is_full && !is_behind ? TCP_FRTO_SENT_AGAIN : TCP_FRTO_NONE;
    tcp_scoreboard_lose(&r->board, c->snd_una, c->snd_max);
    r->mode = TCP_TIMEOUT_RECOVERY;
    c->cwr_due = c->agreed.ecn;
    r->point = c->snd_max;
    r->num_duplicates = 0;
    r->probe_is_out = r->probe_due = false;
    tcp_conn_output(t, c);
}
void tcp_recovery_probe_timeout(struct tcp *t, struct tcp_conn *c, nanos now)
{
    count_up(&t->stats.tail_probes);
    c->recovery.probe_due = true;
    tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
    tcp_conn_output(t, c);
}
void tcp_recovery_probe_sent(struct tcp_conn *c, bool was_sent_before)
{
    struct tcp_recovery *r = &c->recovery;
    r->probe_is_out = true;
    r->probe_end = c->snd_max;
    r->probe_was_sent_before = was_sent_before;
}

/* ---- Acknowledgments */

/* RFC 2883 section 4: the first block lies before the acknowledgment, or within the second. */
static bool has_duplicate(const struct tcp_segment *s)
{
    const struct tcp_options *o = &s->opt;
    if (o->num_sack_blocks == 0)
        return false;
    struct tcp_sack_block first = o->sack_block[0], second = o->sack_block[1];
    return seq_leq(first.right, s->ack) ||
           (o->num_sack_blocks > 1 && seq_leq(second.left, first.left) && seq_leq(first.right, second.right));
}
/* RFC 2018 section 5: of segments that are wholly within it. None is where it is shorter than one and no short one is in flight. */
static void take_block(struct tcp_conn *c, struct tcp_sack_block b, uint32_t una, uint32_t now)
{
    struct tcp_recovery *r = &c->recovery;
    if (!seq_lt(b.left, b.right) || seq_leq(b.right, una) || !seq_leq(b.right, c->snd_max) || seq_lt(b.left, c->snd_una))
        return;
    if (b.right - b.left < c->snd_mss && !tcp_conn_has_short(c))
        return;
    b.left = seq_max(b.left, una);
    tcp_rack_arrived(&r->rack, &r->board, &r->log, b.left, b.right, now);
    tcp_scoreboard_mark(&r->board, c->snd_una, b.left, b.right, TCP_RANGE_SACKED, 0);
}
static void take_sacks(struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t now = tcp_ticks(in->now);
    uint32_t una = seq_max(c->snd_una, in->s.ack);
    if (!c->recovery.rack.is_valid)
        c->recovery.rack.fack = c->snd_una;
    tcp_rack_arrived(&c->recovery.rack, &c->recovery.board, &c->recovery.log, c->snd_una, una, now);
    for (size_t i = 0; i < in->s.opt.num_sack_blocks; i++)
        take_block(c, in->s.opt.sack_block[i], una, now);
    c->recovery.rack.fack = tcp_scoreboard_highest_sacked(&c->recovery.board, una);
    if (has_duplicate(&in->s)) {
        tcp_rack_duplicate(&c->recovery.rack, c->snd_una, c->snd_max);
        tcp_undo_duplicate(c, in->s.opt.sack_block[0]);
    }
}
static void lose_oldest(struct tcp_conn *c)
{
    uint32_t end = seq_min(c->snd_una + c->snd_mss, c->snd_max);
    if (c->snd_una != end)
        tcp_scoreboard_mark(&c->recovery.board, c->snd_una, c->snd_una, end, TCP_RANGE_LOST, 0);
}
/* RFC 6582, for a peer without SACK. */
static void count_duplicates(struct tcp_conn *c, uint32_t bytes, bool is_duplicate)
{
    struct tcp_recovery *r = &c->recovery;
    if (is_duplicate) {
        r->num_duplicates = (uint16_t)u32_min(r->num_duplicates + 1u, UINT16_MAX);
        if (r->num_duplicates == DUPLICATES_MEAN_LOSS && r->mode == TCP_NO_RECOVERY && seq_lt(r->point, c->snd_una))
            lose_oldest(c);
        return;
    }
    uint32_t arrived = bytes / c->snd_mss;
    if (r->mode != TCP_FAST_RECOVERY)
        r->num_duplicates = bytes > 0 ? 0 : r->num_duplicates;
    else if (bytes > 0 && seq_lt(c->snd_una, r->point)) {
        r->num_duplicates = (uint16_t)(r->num_duplicates + 1u - u32_min(u32_max(arrived, 1), r->num_duplicates + 1u));
        lose_oldest(c);
    }
}

/* RFC 8985 section 7.4.2. */
static void end_probe(struct tcp_conn *c, const struct tcp_incoming *in, uint32_t flight, bool is_duplicate)
{
    struct tcp_recovery *r = &c->recovery;
    if (!r->probe_is_out || seq_lt(in->s.ack, r->probe_end))
        return;
    bool is_over = !r->probe_was_sent_before || has_duplicate(&in->s) || is_duplicate;
    if (!is_over && in->s.ack == r->probe_end)
        return;                                     /* of which of the two? the next one tells */
    r->probe_is_out = false;
    if (is_over || r->mode != TCP_NO_RECOVERY)
        return;
    reduce_at_once(c, flight);
}

/* How much is sent for this acknowledgment. What was SACKed before has been counted. */
static void adjust_window(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t delivered, bool has_moved,
                          uint32_t flight)
{
    struct tcp_recovery *r = &c->recovery;
    struct tcp_congestion *g = &c->congestion;
    uint32_t at_least = 0;
    if (r->mode != TCP_NO_RECOVERY && seq_leq(r->point, c->snd_una))
        end_recovery(c);
    if (is_congestion(t, c)) {
        begin_fast_recovery(c, flight);
        at_least = g->mss;
    }
    if (r->mode == TCP_FAST_RECOVERY)
        reduce_rate(c, delivered, has_moved && !r->has_lost_more ? g->mss : 0, at_least);
    else if (has_moved && tcp_congestion_is_used(g))
        tcp_congestion_acknowledged(g, &(struct tcp_delivery){ delivered, flight, tcp_rto_srtt(&c->rto), in->now });
}

void tcp_recovery_received(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, bool is_duplicate)
{
    struct tcp_recovery *r = &c->recovery;
    uint32_t bytes = in->s.ack - seq_min(c->snd_una, in->s.ack), sacked = r->board.sacked, flight = c->snd_max - c->snd_una;
    uint32_t lost = r->board.lost;
    borrow_ranges(t, c, 2 * (in->s.opt.num_sack_blocks + 1u));
    if (c->agreed.sack)
        take_sacks(c, in);
    c->snd_una += bytes;
    tcp_scoreboard_acked(&r->board, c->snd_una);
    uint32_t delivered = bytes + r->board.sacked - sacked;
    tcp_undo_received(t, c, in, bytes, r->board.lost < lost);
    lost = r->board.lost;
    end_probe(c, in, flight, is_duplicate && in->s.opt.num_sack_blocks == 0);
    if (bytes > 0 || c->timer_kind == TCP_TIMER_REORDER || (c->timer_kind == TCP_TIMER_TAIL_PROBE && !tcp_recovery_is_idle(r)))
        tcp_recovery_set_timer(t, c, in->now);
    if (c->agreed.sack) {
        detect(t, c, in->now);
    } else {
        delivered = is_duplicate ? c->snd_mss : bytes - u32_min(r->num_duplicates * c->snd_mss, bytes - u32_min(bytes, c->snd_mss));
        count_duplicates(c, bytes, is_duplicate);
    }
    r->has_lost_more = r->board.lost > lost;
    adjust_window(t, c, in, delivered, bytes > 0, flight);
    if (tcp_recovery_is_idle(r)) {
        r->rack.is_valid = false;
        return_ranges(t, c);
    }
    tcp_conn_output(t, c);
}
