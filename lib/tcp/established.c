// SPDX-License-Identifier: ISC
/* established.c - a segment for a synchronized connection, up to its acknowledgment and text: is it in the window
 * (RFC 9293 section 3.10.7.4), is it old (PAWS, RFC 7323 section 5), is it an attack (RFC 5961)? */
#include "lib/tcp/engine.h"

/* The four cases of RFC 9293 table 6, with two allowances: an empty segment at the very edge of the window, where a
 * peer is that has filled it, and one at RCV.NXT of a closed window, whose acknowledgment is worth having. */
static bool is_acceptable(const struct tcp_conn *c, const struct tcp_incoming *in)
{
    uint32_t window = c->rcv_adv - c->rcv_nxt, length = tcp_incoming_length(in);
    if (length == 0)
        return in->s.seq - c->rcv_nxt <= window;
    if (window == 0)
        return in->s.seq == c->rcv_nxt;
    return seq_lt(in->s.seq, c->rcv_adv) && seq_lt(c->rcv_nxt, in->s.seq + length);
}
static bool is_old_by_timestamp(const struct tcp_conn *c, const struct tcp_incoming *in)
{
    return in->s.opt.has_timestamps && seq_lt(in->s.opt.ts_val, c->agreed.ts_recent) &&
           in->now < nanos_add(c->heard_at, TCP_PAWS_IDLE);
}
/* The peer gets to know where we are. At once where it sent something, else rarely: two hosts that disagree could
 * exchange empty segments for ever. */
static void refuse(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    count_up(&t->stats.dropped_out_of_window);
    if (in->payload_bytes > 0 && seq_leq(in->s.seq + in->payload_bytes, c->rcv_nxt) && !(in->s.flags & TCP_SYN))
        tcp_sack_list_duplicate(&c->sacks, in->s.seq, in->s.seq + in->payload_bytes);
    if (tcp_incoming_length(in) > 0 && !(in->s.flags & TCP_SYN))
        tcp_conn_ack_now(t, c);
    else
        tcp_conn_challenge(t, c, in->now);
}
static void received_reset(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    if (in->s.seq == c->rcv_nxt) {
        count_up(&t->stats.resets_in);
        tcp_conn_end(t, c, TCP_END_RESET);
    } else if (seq_within(in->s.seq, c->rcv_nxt, c->rcv_adv - c->rcv_nxt)) {
        tcp_conn_challenge(t, c, in->now);
    } else {
        count_up(&t->stats.dropped_out_of_window);
    }
}
/* false: the segment goes no further. */
static bool passes(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    if (in->s.flags & TCP_RST) {
        received_reset(t, c, in);
        return false;
    }
    if (c->agreed.timestamps && !in->s.opt.has_timestamps && !(in->s.flags & TCP_SYN)) {
        count_up(&t->stats.dropped_bad_header);     /* RFC 7323 section 3.2 */
        return false;
    }
    if ((c->agreed.timestamps && is_old_by_timestamp(c, in)) || !is_acceptable(c, in)) {
        refuse(t, c, in);
        return false;
    }
    if (in->s.flags & TCP_SYN) {
        tcp_conn_challenge(t, c, in->now);
        return false;
    }
    if (!seq_leq(c->snd_una - c->max_snd_wnd, in->s.ack) || !seq_leq(in->s.ack, c->snd_max)) {
        tcp_conn_challenge(t, c, in->now);              /* RFC 5961 section 5 */
        return false;
    }
    return true;
}

void tcp_established_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    if (!passes(t, c, in))
        return;
    if (c->agreed.timestamps && seq_leq(in->s.seq, c->last_ack_sent))
        c->agreed.ts_recent = in->s.opt.ts_val;     /* RFC 7323 section 4.3 */
    c->heard_at = in->now;
    if (c->agreed.ecn && in->s.flags & TCP_CWR)
        c->ecn_echo_due = false;
    if (c->agreed.ecn && in->is_ce)
        c->ecn_echo_due = true;
    tcp_conn_received_ack(t, c, in);
    if (c->state != TCP_CLOSED && tcp_incoming_length(in) > 0)
        tcp_conn_received_text(t, c, in);
}
