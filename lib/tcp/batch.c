// SPDX-License-Identifier: ISC
/* batch.c - segments of one connection that come one behind the other are taken as one, as they come from a device that puts them
 * together: all that they say besides their text is the same, and only the last one may push. */
#include "lib/tcp/engine.h"

void tcp_batch_end(struct tcp *t)
{
    struct packet *p = t->held.packet;
    if (!p)
        return;
    tcp_incoming_input(t, &t->held);
    t->held.packet = NULL;
    packet_unref(p);
}

/* Text in one packet that says nothing else, but perhaps that it ends here. */
static bool is_plain(const struct tcp_incoming *in)
{
    return in->payload_bytes > 0 && !in->packet->next && (in->s.flags & ~(unsigned)TCP_PSH) == TCP_ACK &&
           in->s.header_bytes == TCP_HEADER_BYTES_MIN + (in->s.opt.has_timestamps ? TCP_TIMESTAMP_BYTES : 0);
}
static bool follows(const struct tcp_incoming *held, const struct tcp_incoming *in)
{
    return in->s.seq == held->s.seq + held->payload_bytes && in->s.ack == held->s.ack && in->s.window == held->s.window &&
           in->s.opt.ts_val == held->s.opt.ts_val && in->s.opt.ts_ecr == held->s.opt.ts_ecr &&
           in->s.header_bytes == held->s.header_bytes && in->is_ce == held->is_ce && tcp_tuple_eq(&in->tuple, &held->tuple);
}
static void append(struct tcp *t, const struct tcp_incoming *in)
{
    count_up(&t->stats.coalesced);
    packet_ref(in->packet);
    t->held_last->next = in->packet;
    t->held_last = in->packet;
    t->held.payload_bytes += in->payload_bytes;
}

void tcp_batch_input(struct tcp *t, const struct tcp_arrival *a, nanos now)
{
    struct tcp_incoming in UNINITIALIZED;
    if (!tcp_incoming_of(t, a, now, &in))
        return;
    bool may_be_held = is_plain(&in), pushes = in.s.flags & TCP_PSH;
    if (may_be_held && t->held.packet && follows(&t->held, &in)) {
        append(t, &in);
        if (pushes)
            tcp_batch_end(t);
        return;
    }
    tcp_batch_end(t);
    if (may_be_held && !pushes) {
        packet_ref(a->packet);
        t->held = in;
        t->held_last = a->packet;
    } else {
        tcp_incoming_input(t, &in);
    }
}
