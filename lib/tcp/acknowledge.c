// SPDX-License-Identifier: ISC
/* acknowledge.c - the sender hears of its segments: what was acknowledged, how far the peer's window reaches, what
 * has to be sent again (RFC 9293 section 3.10.7.4, RFC 5681 section 3.2, RFC 6298 section 5). */
#include "lib/tcp/engine.h"

/* RFC 7323 section 4; a timestamp clock that ticked once may have ticked at once. */
static nanos round_trip_by_timestamp(const struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t ticks = tcp_timestamp(&c->agreed, in->now) - in->s.opt.ts_ecr;
    return ((nanos)ticks + 1) << TCP_TIMESTAMP_SHIFT;
}
/* Karn: only what was sent once is timed; with timestamps also what was sent again. */
static void sample_round_trip(struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t sent_at;
    if (!tcp_sent_log_acked(&c->recovery.log, in->s.ack, &sent_at))
        return;
    uint32_t ticks = tcp_ticks(in->now) - sent_at;
    tcp_rto_sample(&c->rto, (nanos)ticks << TCP_TICK_SHIFT);
    tcp_rack_round_trip(&c->recovery.rack, ticks);
}
static void sample_round_trip_again(struct tcp_conn *c, const struct tcp_incoming *in)
{
    if (c->rto.backoff == 0 || !c->agreed.timestamps)
        return;
    nanos round_trip = round_trip_by_timestamp(c, in);
    if (round_trip <= TCP_RTO_MAX)
        tcp_rto_sample(&c->rto, round_trip);
}
/* In slow start every acknowledgment tells of the queue that is building up. */
static void grow(struct tcp_conn *c, const struct tcp_incoming *in, uint32_t bytes)
{
    struct tcp_delivery d = { bytes, c->snd_max - c->snd_una, tcp_rto_srtt(&c->rto), in->now };
    if (!tcp_congestion_is_used(&c->congestion))
        return;
    if (c->congestion.ssthresh == TCP_CWND_MAX && c->agreed.timestamps)
        d.round_trip = round_trip_by_timestamp(c, in);
    tcp_congestion_acknowledged(&c->congestion, &d);
}
/* `bytes`: so much more than before, SND.UNA is there already. */
static void acknowledged(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t bytes)
{
    bool has_fin = bytes > c->send.num_bytes, had_bytes = c->send.num_bytes > 0;
    tcp_send_queue_acked(&c->send, bytes);
    c->snd_nxt = seq_max(c->snd_nxt, c->snd_una);
    c->retries = 0;
    if (c->wants_room) {
        c->wants_room = false;
        tcp_conn_news(t, c, TCP_WRITABLE);
    }
    if (had_bytes && c->send.num_bytes == 0)
        tcp_conn_news(t, c, TCP_SENT);
    tcp_conn_output(t, c);
    if (has_fin)
        tcp_conn_fin_acknowledged(t, c, in->now);
}

/* RFC 5681 section 2. The answer to a window probe is none: SND.NXT does not count those. */
static bool is_duplicate(const struct tcp_conn *c, const struct tcp_incoming *in, uint32_t window)
{
    return in->s.ack == c->snd_una && c->snd_nxt != c->snd_una && tcp_incoming_length(in) == 0 && window == c->snd_wnd;
}
/* RFC 9293 section 3.10.7.4, but that who acknowledges more has sent later, whatever octets it sent again with that. */
static void update_window(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t window)
{
    bool is_newer = seq_lt(c->snd_una, in->s.ack) || seq_lt(c->snd_wl1, in->s.seq) ||
                    (c->snd_wl1 == in->s.seq && seq_leq(c->snd_wl2, in->s.ack));
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
    uint32_t bytes = seq_lt(c->snd_una, in->s.ack) ? in->s.ack - c->snd_una : 0;
    bool duplicate = is_duplicate(c, in, window);
    bool is_undisturbed = tcp_recovery_is_idle(&c->recovery) && in->s.opt.num_sack_blocks == 0;
    uint32_t flight = c->snd_max - c->snd_una;
    update_window(t, c, in, window);
    if (c->timer_kind == TCP_TIMER_PERSIST || c->timer_kind == TCP_TIMER_KEEPALIVE || window == 0)
        c->retries = 0;                     /* the peer is there */
    if (!is_undisturbed || (duplicate && !c->agreed.sack)) {
        if (bytes > 0)
            sample_round_trip_again(c, in);
        tcp_recovery_received(t, c, in, duplicate);
        tcp_sent_log_forget(&c->recovery.log, c->snd_una);
    } else if (bytes > 0) {
        sample_round_trip(c, in);
        grow(c, in, bytes);
        c->snd_una = in->s.ack;
        tcp_recovery_set_timer(t, c, in->now);
    }
    if (bytes > 0 && c->agreed.ecn && in->s.flags & TCP_ECE)
        tcp_recovery_ecn_echo(c, flight, bytes);
    if (bytes > 0)
        acknowledged(t, c, in, bytes);
}
