// SPDX-License-Identifier: ISC
/* handshake.c - active open: SYN-SENT, and the SYN-RECEIVED of a simultaneous open (RFC 9293 sections 3.5, 3.10.7.3,
 * 3.10.7.4). */
#include "lib/tcp/engine.h"

#define FIRST_EPHEMERAL_PORT 49152u     /* RFC 6335 section 6 */
#define NUM_EPHEMERAL_PORTS 16384u

/* RFC 6056 algorithm 3: every destination has its own place to start in the range, moved on by each open. */
static bool choose_port(struct tcp *t, struct tcp_tuple *tuple)
{
    tuple->local_port = 0;
    uint32_t start = (uint32_t)tcp_hash(SPAN(t->cfg.secret), tuple, TCP_HASH_PORT) + t->num_opened++;
    for (uint32_t i = 0; i < NUM_EPHEMERAL_PORTS; i++) {
        tuple->local_port = (uint16_t)(FIRST_EPHEMERAL_PORT + (start + i) % NUM_EPHEMERAL_PORTS);
        if (!tcp_listener_of(t, tuple->local_port) && !tcp_table_find(&t->table, tuple))
            return true;
    }
    return false;
}
struct tcp_conn *tcp_open(struct tcp *t, const struct ip *local, const struct endpoint *remote, void *user, nanos now)
{
    struct tcp_tuple tuple = { .local = *local, .remote = remote->ip, .remote_port = remote->port };
    REQUIRE(remote->port != 0);
    if (!choose_port(t, &tuple))
        return NULL;
    struct tcp_conn *c = tcp_conn_take(t, &tuple, now);
    if (!c)
        return NULL;
    c->user = user;
    c->state = TCP_SYN_SENT;
    c->iss = c->snd_una = c->snd_nxt = c->snd_max = tcp_initial_seq(t, &tuple, now);
    c->agreed.ts_offset = tcp_timestamp_offset(t, &tuple);
    tcp_conn_output(t, c);
    return c;
}

/* The SYN and, on the way in a simultaneous open, its acknowledgment. */
bool tcp_handshake_output(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    if (c->snd_nxt != c->iss)
        return false;
    struct tcp_segment s = { .seq = c->iss, .flags = TCP_SYN };
    bool asks_for_ecn = t->cfg.ecn && c->state == TCP_SYN_SENT && c->retries == 0;   /* RFC 3168 section 6.1.1.1 */
    uint32_t window = u32_min(t->cfg.receive_buffer_bytes, UINT16_MAX);
    struct tcp_agreed a = c->agreed;
    if (c->state == TCP_SYN_RECEIVED) {
        s.flags |= TCP_ACK;
        s.ack = c->rcv_nxt;
        a.ecn = c->agreed.ecn = false;
    } else {
        a.timestamps = a.window_scaling = a.sack = true;
        if (t->choosing)
            t->choosing->agree(t, &c->entry.tuple, &a);
    }
    if (asks_for_ecn)
        s.flags |= TCP_ECE | TCP_CWR;
    s.window = (uint16_t)window;
    s.opt.mss = tcp_mss_to_announce(t, &c->entry.tuple);
    s.opt.has_window_scale = a.window_scaling;
    s.opt.sack_permitted = a.sack;
    s.opt.window_scale = t->rcv_wind_shift;
    tcp_segment_add_timestamps(&s, &a, now);
    tcp_segment_out(t, &c->entry.tuple, &s, out);
    c->rcv_adv = c->rcv_nxt + window;
    c->snd_nxt = c->snd_max = c->iss + 1;
    c->last_sent_at = now;
    tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}

static void become_established(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    struct tcp_agreed agreed = c->agreed;
    c->snd_una = c->snd_nxt = c->snd_max = in->s.ack;
    c->snd_wl1 = in->s.seq;
    c->snd_wl2 = in->s.ack;
    tcp_conn_established(t, c, &agreed, in->now);
    if (!c->syn_was_lost)
        tcp_conn_first_round_trip(c, nanos_sub(in->now, c->last_sent_at));
    count_up(&t->stats.connected);
    tcp_conn_news(t, c, TCP_CONNECTED);
    tcp_conn_output(t, c);
}
/* The peer's SYN, whose window is never scaled (RFC 7323 section 2.2). */
static void take_syn(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    c->agreed = tcp_agreed_by(t, in);
    c->irs = in->s.seq;
    c->rcv_nxt = c->last_ack_sent = c->irs + 1;
    c->rcv_adv = c->rcv_nxt + u32_min(t->cfg.receive_buffer_bytes, UINT16_MAX);
    c->snd_wnd = c->max_snd_wnd = in->s.window;
}

static void syn_sent_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    bool has_ack = in->s.flags & TCP_ACK;
    if (has_ack && (in->s.ack - c->iss - 1 > c->syn_text_bytes || c->snd_max == c->iss)) {
        tcp_reply_reset(t, in);
        return;
    }
    if (in->s.flags & TCP_RST) {
        if (has_ack)
            tcp_conn_end(t, c, TCP_END_REFUSED);
        return;
    }
    if (!(in->s.flags & TCP_SYN))
        return;
    take_syn(t, c, in);         /* text that a SYN carries is not taken here: it is sent again */
    if (has_ack) {
        become_established(t, c, in);
        tcp_conn_ack_now(t, c);
        return;
    }
    c->state = TCP_SYN_RECEIVED;
    c->snd_nxt = c->iss;
    tcp_conn_output(t, c);
}
static void syn_received_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    bool is_their_syn = (in->s.flags & TCP_SYN) && in->s.seq == c->irs;
    if (!is_their_syn && ((in->s.flags & TCP_SYN) || !seq_within(in->s.seq, c->rcv_nxt, c->rcv_adv - c->rcv_nxt))) {
        count_up(&t->stats.dropped_out_of_window);
        if (!(in->s.flags & TCP_RST) && tcp_may_challenge(&c->challenge_at, in->now))
            tcp_conn_ack_now(t, c);
        return;
    }
    if (in->s.flags & TCP_RST) {
        if (in->s.seq == c->rcv_nxt)
            tcp_conn_end(t, c, TCP_END_REFUSED);
        return;
    }
    if (!(in->s.flags & TCP_ACK)) {         /* their SYN again: ours was lost */
        c->snd_nxt = c->iss;
        tcp_conn_output(t, c);
        return;
    }
    if (in->s.ack - c->iss - 1 > c->syn_text_bytes) {
        tcp_reply_reset(t, in);
        return;
    }
    become_established(t, c, in);
    if (is_their_syn)
        tcp_conn_ack_now(t, c);
    else
        tcp_established_input(t, c, in);
}
void tcp_handshake_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    if (c->state == TCP_SYN_SENT)
        syn_sent_input(t, c, in);
    else
        syn_received_input(t, c, in);
}

/* A passive open ends by what is soft, too (RFC 5461 section 4.1): the peer has not heard of it, and its SYN comes again. */
void tcp_unreachable(struct tcp *t, const struct endpoint *local, const struct endpoint *remote, uint32_t seq, bool hard)
{
    struct tcp_tuple tuple = { local->ip, remote->ip, local->port, remote->port };
    struct tcp_entry *e = tcp_table_find(&t->table, &tuple);
    if (e && e->kind == TCP_ENTRY_HALF_OPEN && seq == LINKED(e, struct tcp_half_open, entry)->iss) {
        tcp_half_open_free(t, LINKED(e, struct tcp_half_open, entry));
        return;
    }
    if (!e || e->kind != TCP_ENTRY_CONN)
        return;
    struct tcp_conn *c = LINKED(e, struct tcp_conn, entry);
    if (seq == c->iss && c->snd_max != c->iss && (tcp_conn_is_synchronized(c) ? c->fast_opening != NULL : hard))
        tcp_conn_end(t, c, TCP_END_UNREACHABLE);
}
