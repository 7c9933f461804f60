// SPDX-License-Identifier: ISC
/* listen.c - ports that accept, and the SYNs that come for them (RFC 9293 section 3.10.7.2). */
#include "lib/tcp/engine.h"

size_t tcp_listener_place(const struct tcp *t, uint16_t port)
{
    size_t i = 0;
    while (i < TCP_LISTENERS_MAX && t->listener[i].port != port)
        i++;
    return i;
}
struct tcp_listener *tcp_listener_of(struct tcp *t, uint16_t port)
{
    size_t place = tcp_listener_place(t, port);
    return place < TCP_LISTENERS_MAX ? &t->listener[place] : NULL;
}
bool tcp_open_listener(struct tcp *t, uint16_t port, void *user)
{
    REQUIRE(port != 0);
    if (tcp_listener_of(t, port))
        return false;
    struct tcp_listener *l = tcp_listener_of(t, 0);
    if (!l)
        return false;
    *l = (struct tcp_listener){ .port = port, .user = user };
    return true;
}
void tcp_close_listener(struct tcp *t, uint16_t port)
{
    struct tcp_listener *l = port ? tcp_listener_of(t, port) : NULL;
    if (l)
        *l = (struct tcp_listener){ 0 };
}

/* RFC 3168 section 6.1.1: a SYN asks with both flags, a SYN-ACK agrees with one. */
static bool ecn_is_agreed(const struct tcp *t, uint8_t flags)
{
    uint8_t want = flags & TCP_ACK ? TCP_ECE : TCP_ECE | TCP_CWR;
    return t->cfg.ecn && (flags & (TCP_ECE | TCP_CWR)) == want;
}
uint16_t tcp_mss_to_announce(const struct tcp *t, const struct tcp_tuple *tuple)
{
    uint16_t mss = t->choosing ? t->choosing->mss(t, tuple) : t->cfg.mss_bytes;
    return (uint16_t)(mss - (ip_is_v4(&tuple->remote) ? 0 : IPV6_LARGER_BYTES));
}
/* What a SYN and what we answer to it amount to. */
struct tcp_agreed tcp_agreed_by(const struct tcp *t, const struct tcp_incoming *syn)
{
    const struct tcp_options *o = &syn->s.opt;
    struct tcp_agreed a = { .mss = o->mss ? o->mss : TCP_MSS_DEFAULT };
    a.mss = (uint16_t)u32_max(u32_min(a.mss, tcp_mss_to_announce(t, &syn->tuple)), TCP_MSS_MIN);
    if (o->has_window_scale) {
        a.window_scaling = true;
        a.snd_wind_shift = o->window_scale;
        a.rcv_wind_shift = t->rcv_wind_shift;
    }
    if (o->has_timestamps) {
        a.timestamps = true;
        a.ts_recent = o->ts_val;
    }
    a.sack = o->sack_permitted;
    a.ecn = ecn_is_agreed(t, syn->s.flags);
    a.ts_offset = tcp_timestamp_offset(t, &syn->tuple);
    if (t->choosing)
        t->choosing->agree(t, &syn->tuple, &a);
    return a;
}
uint32_t tcp_timestamp_offset(const struct tcp *t, const struct tcp_tuple *tuple)
{
    return (uint32_t)tcp_hash(SPAN(t->cfg.secret), tuple, TCP_HASH_TIMESTAMP);
}

static struct tcp_half_open *half_open_take(struct tcp *t)
{
    struct link *l = list_pop_front(&t->free_half_opens);
    if (l)
        return LINKED(l, struct tcp_half_open, age);
    return t->num_half_opens_used < t->half_opens.n ? &AT(t->half_opens, t->num_half_opens_used++) : NULL;
}

static void half_open_begin(struct tcp *t, const struct tcp_incoming *in, uint32_t iss, uint8_t answer_cookie)
{
    struct tcp_half_open *h = half_open_take(t);
    if (!h) {
        tcp_cookie_send(t, in);
        return;
    }
    *h = (struct tcp_half_open){ .entry = { .kind = TCP_ENTRY_HALF_OPEN, .tuple = in->tuple }, .iss = iss,
                                 .irs = in->s.seq, .snd_wnd = in->s.window, .agreed = tcp_agreed_by(t, in),
                                 .timer.owner = TCP_TIMER_OF_HALF_OPEN, .answer_cookie = answer_cookie };
    tcp_table_insert(&t->table, &h->entry);
    list_push_back(&t->half_opens_by_age, &h->age);
    list_push_back(&t->half_opens_due, &h->output);
}
void tcp_listen_input(struct tcp *t, struct tcp_incoming *in, const uint32_t *iss_min)
{
    struct tcp_listener *l = tcp_listener_of(t, in->tuple.local_port);
    if (!l) {
        count_up(&t->stats.dropped_no_listener);
        tcp_reply_reset(t, in);
        return;
    }
    if (in->s.flags & TCP_RST)
        return;
    if (in->s.flags & TCP_ACK) {
        if (in->s.flags & TCP_SYN || !tcp_cookie_accept(t, in, l))
            tcp_reply_reset(t, in);
        return;
    }
    if (!tcp_has_place(t)) {
        count_up(&t->stats.refused_no_memory);      /* the peer tries again; then there may be room */
        return;
    }
    uint32_t iss = tcp_initial_seq(t, &in->tuple, in->now);
    if (iss_min && seq_lt(iss, *iss_min))
        iss = *iss_min;
    uint8_t answer_cookie = l->fast_open ? t->fast_open->syn(t, in, l, iss) : TCP_COOKIE_NONE;
    if (answer_cookie != TCP_SYN_TAKEN)
        half_open_begin(t, in, iss, answer_cookie);
}
