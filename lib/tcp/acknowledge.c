// SPDX-License-Identifier: ISC
/* acknowledge.c - the sender hears of its segments: what was acknowledged, how far the peer's window reaches, what
 * has to be sent again (RFC 9293 section 3.10.7.4, RFC 5681 section 3.2, RFC 6298 section 5). */
#include "lib/tcp/engine.h"

/* Karn: only what was sent once is timed; with timestamps also what was sent again (RFC 7323 section 4). */
static void sample_round_trip(struct tcp_conn *c, const struct tcp_incoming *in)
{
    if (c->is_timing_rtt && seq_leq(c->rtt_seq, in->s.ack)) {
        c->is_timing_rtt = false;
        tcp_rto_sample(&c->rto, nanos_sub(in->now, c->rtt_sent_at));
    } else if (c->rto.backoff > 0 && c->agreed.timestamps) {
        uint32_t ticks = tcp_timestamp(&c->agreed, in->now) - in->s.opt.ts_ecr;
        nanos round_trip = ((nanos)ticks + 1) << TCP_TIMESTAMP_SHIFT;
        if (round_trip <= TCP_RTO_MAX)
            tcp_rto_sample(&c->rto, round_trip);
    }
}
static void fin_was_acknowledged(struct tcp *t, struct tcp_conn *c, nanos now)
{
    c->has_fin_to_send = false;
    if (c->state == TCP_FIN_WAIT_1) {
        c->state = TCP_FIN_WAIT_2;
        if (c->is_released)
            tcp_conn_set_timer(t, c, TCP_TIMER_LINGER, nanos_add(now, TCP_FIN_WAIT_2_MAX));
    } else if (c->state == TCP_CLOSING) {
        tcp_time_wait_enter(t, c, now);
    } else if (c->state == TCP_LAST_ACK) {
        tcp_conn_end(t, c, TCP_END_ORDERLY);
    }
}
static void acknowledged(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t flight = c->snd_max - c->snd_una, bytes = in->s.ack - c->snd_una;
    bool has_fin = bytes > c->send.num_bytes, had_bytes = c->send.num_bytes > 0;
    tcp_send_queue_acked(&c->send, bytes);
    sample_round_trip(c, in);
    c->snd_una = in->s.ack;
    c->snd_nxt = seq_max(c->snd_nxt, c->snd_una);
    c->retries = 0;
    c->retransmit_due = tcp_congestion_acknowledged(&c->congestion, c->snd_una, bytes, flight, in->now);
    enum tcp_timer_kind kind = c->snd_una == c->snd_max ? TCP_TIMER_NONE : TCP_TIMER_RETRANSMIT;
    tcp_conn_set_timer(t, c, kind, nanos_add(in->now, tcp_rto_now(&c->rto)));
    if (c->wants_room) {
        c->wants_room = false;
        tcp_conn_news(t, c, TCP_WRITABLE);
    }
    if (had_bytes && c->send.num_bytes == 0)
        tcp_conn_news(t, c, TCP_SENT);
    else if (c->send.num_bytes > 0 || c->has_fin_to_send)
        tcp_conn_output(t, c);
    if (has_fin)
        fin_was_acknowledged(t, c, in->now);
}

/* RFC 5681 section 2. The answer to a window probe is none: SND.NXT does not count those. */
static bool is_duplicate(const struct tcp_conn *c, const struct tcp_incoming *in, uint32_t window)
{
    return in->s.ack == c->snd_una && c->snd_nxt != c->snd_una && tcp_incoming_length(in) == 0 && window == c->snd_wnd;
}
static void update_window(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t window)
{
    bool is_newer = seq_lt(c->snd_wl1, in->s.seq) || (c->snd_wl1 == in->s.seq && seq_leq(c->snd_wl2, in->s.ack));
    if (!is_newer || seq_lt(in->s.ack, c->snd_una))
        return;
    if (window > c->snd_wnd && c->send.num_bytes + c->has_fin_to_send > 0)
        tcp_conn_output(t, c);
    c->snd_wnd = window;
    c->max_snd_wnd = u32_max(c->max_snd_wnd, window);
    c->snd_wl1 = in->s.seq;
    c->snd_wl2 = in->s.ack;
}

void tcp_conn_received_ack(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t window = (uint32_t)in->s.window << c->agreed.snd_wind_shift;
    bool duplicate = is_duplicate(c, in, window);
    update_window(t, c, in, window);
    if (c->timer_kind == TCP_TIMER_PERSIST)
        c->retries = 0;                     /* the peer is there */
    if (seq_lt(c->snd_una, in->s.ack)) {
        acknowledged(t, c, in);
    } else if (duplicate) {
        if (tcp_congestion_duplicate(&c->congestion, c->snd_una, c->snd_max, in->now))
            c->retransmit_due = true;
        tcp_conn_output(t, c);
    }
}
