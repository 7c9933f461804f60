// SPDX-License-Identifier: ISC
/* fast_open_server.c - fast open of a listener (RFC 7413 sections 4.1.2, 4.2, 5.1): cookies for who asks, and text on the SYN of
 * who shows one. Such a connection is synchronized at once, in every respect but these: its SYN-ACK is sent until the peer
 * confirms that it has come, what it is sent is not sent again before that, and one in doubt is not many.
 *
 * Lacks: text on the SYN-ACK. */
#include "lib/tcp/engine.h"
#include "base/siphash.h"

#define COOKIE_BYTES 8
#define RESET_COUNTS_FOR (60 * (nanos)NS_PER_S)     /* RFC 7413 section 5.1: as long as the SYN-ACK would be sent, and more */

/* ---- Cookies */

/* The address as it stands in its family's header, in words. */
static uint64_t v4_word(const struct ip *a)
{
    return span_le64(SPAN(a->byte), 8) >> 32;
}
static uint64_t hash(struct span key16, const struct ip *client, const struct ip *server)
{
    struct siphash h = siphash_of(key16, 0);
    bool is_v4 = ip_is_v4(client);
    if (is_v4) {
        siphash_word(&h, v4_word(client) | v4_word(server) << 32, 2);
    } else {
        siphash_word(&h, span_le64(SPAN(client->byte), 0), 2);
        siphash_word(&h, span_le64(SPAN(client->byte), 8), 2);
        siphash_word(&h, span_le64(SPAN(server->byte), 0), 2);
        siphash_word(&h, span_le64(SPAN(server->byte), 8), 2);
    }
    siphash_word(&h, (uint64_t)(is_v4 ? 8 : 32) << 56, 2);      /* the length, as SipHash has it where it varies */
    return siphash_end(&h, 4);
}
struct tcp_cookie tcp_fast_open_cookie(struct span key16, const struct ip *client, const struct ip *server)
{
    struct tcp_cookie c = { .form = TCP_COOKIE_KIND_34, .num_bytes = COOKIE_BYTES };
    uint64_t h = hash(key16, client, server);
    for (size_t i = 0; i < COOKIE_BYTES; i++)
        c.bytes[i] = (uint8_t)(h >> 8 * i);
    return c;
}
static bool is_by_key(const struct tcp_cookie *c, struct span key16, const struct tcp_tuple *tuple)
{
    return c->num_bytes == COOKIE_BYTES && span_le64(SPAN(c->bytes), 0) == hash(key16, &tuple->remote, &tuple->local);
}
static void give_cookie(struct tcp *t, const struct tcp_tuple *tuple, uint8_t form, struct tcp_out *out)
{
    const struct tcp_listener *l = tcp_listener_of(t, tuple->local_port);
    if (!l || !l->fast_open)
        return;
    struct tcp_cookie c = tcp_fast_open_cookie(SPAN(l->fast_open->as.keys.key), &tuple->remote, &tuple->local);
    c.form = form;
    out->header_bytes = tcp_cookie_append(&c, out->header_room, out->header_bytes);
    count_up(&t->fast_open->stats.cookies_given);
}

/* ---- A connection whose SYN-ACK is not confirmed */

static bool syn_ack_output(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    struct tcp_segment s = { .seq = c->iss, .ack = c->rcv_nxt };
    if (!c->syn_ack_due)
        return false;
    tcp_syn_ack_options(t, &c->entry.tuple, &s, &c->agreed, now);
    s.window = (uint16_t)u32_min(c->rcv_adv - c->rcv_nxt, UINT16_MAX);
    tcp_segment_out(t, &c->entry.tuple, &s, out);
    if (c->answer_cookie && c->retries == 0)
        give_cookie(t, &c->entry.tuple, c->answer_cookie, out);
    c->syn_ack_due = c->ack_due = c->ack_delayed = false;
    c->last_ack_sent = c->rcv_nxt;
    tcp_conn_set_timer(t, c, TCP_TIMER_RETRANSMIT, nanos_add(now, tcp_rto_now(&c->rto)));
    return true;
}
static void send_syn_ack(struct tcp *t, struct tcp_conn *c)
{
    c->syn_ack_due = true;
    tcp_conn_output(t, c);
}
static bool syn_ack_timeout(struct tcp *t, struct tcp_conn *c, nanos now)
{
    if (c->retries >= TCP_SYN_ACK_RETRIES) {
        tcp_conn_reset(t, c, TCP_END_TIMEOUT, now);
        return true;
    }
    c->retries++;
    c->syn_was_lost = true;
    tcp_rto_back_off(&c->rto);
    send_syn_ack(t, c);
    return true;
}
static struct tcp_fast_open_port *port_of(const struct tcp_conn *c)
{
    return LINKED(c->fast_opening, struct tcp_fast_open_port, opening);
}
static void leave(struct tcp_conn *c)
{
    port_of(c)->num_pending--;
    c->fast_opening = NULL;
}

/* Who had no SYN-ACK has dropped what was sent to it. */
static void send_all_again(struct tcp_conn *c)
{
    tcp_scoreboard_lose(&c->recovery.board, c->snd_una, c->snd_max);
    c->recovery.mode = TCP_TIMEOUT_RECOVERY;
    c->recovery.point = c->snd_max;
}
static void confirm(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in)
{
    leave(c);
    c->syn_ack_due = false;
    c->retries = c->rto.backoff = 0;
    if (c->syn_was_lost) {
        c->rto.base_us = TCP_RTO_AFTER_SYN_LOSS / NS_PER_US;
        tcp_congestion_init(&c->congestion, t->congestion, c->snd_mss, true);
    } else {
        tcp_conn_first_round_trip(c, nanos_sub(in->now, c->heard_at));
    }
    tcp_recovery_set_timer(t, c, in->now);
    if (c->syn_was_lost && in->s.ack == c->snd_una && c->snd_una != c->snd_max)
        send_all_again(c);
    tcp_conn_output(t, c);
}

/* RFC 9293 section 3.10.7.4 for SYN-RECEIVED; what is not about the handshake goes the way of any synchronized connection. */
static void unconfirmed_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    struct tcp_fast_open_port *p = port_of(c);
    uint32_t acked = in->s.ack - c->iss - 1;
    if ((in->s.flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && in->s.seq == c->irs) {
        send_syn_ack(t, c);                         /* ours was lost */
        return;
    }
    bool is_in_window = seq_within(in->s.seq, c->rcv_nxt, c->rcv_adv - c->rcv_nxt) && !(in->s.flags & (TCP_SYN | TCP_RST));
    if (is_in_window && acked > c->snd_max - c->iss - 1) {
        tcp_reply_reset(t, in);
        return;
    }
    if (is_in_window)
        confirm(t, c, in);
    tcp_established_input(t, c, in);
    if (c->state == TCP_CLOSED && in->s.flags & TCP_RST) {      /* an attacker may send both */
        p->num_reset++;
        p->reset_until = nanos_add(in->now, RESET_COUNTS_FOR);
    }
}

static const struct tcp_fast_opening server = { .input = unconfirmed_input, .output = syn_ack_output, .timeout = syn_ack_timeout,
                                                .ended = leave };

/* ---- SYNs */

static bool has_room(struct tcp_fast_open_port *p, nanos now)
{
    if (now >= p->reset_until)
        p->num_reset = 0;
    return p->num_pending + p->num_reset < p->as.num_pending_max;
}
/* The first window lies behind the text of the SYN, as far as there is memory for both. */
static void open_window(const struct tcp *t, struct tcp_conn *c)
{
    uint32_t unread = u32_saturate(c->receive.num_bytes), most = t->cfg.receive_buffer_bytes;
    c->receive_budget_bytes = u32_min(c->receive_budget_bytes + u32_min(unread, most), most);
    c->rcv_adv = seq_max(c->rcv_adv, c->rcv_nxt + u32_min(c->receive_budget_bytes - u32_min(unread, most), UINT16_MAX));
}
static void open_at_once(struct tcp *t, struct tcp_incoming *in, const struct tcp_listener *l, uint32_t iss, uint8_t answer_cookie)
{
    struct tcp_opening o = { .tuple = in->tuple, .iss = iss, .irs = in->s.seq, .snd_wnd = in->s.window,
                             .agreed = tcp_agreed_by(t, in), .round_trip = NEVER };
    struct tcp_conn *c = tcp_accept(t, &o, l, in->now);
    if (!c)
        return;
    c->fast_opening = &l->fast_open->opening;
    c->answer_cookie = answer_cookie;
    l->fast_open->num_pending++;
    count_up(&t->fast_open->stats.accepted);
    send_syn_ack(t, c);
    if (in->payload_bytes == 0)
        return;
    in->s.seq++;
    in->s.flags &= (uint8_t)~TCP_SYN;
    tcp_conn_received_text(t, c, in);
    c->syn_text_bytes = (uint16_t)u32_min(c->rcv_nxt - c->irs - 1, UINT16_MAX);
    open_window(t, c);
}
static uint8_t take_syn(struct tcp *t, struct tcp_incoming *in, const struct tcp_listener *l, uint32_t iss)
{
    struct tcp_fast_open_port *p = l->fast_open;
    const struct tcp_fast_open_keys *k = &p->as.keys;
    struct tcp_cookie shown;
    tcp_cookie_decode(in->header, &shown);
    if (shown.form == TCP_COOKIE_NONE && (in->payload_bytes == 0 || !p->as.needs_no_cookie))
        return TCP_COOKIE_NONE;
    bool is_new = is_by_key(&shown, SPAN(k->key), &in->tuple) || p->as.needs_no_cookie;
    bool is_old = !is_new && k->has_previous_key && is_by_key(&shown, SPAN(k->previous_key), &in->tuple);
    if (!is_new && !is_old) {
        if (shown.num_bytes > 0)
            count_up(&t->fast_open->stats.cookies_refused);
        return shown.form;
    }
    if (!has_room(p, in->now)) {
        count_up(&t->fast_open->stats.over_limit);
        return TCP_COOKIE_NONE;
    }
    open_at_once(t, in, l, iss, is_old ? shown.form : TCP_COOKIE_NONE);
    return TCP_SYN_TAKEN;
}

void tcp_fast_open_listen(struct tcp *t, uint16_t port, const struct tcp_fast_open_listening *as)
{
    REQUIRE(t->fast_open && port != 0);
    t->fast_open->syn = take_syn;
    t->fast_open->give_cookie = give_cookie;
    size_t place = tcp_listener_place(t, port);
    if (place == TCP_LISTENERS_MAX)
        return;
    struct tcp_fast_open_port *p = &t->fast_open->port[place];
    t->listener[place].fast_open = as ? p : NULL;
    p->opening = server;
    p->as = as ? *as : (struct tcp_fast_open_listening){ 0 };
}
