// SPDX-License-Identifier: ISC
/* fast_open_client.c - fast open of connections that we open (RFC 7413 sections 4.1.3, 4.2): a SYN asks for a cookie, or shows the one
 * that the peer gave, and then carries text. What becomes of the SYN decides alone: without an answer it is sent again without both;
 * what the SYN-ACK does not acknowledge is sent at once.
 *
 * A peer is remembered with its cookie, the segment size it announced, and how often its answer came only when SYNs had no text: a box
 * on the way may drop those, so after two in a row it is opened in the usual way for a while (section 4.1.3.1). */
#include "lib/tcp/engine.h"

#define MSS_AT 22                       /* in a SYN of ours: the option behind the fixed header */
#define OPTIONS_BYTES_MAX 40            /* left free, since boxes on the way may add some */
#define LOSSES_MEAN_A_BOX 2
#define DISTRUST (60 * (nanos)NS_PER_S) /* and twice as long after each more, */
#define DISTRUST_DOUBLINGS_MAX 6        /* up to an hour */
#define ANSWER_WITHIN (240 * (nanos)NS_PER_S)       /* from the first SYN on, with all that are sent again */

/* ---- What is known of peers */

static struct tcp_fast_open_peer *peer_of(struct tcp *t, const struct ip *local, const struct ip *remote)
{
    for (size_t i = 0; i < TCP_FAST_OPEN_PEERS; i++) {
        struct tcp_fast_open_peer *p = &t->fast_open->peer[i];
        if (p->is_known && ip_eq(&p->remote, remote) && ip_eq(&p->local, local))
            return p;
    }
    return NULL;
}
static struct tcp_fast_open_peer *remember(struct tcp *t, const struct tcp_tuple *tuple)
{
    struct tcp_fast_open_peer *p = peer_of(t, &tuple->local, &tuple->remote), *oldest = &t->fast_open->peer[0];
    for (size_t i = 0; i < TCP_FAST_OPEN_PEERS; i++)
        if (t->fast_open->peer[i].used_at < oldest->used_at)
            oldest = &t->fast_open->peer[i];
    if (!p) {
        p = oldest;
        *p = (struct tcp_fast_open_peer){ .is_known = true, .local = tuple->local, .remote = tuple->remote,
                                          .asks_in = TCP_COOKIE_KIND_34 };
    }
    return p;
}
static bool is_distrusted(const struct tcp_fast_open_peer *p, nanos now)
{
    return p && now < p->distrusted_until;
}
static void count_loss(struct tcp_fast_open_peer *p, bool was_lost, nanos now)
{
    p->num_losses = was_lost ? (uint8_t)u32_min(p->num_losses + 1u, LOSSES_MEAN_A_BOX + DISTRUST_DOUBLINGS_MAX) : 0;
    if (p->num_losses >= LOSSES_MEAN_A_BOX)
        p->distrusted_until = nanos_add(now, DISTRUST << (p->num_losses - LOSSES_MEAN_A_BOX));
}
/* Who gives no cookie where none was shown is asked once in the other form, then in the usual one for good. */
static void ask_in_other_form(struct tcp_fast_open_peer *p)
{
    p->asks_in = p->has_asked_in_both ? TCP_COOKIE_KIND_34 : TCP_COOKIE_EXPERIMENTAL;
    p->has_asked_in_both = true;
}
void tcp_fast_open_forget(struct tcp *t)
{
    for (size_t i = 0; i < TCP_FAST_OPEN_PEERS; i++)
        t->fast_open->peer[i] = (struct tcp_fast_open_peer){ 0 };
}

/* ---- The SYN */

static uint32_t room_on_syn(struct tcp *t, const struct tcp_tuple *tuple, bool needs_no_cookie, nanos now)
{
    const struct tcp_fast_open_peer *p = peer_of(t, &tuple->local, &tuple->remote);
    uint32_t mss = tcp_mss_to_announce(t, tuple);
    if (is_distrusted(p, now) || !(needs_no_cookie || (p && p->cookie.form != TCP_COOKIE_NONE)))
        return 0;
    mss = p ? u32_min(mss, u32_max(p->mss, TCP_MSS_MIN)) : mss;
    return mss - OPTIONS_BYTES_MAX;
}
uint32_t tcp_fast_open_room(struct tcp *t, const struct ip *local, const struct ip *remote, bool needs_no_cookie, nanos now)
{
    return room_on_syn(t, &(struct tcp_tuple){ .local = *local, .remote = *remote }, needs_no_cookie, now);
}

static void take_part(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    const struct tcp_fast_open_peer *p = peer_of(t, &c->entry.tuple.local, &c->entry.tuple.remote);
    struct tcp_cookie cookie = p ? p->cookie : (struct tcp_cookie){ 0 };
    if (is_distrusted(p, now)) {
        c->fast_opening = NULL;
        return;
    }
    if (cookie.form == TCP_COOKIE_NONE)
        cookie.form = p ? p->asks_in : TCP_COOKIE_KIND_34;
    if (c->fast_opening->shows_cookies)
        out->header_bytes = tcp_cookie_append(&cookie, out->header_room, out->header_bytes);
    uint32_t room = room_on_syn(t, &c->entry.tuple, !c->fast_opening->shows_cookies, now);
    tcp_send_queue_gather(&c->send, (struct tcp_place){ 0 }, room, out);
    c->syn_text_bytes = (uint16_t)out->payload_bytes;
    if (c->syn_text_bytes > 0)
        count_up(&t->fast_open->stats.syns_with_text);
}
static bool syn_output(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    bool is_first = c->snd_max == c->iss;
    if (tcp_conn_is_synchronized(c) || !tcp_handshake_output(t, c, out, now))
        return false;
    if (c->snd_mss > 0)                 /* less than the link takes, a router says */
        mspan_u16(out->header_room, MSS_AT, c->snd_mss);
    if (is_first)
        take_part(t, c, out, now);
    return true;
}
static bool syn_timeout(struct tcp *t, struct tcp_conn *c, nanos now)
{
    (void)t, (void)c, (void)now;
    return false;
}
static bool syn_too_big(struct tcp *t, struct tcp_conn *c, uint32_t seq, uint32_t mtu_bytes)
{
    uint32_t mss = tcp_mss_for_mtu(c, mtu_bytes);
    bool is_of_text = c->state == TCP_SYN_SENT && seq == c->iss && c->snd_nxt != c->iss && c->syn_text_bytes > 0;
    if (!is_of_text || mss >= tcp_mss_to_announce(t, &c->entry.tuple))
        return false;
    c->snd_mss = (uint16_t)mss;
    c->snd_nxt = c->iss;
    count_up(&t->stats.path_mtus);
    tcp_conn_output(t, c);
    return true;
}
static void syn_ended(struct tcp_conn *c)
{
    c->fast_opening = NULL;
    c->syn_text_bytes = 0;
}

/* ---- The answer */

/* Linux and we take that for a segment of somebody else: what it echoes is no timestamp of a SYN of this connection. */
static bool is_strange(const struct tcp_conn *c, const struct tcp_incoming *in)
{
    const struct tcp_options *o = &in->s.opt;
    uint32_t age = tcp_timestamp(&c->agreed, in->now) - o->ts_ecr;
    return in->s.flags & TCP_SYN && in->s.flags & TCP_ACK && o->has_timestamps && o->ts_ecr != 0 &&
           age > ANSWER_WITHIN >> TCP_TIMESTAMP_SHIFT;
}
static void learn(struct tcp *t, const struct tcp_conn *c, const struct tcp_segment *s, struct span header, nanos now)
{
    struct tcp_fast_open_peer *p = remember(t, &c->entry.tuple);
    struct tcp_cookie given;
    bool had_cookie = p->cookie.form != TCP_COOKIE_NONE, has_text = c->syn_text_bytes > 0;
    tcp_cookie_decode(header, &given);
    bool has_given = given.num_bytes > 0 && c->fast_opening->shows_cookies;     /* others were not asked for */
    p->used_at = now;
    p->mss = s->opt.mss ? s->opt.mss : TCP_MSS_DEFAULT;
    if (has_given)
        p->cookie = given;
    else if (!had_cookie && !c->syn_was_lost && !has_text)
        ask_in_other_form(p);
    count_loss(p, c->syn_was_lost && !has_given && has_text && s->ack == c->iss + 1, now);
}
static void text_acknowledged(struct tcp *t, struct tcp_conn *c, uint32_t acked)
{
    tcp_send_queue_acked(&c->send, acked);
    if (acked > 0 && c->wants_room)
        tcp_conn_news(t, c, TCP_WRITABLE);
    c->wants_room = c->wants_room && acked == 0;
    if (acked > 0 && c->send.num_bytes == 0)
        tcp_conn_news(t, c, TCP_SENT);
}
static void limit_mss(struct tcp *t, struct tcp_conn *c, uint16_t told)
{
    uint32_t mss = told - (c->agreed.timestamps ? TCP_TIMESTAMP_BYTES : 0u);
    if (told == 0 || mss >= c->snd_mss)
        return;
    c->snd_mss = (uint16_t)mss;
    tcp_congestion_init(&c->congestion, t->congestion, mss, c->syn_was_lost);
}
/* As new text, since the peer says that it has not got it, but in one piece, as it was the first time; to Nagle's algorithm it is no
 * short segment, as it filled the SYN. */
static bool text_again_output(struct tcp *t, struct tcp_conn *c, struct tcp_out *out, nanos now)
{
    uint32_t left = c->iss + 1 + c->syn_text_bytes - c->snd_una;
    c->fast_opening = NULL;
    bool is_sent = tcp_conn_emit_text(t, c, left, out, now);
    c->recovery.short_end = c->snd_una;
    return is_sent;
}
static const struct tcp_fast_opening text_again = { .input = tcp_established_input, .output = text_again_output, .timeout = syn_timeout,
                                                    .ended = syn_ended };

/* `s` as it came. */
static void opened(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in, const struct tcp_segment *s)
{
    uint32_t acked = s->ack - c->iss - 1;
    if (s->flags & TCP_SYN)
        learn(t, c, s, in->header, in->now);
    text_acknowledged(t, c, acked);
    c->syn_text_refused = acked < c->syn_text_bytes;
    if (!c->syn_text_refused && c->syn_text_bytes > 0)
        count_up(&t->fast_open->stats.texts_taken);
    if (c->send.num_bytes > c->syn_text_bytes - acked)
        c->num_quick_acks = 0;          /* acknowledgments will ride on what waits */
    c->fast_opening = c->syn_text_refused ? &text_again : NULL;
}
static void take_text_of_syn_ack(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    if (in->payload_bytes == 0 && !(in->s.flags & TCP_FIN))
        return;
    in->s.seq++;
    in->s.flags &= (uint8_t)~TCP_SYN;
    tcp_conn_received_text(t, c, in);
}
static void opening_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    const struct tcp_segment s = in->s;
    uint16_t told_mss = c->snd_mss;
    bool was_in_syn_sent = c->state == TCP_SYN_SENT;
    if (is_strange(c, in)) {
        tcp_reply_reset(t, in);
        return;
    }
    tcp_handshake_input(t, c, in);
    if (!tcp_conn_is_synchronized(c))
        return;
    limit_mss(t, c, told_mss);
    opened(t, c, in, &s);
    if (s.flags & TCP_SYN && was_in_syn_sent)
        take_text_of_syn_ack(t, c, in);
    else if (s.flags & TCP_SYN && c->agreed.sack)
        tcp_sack_list_duplicate(&c->sacks, c->irs, c->irs + 1);
}

static const struct tcp_fast_opening client = { opening_input, syn_output, syn_timeout, syn_too_big, syn_ended, true };
static const struct tcp_fast_opening cookieless_client = { opening_input, syn_output, syn_timeout, syn_too_big, syn_ended, false };

struct tcp_conn *tcp_open_fast(struct tcp *t, const struct ip *local, const struct endpoint *remote, void *user, bool needs_no_cookie,
                               nanos now)
{
    REQUIRE(t->fast_open);
    struct tcp_conn *c = tcp_open(t, local, remote, user, now);
    if (c)
        c->fast_opening = needs_no_cookie ? &cookieless_client : &client;
    return c;
}
