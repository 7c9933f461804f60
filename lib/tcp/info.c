// SPDX-License-Identifier: ISC
/* info.c - what can be told of a connection while it goes on. */
#include "lib/tcp/engine.h"

struct tcp_info tcp_info(const struct tcp *t, const struct tcp_conn *c)
{
    const struct tcp_recovery *r = &c->recovery;
    struct tcp_info i = {
        .round_trip = tcp_rto_srtt(&c->rto), .round_trip_varies = c->rto.rttvar_us * NS_PER_US,
        .round_trip_min = (nanos)r->rack.min_rtt << TCP_TICK_SHIFT, .retransmission_timeout = tcp_rto_now(&c->rto),
        .mss_bytes = c->snd_mss, .cwnd_bytes = c->congestion.cwnd, .peer_window_bytes = c->snd_wnd,
        .our_window_bytes = c->rcv_adv - c->rcv_nxt, .in_flight_bytes = c->snd_max - c->snd_una, .pipe_bytes = tcp_conn_pipe(c),
        .sacked_bytes = r->board.sacked, .delivered_bytes = c->snd_una - c->iss - 1 + r->board.sacked,
        .num_sent_again = c->num_sent_again, .lost_bytes = r->board.lost, .queued_bytes = c->send.num_bytes,
        .unread_bytes = c->receive.num_bytes, .num_timeouts = c->retries, .is_recovering = r->mode != TCP_NO_RECOVERY,
        .reordering_bytes = r->rack.reordering, .has_timestamps = c->agreed.timestamps, .has_sack = c->agreed.sack,
        .has_ecn = c->agreed.ecn, .uses_cubic = t->congestion == &tcp_cubic };
    i.syn_text_bytes = c->state == TCP_SYN_SENT || c->state == TCP_SYN_RECEIVED || c->syn_text_refused ? 0 : c->syn_text_bytes;
    i.ssthresh_bytes = c->congestion.ssthresh == TCP_CWND_MAX ? 0 : c->congestion.ssthresh;
    return i;
}
