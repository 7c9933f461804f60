// SPDX-License-Identifier: ISC
/* undo.c - a reduction of the window that proves to have been needless is taken back, since what was sent again had not been
 * lost. There are three witnesses: the timestamp of the acknowledgment (Eifel, RFC 3522), the peer's reports of what came twice
 * (RFC 2883, 3708), and after a timeout the arrival of what was not sent again (F-RTO, RFC 5682, with SACK and without). The
 * response is that of RFC 9438 section 4.9: the state of the congestion control from before. */
#include "lib/tcp/engine.h"

void tcp_undo_begin(struct tcp_conn *c)
{
    c->recovery.undo = (struct tcp_undo){ .prior = c->congestion, .is_possible = true };
}

void tcp_undo_sent_again(struct tcp_conn *c, uint32_t left, uint32_t right, nanos now)
{
    struct tcp_undo *u = &c->recovery.undo;
    if (c->recovery.mode == TCP_NO_RECOVERY)
        return;
    if (u->left == u->right) {
        u->left = u->right = left;
        u->sent_at = tcp_timestamp(&c->agreed, now);
    }
    u->right = seq_max(u->right, right);
    u->octets += right - left;
}

void tcp_undo_duplicate(struct tcp_conn *c, struct tcp_sack_block b)
{
    struct tcp_undo *u = &c->recovery.undo;
    if (seq_lt(b.left, b.right) && seq_leq(u->left, b.left) && seq_leq(b.right, u->right))
        u->octets -= u32_min(u->octets, b.right - b.left);
}

/* RFC 3522 section 3.2, step 5: the acknowledgment of what was sent again first tells which of the two arrived. */
static bool eifel_tells(const struct tcp_conn *c, const struct tcp_incoming *in, uint32_t bytes)
{
    const struct tcp_undo *u = &c->recovery.undo;
    bool is_of_it = bytes > 0 && c->recovery.mode != TCP_NO_RECOVERY && seq_lt(u->left, c->snd_una);
    return is_of_it && c->agreed.timestamps && seq_lt(in->s.opt.ts_ecr, u->sent_at);
}
/* The send queue still has what was acknowledged. */
static bool has_new_segment(const struct tcp_conn *c, uint32_t bytes)
{
    uint32_t end = bytes + c->snd_nxt - c->snd_una + c->snd_mss;
    return end <= c->send.num_bytes && end <= c->snd_wnd;
}
/* RFC 5682 sections 2.1 and 3.1. is_news: something of what the timeout gave up arrived, and was not sent again. Without SACK an
 * arrival from before the timeout shows as late as this, hence the two steps; with SACK it does not. */
static bool frto_tells(struct tcp_conn *c, uint32_t bytes, bool is_news)
{
    uint8_t step = c->recovery.undo.frto;
    if (step == TCP_FRTO_NONE || (bytes == 0 && !is_news && step == TCP_FRTO_SENT_AGAIN))
        return false;
    c->recovery.undo.frto = step == TCP_FRTO_SENT_AGAIN && has_new_segment(c, bytes) ? TCP_FRTO_SENDS_NEW : TCP_FRTO_NONE;
    return is_news && (step == TCP_FRTO_SENDS_NEW || c->agreed.sack);
}

void tcp_undo_received(struct tcp *t, struct tcp_conn *c, const struct tcp_incoming *in, uint32_t bytes, bool is_news)
{
    struct tcp_recovery *r = &c->recovery;
    struct tcp_undo *u = &r->undo;
    bool frto = frto_tells(c, bytes, is_news);
    if (!u->is_possible || u->left == u->right || (!frto && u->octets > 0 && !eifel_tells(c, in, bytes)))
        return;
    u->prior.cwnd = u32_max(u->prior.cwnd, c->congestion.cwnd);
    c->congestion = u->prior;
    if (r->mode == TCP_FAST_RECOVERY)
        r->rack.reordering = u32_max(r->rack.reordering, 1);
    else
        r->rack.is_valid = false;           /* what the timeout sent is not what arrived, so nothing was overtaken */
    r->mode = TCP_NO_RECOVERY;
    r->num_duplicates = 0;
    tcp_scoreboard_unlose(&r->board);
    tcp_undo_forget(c);
    count_up(&t->stats.undone);
}
