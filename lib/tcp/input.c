// SPDX-License-Identifier: ISC
/* input.c - a segment arrives: whose is it? */
#include "lib/tcp/engine.h"

static void conn_input(struct tcp *t, struct tcp_conn *c, struct tcp_incoming *in)
{
    if (c->fast_opening)
        c->fast_opening->input(t, c, in);
    else if (tcp_conn_is_synchronized(c))
        tcp_established_input(t, c, in);
    else
        tcp_handshake_input(t, c, in);
}

void tcp_input(struct tcp *t, const struct tcp_arrival *a, nanos now)
{
    struct tcp_incoming in = { .header = a->packet->view, .packet = a->packet, .is_ce = a->is_ce, .now = now };
    count_up(&t->stats.segments_in);
    if (tcp_segment_decode(a->packet->view, &in.s) != WIRE_OK) {
        count_up(&t->stats.dropped_bad_header);
        return;
    }
    packet_chain_skip(a->packet, in.s.header_bytes);
    in.payload_bytes = u32_saturate(packet_chain_bytes(a->packet));
    struct tcp_tuple tuple = { a->dst, a->src, in.s.destination_port, in.s.source_port };
    in.tuple = &tuple;
    struct tcp_entry *e = tcp_table_find(&t->table, &tuple);
    if (!e)
        tcp_listen_input(t, &in, NULL);
    else if (e->kind == TCP_ENTRY_CONN)
        conn_input(t, LINKED(e, struct tcp_conn, entry), &in);
    else if (e->kind == TCP_ENTRY_HALF_OPEN)
        tcp_half_open_input(t, LINKED(e, struct tcp_half_open, entry), &in);
    else
        tcp_time_wait_input(t, LINKED(e, struct tcp_time_wait, entry), &in);
}
