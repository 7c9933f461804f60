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

void tcp_incoming_input(struct tcp *t, struct tcp_incoming *in)
{
    count_up(&t->stats.segments_in);
    struct tcp_entry *e = tcp_table_find(&t->table, &in->tuple);
    if (!e)
        tcp_listen_input(t, in, NULL);
    else if (e->kind == TCP_ENTRY_CONN)
        conn_input(t, LINKED(e, struct tcp_conn, entry), in);
    else if (e->kind == TCP_ENTRY_HALF_OPEN)
        tcp_half_open_input(t, LINKED(e, struct tcp_half_open, entry), in);
    else
        tcp_time_wait_input(t, LINKED(e, struct tcp_time_wait, entry), in);
}

bool tcp_incoming_of(struct tcp *t, const struct tcp_arrival *a, nanos now, struct tcp_incoming *in)
{
    in->header = a->packet->view;
    in->packet = a->packet;
    in->is_ce = a->is_ce;
    in->now = now;
    if (tcp_segment_decode(a->packet->view, &in->s) != WIRE_OK) {
        count_up(&t->stats.segments_in);
        count_up(&t->stats.dropped_bad_header);
        return false;
    }
    packet_chain_skip(a->packet, in->s.header_bytes);
    in->payload_bytes = u32_saturate(packet_chain_bytes(a->packet));
    in->tuple = (struct tcp_tuple){ a->dst, a->src, in->s.destination_port, in->s.source_port };
    return true;
}

void tcp_input(struct tcp *t, const struct tcp_arrival *a, nanos now)
{
    struct tcp_incoming in UNINITIALIZED;
    if (tcp_incoming_of(t, a, now, &in))
        tcp_incoming_input(t, &in);
}
