// SPDX-License-Identifier: ISC
/* output.c - what is to be sent now: resets, handshakes, lost segments again, new data as far as the peer's window and
 * the congestion window reach, FIN, window probes, and acknowledgments, which ride on data where there is some.
 * (RFC 9293 sections 3.8, 3.10; the sender's side of silly window avoidance is section 3.8.6.2.1. Without
 * Nagle's algorithm, section 3.7.4, the last piece of what was written goes out at once.) */
#include "lib/tcp/engine.h"

struct extent {                 /* of sequence space to send */
    uint32_t seq, bytes;
    bool fin, is_last;          /* nothing more is queued behind it */
    bool is_probe;              /* of the path: one segment, however large */
};

/* A whole number of segments, unless it is everything, or the most that such a peer ever takes. */
static uint32_t avoid_silly_window(const struct tcp *t, const struct tcp_conn *c, uint32_t bytes, size_t unsent)
{
    if (bytes == unsent && !(t->choosing && t->choosing->holds(c)))
        return bytes;
    if (bytes >= c->snd_mss)
        return bytes - bytes % c->snd_mss;
    return c->max_snd_wnd < 2 * (uint32_t)c->snd_mss && bytes >= c->max_snd_wnd / 2 ? bytes : 0;
}
static struct extent new_data(const struct tcp *t, const struct tcp_conn *c, nanos now)
{
    struct extent e = { .seq = c->snd_nxt };
    uint32_t in_flight = c->snd_nxt - c->snd_una;
    if (in_flight > c->send.num_bytes)
        return e;                                           /* FIN is on its way */
    size_t unsent = c->send.num_bytes - in_flight;
    uint32_t pipe = tcp_conn_pipe(c), cwnd = c->congestion.cwnd;
    uint32_t room = u32_min(cwnd > pipe ? cwnd - pipe : 0, c->snd_wnd > in_flight ? c->snd_wnd - in_flight : 0);
    uint32_t bytes = (uint32_t)size_min(unsent, room);
    e.bytes = avoid_silly_window(t, c, tcp_conn_burst_bytes(t, c, bytes, bytes < unsent && pipe == in_flight ? now : NEVER), unsent);
    e.fin = c->has_fin_to_send && e.bytes == unsent && c->snd_wnd > in_flight + e.bytes;
    e.is_last = e.bytes == unsent && !c->chosen.has_more;
    return e;
}

/* Octets that were sent before, once more; FIN is behind the last byte. */
static struct extent sent_before(const struct tcp_conn *c, uint32_t start, uint32_t end)
{
    struct extent e = { .seq = start };
    uint32_t offset = start - c->snd_una, left = (uint32_t)size_min(c->send.num_bytes - size_min(offset, c->send.num_bytes), UINT32_MAX);
    e.bytes = u32_min(end - start, left);
    e.is_last = e.bytes == left;
    e.fin = end - start > left;
    return e;
}
/* What is lost, as far as the windows reach; of the oldest octets always a segment. */
static struct extent lost_data(const struct tcp *t, const struct tcp_conn *c, const struct tcp_piece *lost)
{
    uint32_t pipe = tcp_conn_pipe(c), room = c->congestion.cwnd > pipe ? c->congestion.cwnd - pipe : 0;
    uint32_t before = lost->start - c->snd_una, bytes = lost->end - lost->start;
    if (room < u32_min(bytes, c->snd_mss))
        return (struct extent){ 0 };
    if (before > 0)
        room = u32_min(room, c->snd_wnd > before ? c->snd_wnd - before : 0);
    else
        room = u32_min(room, u32_max(c->snd_wnd, c->snd_mss));
    if (bytes > room)
        bytes = room > c->snd_mss ? room - room % c->snd_mss : room;
    return sent_before(c, lost->start, lost->start + tcp_conn_burst_bytes(t, c, bytes, NEVER));
}
/* What a window that was too small to be worth it takes after all, or one octet beyond a closed one (RFC 9293 sections
 * 3.8.6.1 and 3.8.6.2.1); SND.NXT stays. */
static struct extent window_probe(const struct tcp_conn *c)
{
    struct extent e = { .seq = c->snd_una };
    e.bytes = (uint32_t)size_min(u32_min(u32_max(c->snd_wnd, 1), c->snd_mss), c->send.num_bytes);
    e.is_last = e.bytes == c->send.num_bytes;
    e.fin = e.bytes == 0 && c->has_fin_to_send;
    return e;
}

/* A receiver that collects segments need not wait for more: behind a piece of several, unless more of what is lost follows it, at the end
 * of all, and where the text of a SYN ended. */
static bool pushes(const struct tcp_conn *c, const struct extent *e)
{
    bool is_end = e->is_last || e->seq + e->bytes == c->iss + 1 + c->syn_text_bytes;
    return e->bytes > 0 && (is_end || (e->bytes > c->snd_mss && e->bytes >= c->recovery.board.lost));
}
/* Every segment acknowledges; so what was due is done. */
static void emit(struct tcp *t, struct tcp_conn *c, struct extent e, struct tcp_out *out, nanos now)
{
    struct tcp_segment s = { .seq = e.seq, .ack = c->rcv_nxt, .flags = TCP_ACK };
    if (e.fin)
        s.flags |= TCP_FIN;
    if (pushes(c, &e))
        s.flags |= TCP_PSH;
    if (c->ecn_echo_due)
        s.flags |= TCP_ECE;
    if (c->agreed.ecn && e.bytes > 0 && e.seq == c->snd_max) {      /* new text */
        out->ecn = TCP_ECT_0;
        s.flags |= c->cwr_due ? TCP_CWR : 0;
        c->cwr_due = false;
    }
    s.window = tcp_conn_announce_window(t, c);
    tcp_segment_add_timestamps(&s, &c->agreed, now);
    if (c->agreed.sack && e.bytes == 0 && !tcp_sack_list_is_empty(&c->sacks))
        tcp_sack_list_report(&c->sacks, &s.opt);
    tcp_segment_out(t, &c->entry.tuple, &s, out);
    c->last_ack_sent = c->rcv_nxt;
    c->ack_due = c->ack_delayed = false;
}
static void note_sent(struct tcp *t, struct tcp_conn *c, struct extent e, nanos now)
{
    uint32_t end = e.seq + e.bytes + e.fin;
    if (seq_lt(e.seq, c->snd_max)) {
        count_up(&t->stats.retransmitted);
        c->num_sent_again++;
        tcp_undo_sent_again(c, e.seq, end, now);
    }
    if (seq_lt(c->snd_max, end)) {
        c->snd_max = end;
        tcp_congestion_sent(&c->congestion, c->snd_una, end);
        if (c->rcv_nxt - c->irs > 1 && now < nanos_add(c->heard_at, TCP_DELAYED_ACK))
            c->num_quick_acks = 0;                          /* an answer: the next one will acknowledge, too */
        tcp_sent_log_note(&c->recovery.log, end, tcp_ticks(now), c->rto.srtt_us / TCP_SENT_GROUPS);
    }
    if ((end - e.seq) % c->snd_mss > 0)
        c->recovery.short_end = c->snd_max;
    c->recovery.prr.out += end - e.seq;
    c->last_sent_at = now;
}
static void emit_data(struct tcp *t, struct tcp_conn *c, struct tcp_place from, struct extent *e, struct tcp_out *out,
                      nanos now)
{
    if (c->cwr_due && e->bytes > c->snd_mss)                /* on one segment, not on all that a device makes of it */
        *e = (struct extent){ .seq = e->seq, .bytes = c->snd_mss };
    tcp_send_queue_gather(&c->send, from, e->bytes, out);
    if (out->payload_bytes < e->bytes) {                    /* in too many parts: the rest is another segment */
        uint32_t fits = (uint32_t)out->payload_bytes;
        fits -= fits > c->snd_mss ? fits % c->snd_mss : 0;
        *e = (struct extent){ .seq = e->seq, .bytes = fits };
        c->mtu.probe_bytes = 0;
        tcp_send_queue_gather(&c->send, from, e->bytes, out);
    }
    out->gso_bytes = e->bytes > c->snd_mss && !e->is_probe ? c->snd_mss : 0;
    emit(t, c, *e, out, now);
    note_sent(t, c, *e, now);
}

static void emit_again(struct tcp *t, struct tcp_conn *c, struct extent *e, struct tcp_out *out, nanos now)
{
    struct tcp_place from = { 0 };
    tcp_send_queue_move(&c->send, &from, size_min(e->seq - c->snd_una, c->send.num_bytes));
    emit_data(t, c, from, e, out, now);
}
static bool emit_lost(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    struct tcp_scoreboard *b = &c->recovery.board;
    struct tcp_piece lost;
    if (!tcp_scoreboard_first_lost(b, &lost))
        return false;
    struct extent e = lost_data(t, c, &lost);
    if (e.bytes == 0 && !e.fin)
        return false;
    emit_again(t, c, &e, out, now);
    /* With no room to tell them apart all of the range counts as sent again: then the timer finds what was not. */
    uint32_t end = e.seq + e.bytes + e.fin;
    end = tcp_scoreboard_has_room(b, e.seq, end) ? end : lost.end;
    tcp_scoreboard_mark(b, c->snd_una, e.seq, end, TCP_RANGE_RESENT, tcp_resent_at(c, now));
    if (e.seq == c->snd_una || c->timer_kind == TCP_TIMER_NONE || c->timer_kind == TCP_TIMER_PERSIST)
        tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}
/* RFC 8985 section 7.3: new data if there is some that the peer takes, else the last segment again. */
static bool emit_tail_probe(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    uint32_t in_flight = c->snd_nxt - c->snd_una;
    bool has_new = in_flight < c->send.num_bytes && c->snd_wnd >= in_flight + c->snd_mss;
    uint32_t start = seq_max(tcp_sent_log_last(&c->recovery.log, c->snd_una), c->snd_max - c->snd_mss);
    struct extent e = sent_before(c, start, c->snd_max);
    c->recovery.probe_due = false;
    if (c->snd_una == c->snd_max)                       /* all of it was acknowledged since the timer fired */
        return false;
    if (has_new) {
        size_t unsent = c->send.num_bytes - in_flight;
        e = (struct extent){ .seq = c->snd_nxt, .bytes = (uint32_t)size_min(unsent, c->snd_mss) };
        e.is_last = e.bytes == unsent;
        emit_data(t, c, c->send.next, &e, out, now);
        tcp_send_queue_move(&c->send, &c->send.next, e.bytes);
        c->snd_nxt += e.bytes;
    } else if (e.bytes > 0 || e.fin) {
        emit_again(t, c, &e, out, now);
    } else {
        return false;
    }
    tcp_recovery_probe_sent(c, !has_new);
    return true;
}
static bool emit_window_probe(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    struct extent e = window_probe(c);
    c->probe_due = false;
    if (e.bytes == 0 && !e.fin)
        return false;
    emit_again(t, c, &e, out, now);
    tcp_conn_set_timer(t, c, TCP_TIMER_PERSIST, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}
static void emit_from_next(struct tcp *t, struct tcp_conn *c, struct extent *e, struct tcp_out *out, nanos now)
{
    emit_data(t, c, c->send.next, e, out, now);
    tcp_send_queue_move(&c->send, &c->send.next, e->bytes);
    c->snd_nxt += e->bytes + e->fin;
    if (c->timer_kind != TCP_TIMER_RETRANSMIT && c->timer_kind != TCP_TIMER_REORDER)
        tcp_recovery_set_timer(t, c, now);
}
bool tcp_conn_emit_text(struct tcp *t, struct tcp_conn *c, uint32_t bytes, struct tcp_out *out, nanos now)
{
    struct extent e = { .seq = c->snd_nxt, .bytes = bytes, .is_last = true };
    if (bytes > u32_min(c->snd_wnd, c->congestion.cwnd))
        return false;
    emit_from_next(t, c, &e, out, now);
    return true;
}
static bool emit_new(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (c->snd_max == c->snd_una && now > nanos_add(c->last_sent_at, tcp_rto_now(&c->rto)))
        tcp_congestion_idle(&c->congestion);
    struct extent e = new_data(t, c, now);
    uint32_t probe = t->mtu_probing && e.bytes > 0 ? t->mtu_probing->next(c, now) : 0;
    if (probe > 0)
        e = (struct extent){ .seq = c->snd_nxt, .bytes = probe, .is_probe = true };
    if (e.bytes == 0 && !e.fin) {
        bool is_waiting = c->snd_nxt == c->snd_una && (c->send.num_bytes > 0 || c->has_fin_to_send);
        if (is_waiting && c->timer_kind != TCP_TIMER_PERSIST)
            tcp_conn_set_timer(t, c, TCP_TIMER_PERSIST, nanos_add(now, tcp_rto_now(&c->rto)));
        return false;
    }
    emit_from_next(t, c, &e, out, now);
    return true;
}
static bool emit_data_due(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (c->probe_due && emit_window_probe(t, c, out, now))
        return true;
    if (c->recovery.probe_due && emit_tail_probe(t, c, out, now))
        return true;
    if (c->recovery.board.lost > 0 && c->recovery.undo.frto != TCP_FRTO_SENDS_NEW)
        return emit_lost(t, c, out, now);
    return (c->send.num_bytes > 0 || c->has_fin_to_send) && emit_new(t, c, out, now);
}
/* What is SACKed goes out first, alone: data would leave it no room. */
static bool conn_emit(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (c->fast_opening && c->fast_opening->output(t, c, out, now))
        return true;
    if (!tcp_conn_is_synchronized(c))
        return tcp_handshake_output(t, c, out, now);
    bool has_sacks = c->ack_due && c->agreed.sack && !tcp_sack_list_is_empty(&c->sacks);
    if (!has_sacks && emit_data_due(t, c, out, now))
        return true;
    if (!c->ack_due && !c->keepalive_due)
        return false;
    uint32_t before = c->keepalive_due && c->snd_una == c->snd_max;     /* draws an acknowledgment */
    c->keepalive_due = false;
    emit(t, c, (struct extent){ .seq = tcp_conn_seq_to_ack_with(c) - before }, out, now);
    return true;
}

/* Has it sent all that it could have to send? A look that finds nothing costs as much as one that sends. */
static bool is_through(const struct tcp *t, const struct tcp_conn *c)
{
    return tcp_conn_is_synchronized(c) && c->snd_nxt - c->snd_una == c->send.num_bytes && !c->has_fin_to_send &&
           c->recovery.board.lost == 0 && !c->recovery.probe_due && !c->probe_due && !c->keepalive_due && !t->choosing && !c->fast_opening;
}

bool tcp_output(struct tcp *t, struct tcp_out *out, nanos now)
{
    out->num_parts = 0;
    out->payload_bytes = 0;
    out->gso_bytes = 0;
    out->ecn = 0;
    if (tcp_reply_output(t, out) || tcp_half_open_output(t, out, now))
        return true;
    for (struct link *l; (l = list_pop_front(&t->output_due)) != NULL;) {
        struct tcp_conn *c = LINKED(l, struct tcp_conn, output);
        if (conn_emit(t, c, out, now)) {
            if (!is_through(t, c))
                tcp_conn_output(t, c);      /* the others first */
            return true;
        }
        if (t->choosing)
            t->choosing->look(t, c, now);
    }
    return false;
}
