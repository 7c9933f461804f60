// SPDX-License-Identifier: ISC
/* half_open.c - the SYN cache: connections that a SYN has asked for and that are not confirmed yet (passive
 * SYN-RECEIVED, RFC 9293 section 3.10.7.4). They are small and bounded; who finds no place gets a cookie (cookie.c). */
#include "lib/tcp/engine.h"

void tcp_half_open_free(struct tcp *t, struct tcp_half_open *h)
{
    tcp_table_remove(&t->table, &h->entry);
    wheel_clear(&t->wheel, &h->timer.wheel);
    list_remove(&h->output);
    list_remove(&h->age);
    list_push_front(&t->free_half_opens, &h->age);
}
static void answer(struct tcp *t, struct tcp_half_open *h)
{
    if (!link_is_in_list(&h->output))
        list_push_back(&t->half_opens_due, &h->output);
}

static uint32_t first_window(const struct tcp *t)
{
    return u32_min(t->cfg.receive_buffer_bytes, UINT16_MAX);
}
void tcp_syn_ack_options(const struct tcp *t, const struct tcp_tuple *tuple, struct tcp_segment *s, const struct tcp_agreed *a, nanos now)
{
    s->flags = TCP_SYN | TCP_ACK | (a->ecn ? TCP_ECE : 0);
    s->window = (uint16_t)first_window(t);
    s->opt.mss = tcp_mss_to_announce(t, tuple);
    s->opt.has_window_scale = a->window_scaling;
    s->opt.window_scale = t->rcv_wind_shift;
    s->opt.sack_permitted = a->sack;
    tcp_segment_add_timestamps(s, a, now);
}
bool tcp_half_open_output(struct tcp *t, struct tcp_out *out, nanos now)
{
    struct link *l = list_pop_front(&t->half_opens_due);
    if (!l)
        return false;
    struct tcp_half_open *h = LINKED(l, struct tcp_half_open, output);
    struct tcp_segment s = { .seq = h->iss, .ack = h->irs + 1 };
    tcp_syn_ack_options(t, &h->entry.tuple, &s, &h->agreed, now);
    tcp_segment_out(t, &h->entry.tuple, &s, out);
    if (h->answer_cookie && h->retries == 0)
        t->fast_open->give_cookie(t, &h->entry.tuple, h->answer_cookie, out);
    if (h->retries == 0)
        h->sent_at = now;
    wheel_set(&t->wheel, &h->timer.wheel, nanos_add(now, TCP_RTO_INITIAL << h->retries));
    return true;
}
void tcp_half_open_timer_fired(struct tcp *t, struct tcp_half_open *h)
{
    if (h->retries >= TCP_SYN_ACK_RETRIES) {
        tcp_half_open_free(t, h);
        return;
    }
    h->retries++;
    answer(t, h);
}

struct tcp_conn *tcp_accept(struct tcp *t, const struct tcp_opening *o, const struct tcp_listener *l, nanos now)
{
    if (!tcp_has_place(t)) {
        count_up(&t->stats.refused_no_memory);
        return NULL;
    }
    struct tcp_conn *c = tcp_conn_take(t, &o->tuple, now);
    c->user = l->user;
    c->chosen.choices = l->choices;
    c->iss = o->iss;
    c->irs = o->irs;
    c->snd_una = c->snd_nxt = c->snd_max = o->iss + 1;
    c->rcv_nxt = c->last_ack_sent = o->irs + 1;
    c->rcv_adv = c->rcv_nxt + first_window(t);
    c->snd_wnd = c->max_snd_wnd = o->snd_wnd;
    c->snd_wl1 = o->irs;
    c->snd_wl2 = o->iss;
    c->syn_was_lost = o->syn_was_lost;
    tcp_conn_established(t, c, &o->agreed, now);
    if (o->round_trip != NEVER)
        tcp_conn_first_round_trip(c, o->round_trip);
    count_up(&t->stats.accepted);
    tcp_conn_news(t, c, TCP_ACCEPTED);
    return c;
}
/* The third segment of the handshake: from here on there is a connection. */
static struct tcp_conn *confirm(struct tcp *t, struct tcp_half_open *h, const struct tcp_listener *l, nanos now)
{
    struct tcp_opening o = { .tuple = h->entry.tuple, .iss = h->iss, .irs = h->irs, .snd_wnd = h->snd_wnd,
                             .agreed = h->agreed, .syn_was_lost = h->retries > 0 };
    o.round_trip = h->retries > 0 ? NEVER : nanos_sub(now, h->sent_at);
    if (tcp_has_place(t))
        tcp_half_open_free(t, h);
    return tcp_accept(t, &o, l, now);
}

void tcp_half_open_input(struct tcp *t, struct tcp_half_open *h, struct tcp_incoming *in)
{
    uint8_t flags = in->s.flags;
    uint32_t rcv_nxt = h->irs + 1;
    if (flags & TCP_SYN) {                      /* ours was lost; any other SYN is challenged (RFC 5961 section 4) */
        if (in->s.seq == h->irs || tcp_may_challenge(&h->challenge_at, in->now))
            answer(t, h);
        return;
    }
    if (!seq_within(in->s.seq, rcv_nxt, first_window(t)) ||
        (h->agreed.timestamps && in->s.opt.has_timestamps && seq_lt(in->s.opt.ts_val, h->agreed.ts_recent))) {
        count_up(&t->stats.dropped_out_of_window);
        if (!(flags & TCP_RST) && tcp_may_challenge(&h->challenge_at, in->now))
            answer(t, h);
        return;
    }
    if (flags & TCP_RST) {
        if (in->s.seq == rcv_nxt)
            tcp_half_open_free(t, h);
        return;
    }
    if (in->s.ack != h->iss + 1) {
        tcp_reply_reset(t, in);
        return;
    }
    struct tcp_listener *l = tcp_listener_of(t, in->tuple.local_port);
    if (!l) {
        tcp_half_open_free(t, h);
        tcp_reply_reset(t, in);
        return;
    }
    struct tcp_conn *c = confirm(t, h, l, in->now);
    if (c)
        tcp_established_input(t, c, in);
}
