// SPDX-License-Identifier: ISC
/* output.c - what is to be sent now: resets, handshakes, lost segments again, new data as far as the peer's window and
 * the congestion window reach, FIN, window probes, and acknowledgments, which ride on data where there is some.
 * (RFC 9293 sections 3.8, 3.10; the sender's side of silly window avoidance is section 3.8.6.2.1. There is no Nagle
 * algorithm: the last piece of what was written goes out at once.) */
#include "lib/tcp/engine.h"

struct extent {                 /* of sequence space to send */
    uint32_t seq, bytes;
    bool fin, is_last;          /* nothing more is queued behind it */
};

/* A whole number of segments, unless it is everything, or the most that such a peer ever takes. */
static uint32_t avoid_silly_window(const struct tcp_conn *c, uint32_t bytes, size_t unsent)
{
    if (bytes == unsent)
        return bytes;
    if (bytes >= c->snd_mss)
        return bytes - bytes % c->snd_mss;
    return c->max_snd_wnd < 2 * (uint32_t)c->snd_mss && bytes >= c->max_snd_wnd / 2 ? bytes : 0;
}
static struct extent new_data(const struct tcp *t, const struct tcp_conn *c)
{
    struct extent e = { .seq = c->snd_nxt };
    uint32_t in_flight = c->snd_nxt - c->snd_una;
    if (in_flight > c->send.num_bytes)
        return e;                                           /* FIN is on its way */
    size_t unsent = c->send.num_bytes - in_flight;
    uint32_t congestion = tcp_congestion_window(&c->congestion);
    uint32_t window = u32_min(c->snd_wnd, congestion);
    uint32_t room = window > in_flight ? window - in_flight : 0;
    uint32_t most = u32_max(t->cfg.gso_max_bytes, c->snd_mss);
    uint32_t bytes = (uint32_t)size_min(size_min(unsent, room), most);
    e.bytes = avoid_silly_window(c, bytes, unsent);
    e.is_last = e.bytes == unsent;
    e.fin = c->has_fin_to_send && e.is_last && c->snd_wnd > in_flight + e.bytes;
    return e;
}

/* The segment at SND.UNA once more; SND.NXT stays. */
static struct extent lost_segment(const struct tcp_conn *c)
{
    struct extent e = { .seq = c->snd_una };
    uint32_t was_sent = c->snd_max - c->snd_una;
    e.bytes = (uint32_t)size_min(u32_min(c->snd_mss, was_sent), c->send.num_bytes);
    e.is_last = e.bytes == c->send.num_bytes;
    e.fin = e.is_last && was_sent > e.bytes;
    return e;
}
/* What a window that was too small to be worth it takes after all, or one octet beyond a closed one (RFC 9293 sections
 * 3.8.6.1 and 3.8.6.2.1); SND.NXT stays. */
static struct extent window_probe(const struct tcp_conn *c)
{
    struct extent e = { .seq = c->snd_una };
    e.bytes = (uint32_t)size_min(u32_min(u32_max(c->snd_wnd, 1), c->snd_mss), c->send.num_bytes);
    e.fin = e.bytes == 0 && c->has_fin_to_send;
    return e;
}

/* Every segment acknowledges; so what was due is done. */
static void emit(struct tcp *t, struct tcp_conn *c, struct extent e, struct tcp_out *out, nanos now)
{
    struct tcp_segment s = { .seq = e.seq, .ack = c->rcv_nxt, .flags = TCP_ACK };
    if (e.fin)
        s.flags |= TCP_FIN;
    if (e.bytes > 0 && e.is_last)
        s.flags |= TCP_PSH;
    s.window = tcp_conn_announce_window(t, c);
    tcp_segment_add_timestamps(&s, &c->agreed, now);
    tcp_segment_out(t, &c->entry.tuple, &s, out);
    c->last_ack_sent = c->rcv_nxt;
    c->ack_due = c->ack_delayed = false;
}
static void note_sent(struct tcp *t, struct tcp_conn *c, struct extent e, nanos now)
{
    uint32_t end = e.seq + e.bytes + e.fin;
    if (seq_lt(e.seq, c->snd_max)) {
        count_up(&t->stats.retransmitted);
    } else if (!c->is_timing_rtt) {
        c->is_timing_rtt = true;
        c->rtt_seq = end;
        c->rtt_sent_at = now;
    }
    c->snd_max = seq_max(c->snd_max, end);
    c->last_sent_at = now;
}
static void emit_data(struct tcp *t, struct tcp_conn *c, struct tcp_place from, struct extent *e, struct tcp_out *out,
                      nanos now)
{
    tcp_send_queue_gather(&c->send, from, e->bytes, out);
    if (out->payload_bytes < e->bytes) {                    /* in too many parts: the rest is another segment */
        uint32_t fits = (uint32_t)out->payload_bytes;
        fits -= fits > c->snd_mss ? fits % c->snd_mss : 0;
        *e = (struct extent){ .seq = e->seq, .bytes = fits };
        tcp_send_queue_gather(&c->send, from, e->bytes, out);
    }
    out->gso_bytes = e->bytes > c->snd_mss ? c->snd_mss : 0;
    emit(t, c, *e, out, now);
    note_sent(t, c, *e, now);
}

static bool emit_again(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    struct extent e = c->retransmit_due ? lost_segment(c) : window_probe(c);
    bool is_retransmission = c->retransmit_due;
    c->retransmit_due = c->probe_due = false;
    if (e.bytes == 0 && !e.fin)
        return false;
    emit_data(t, c, (struct tcp_place){ 0 }, &e, out, now);
    c->is_timing_rtt = false;                               /* Karn */
    enum tcp_timer_kind kind = is_retransmission ? TCP_TIMER_RETRANSMIT : TCP_TIMER_PERSIST;
    tcp_conn_set_timer(t, c, kind, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}
static bool emit_new(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (c->snd_max == c->snd_una && now > nanos_add(c->last_sent_at, tcp_rto_now(&c->rto)))
        tcp_congestion_idle(&c->congestion);
    struct extent e = new_data(t, c);
    if (e.bytes == 0 && !e.fin) {
        bool is_waiting = c->snd_nxt == c->snd_una && (c->send.num_bytes > 0 || c->has_fin_to_send);
        if (is_waiting && c->timer_kind != TCP_TIMER_PERSIST)
            tcp_conn_set_timer(t, c, TCP_TIMER_PERSIST, nanos_add(now, tcp_rto_now(&c->rto)));
        return false;
    }
    emit_data(t, c, c->send.next, &e, out, now);
    tcp_send_queue_move(&c->send, &c->send.next, e.bytes);
    c->snd_nxt += e.bytes + e.fin;
    if (c->timer_kind != TCP_TIMER_RETRANSMIT)
        tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}
static bool conn_emit(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (!tcp_conn_is_synchronized(c))
        return tcp_handshake_output(t, c, out, now);
    if ((c->retransmit_due || c->probe_due) && emit_again(t, c, out, now))
        return true;
    if ((c->send.num_bytes > 0 || c->has_fin_to_send) && emit_new(t, c, out, now))
        return true;
    if (!c->ack_due)
        return false;
    emit(t, c, (struct extent){ .seq = tcp_conn_seq_to_ack_with(c) }, out, now);
    return true;
}

bool tcp_output(struct tcp *t, struct tcp_out *out, nanos now)
{
    out->num_parts = 0;
    out->payload_bytes = 0;
    out->gso_bytes = 0;
    if (tcp_reply_output(t, out) || tcp_half_open_output(t, out, now))
        return true;
    for (struct link *l; (l = list_pop_front(&t->output_due)) != NULL;) {
        struct tcp_conn *c = LINKED(l, struct tcp_conn, output);
        if (!conn_emit(t, c, out, now))
            continue;
        tcp_conn_output(t, c);              /* perhaps there is more; the others first */
        return true;
    }
    return false;
}
