// SPDX-License-Identifier: ISC
/* reply.c - segments that no connection sends: resets, and acknowledgments for TIME-WAIT. They wait in a ring until
 * the round's output; when it is full they are dropped, the peer will ask again. */
#include "lib/tcp/engine.h"

uint32_t tcp_timestamp(const struct tcp_agreed *a, nanos now)
{
    return (uint32_t)(now >> TCP_TIMESTAMP_SHIFT) + a->ts_offset;
}
void tcp_segment_add_timestamps(struct tcp_segment *s, const struct tcp_agreed *a, nanos now)
{
    if (!a->timestamps)
        return;
    s->opt.has_timestamps = true;
    s->opt.ts_val = tcp_timestamp(a, now);
    s->opt.ts_ecr = a->ts_recent;
}

/* Completes a header with the ports and writes it; the payload is noted already. */
void tcp_segment_out(struct tcp *t, const struct tcp_tuple *tuple, struct tcp_segment *s, struct tcp_out *out)
{
    s->source_port = tuple->local_port;
    s->destination_port = tuple->remote_port;
    out->src = tuple->local;
    out->dst = tuple->remote;
    out->header_bytes = tcp_segment_encode(s, out->header_room);
    REQUIRE(out->header_bytes > 0);
    count_up(&t->stats.segments_out);
    if (s->flags & TCP_RST)
        count_up(&t->stats.resets_out);
}

void tcp_reply_send(struct tcp *t, const struct tcp_tuple *tuple, const struct tcp_segment *s, const struct tcp_agreed *a,
                    nanos now)
{
    if (ring_is_full(&t->replies))
        return;
    struct tcp_reply *r = &t->reply[ring_push(&t->replies)];
    *r = (struct tcp_reply){ .tuple = *tuple, .segment = *s };
    if (a)
        tcp_segment_add_timestamps(&r->segment, a, now);
}
void tcp_reply_reset(struct tcp *t, const struct tcp_incoming *in)
{
    struct tcp_segment s = { .flags = TCP_RST };
    if (in->s.flags & TCP_RST)
        return;
    if (in->s.flags & TCP_ACK) {
        s.seq = in->s.ack;
    } else {
        s.ack = in->s.seq + tcp_incoming_length(in);
        s.flags |= TCP_ACK;
    }
    tcp_reply_send(t, &in->tuple, &s, NULL, in->now);
}
bool tcp_reply_output(struct tcp *t, struct tcp_out *out)
{
    if (ring_is_empty(&t->replies))
        return false;
    struct tcp_reply *r = &t->reply[ring_pop(&t->replies)];
    tcp_segment_out(t, &r->tuple, &r->segment, out);
    return true;
}

/* M + F(): a clock of 64 ns, and a keyed hash that is the tuple's own (RFC 6528 section 3). */
uint32_t tcp_initial_seq(const struct tcp *t, const struct tcp_tuple *tuple, nanos now)
{
    return (uint32_t)(now >> 6) + (uint32_t)tcp_hash(SPAN(t->cfg.secret), tuple, TCP_HASH_ISN);
}
