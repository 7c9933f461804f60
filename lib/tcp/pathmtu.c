// SPDX-License-Identifier: ISC
/* pathmtu.c - path MTU discovery (RFC 1191, 8201): a router says that a segment was too big. It is believed where it
 * quotes something that is in flight and says less than we send, and never below a floor (RFC 5927 section 7).
 *
 * Other connections to the same host learn it of the stack, when they send more. Paths that grow, and routers that say nothing, are
 * plpmtud.c's. */
#include "lib/tcp/engine.h"

#define MSS_FLOOR 256u                      /* any IPv4 host takes 576 octets, so paths are not narrower in earnest */

uint32_t tcp_mss_for_mtu(const struct tcp_conn *c, uint32_t mtu_bytes)
{
    uint32_t headers = ip_is_v4(&c->entry.tuple.remote) ? 20 + 20 : 40 + 20;
    headers += c->agreed.timestamps ? TCP_TIMESTAMP_BYTES : 0;
    return u32_max(mtu_bytes - u32_min(headers, mtu_bytes), MSS_FLOOR);
}
/* What is in flight was too big, most likely all of it, and is sent again; that says nothing of congestion, so only slow
 * start takes note (RFC 1191 section 6.5). */
static void resegment(struct tcp *t, struct tcp_conn *c, uint32_t mss)
{
    struct tcp_recovery *r = &c->recovery;
    c->snd_mss = (uint16_t)mss;
    c->congestion.mss = mss;
    c->congestion.cwnd = 2 * mss;
    tcp_scoreboard_lose(&r->board, c->snd_una, c->snd_max);
    tcp_undo_forget(c);
    r->mode = TCP_TIMEOUT_RECOVERY;
    r->point = c->snd_max;
    r->probe_is_out = r->probe_due = false;
    tcp_conn_output(t, c);
}
bool tcp_path_mtu(struct tcp *t, const struct endpoint *local, const struct endpoint *remote, uint32_t seq, uint32_t mtu_bytes)
{
    struct tcp_tuple tuple = { local->ip, remote->ip, local->port, remote->port };
    struct tcp_entry *e = tcp_table_find(&t->table, &tuple);
    struct tcp_conn *c = e && e->kind == TCP_ENTRY_CONN ? LINKED(e, struct tcp_conn, entry) : NULL;
    if (c && c->fast_opening && !tcp_conn_is_synchronized(c))
        return c->fast_opening->too_big(t, c, seq, mtu_bytes);
    if (!c || !tcp_conn_is_synchronized(c) || !seq_within(seq, c->snd_una, c->snd_max - c->snd_una))
        return false;
    uint32_t mss = tcp_mss_for_mtu(c, mtu_bytes);
    if (mss < c->snd_mss) {
        count_up(&t->stats.path_mtus);
        resegment(t, c, mss);
    }
    return true;
}
