// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/tcp/segment.h"

static bool same_options(const struct tcp_options *a, const struct tcp_options *b)
{
    return a->mss == b->mss && a->has_window_scale == b->has_window_scale && a->window_scale == b->window_scale &&
           a->sack_permitted == b->sack_permitted && a->has_timestamps == b->has_timestamps && a->ts_val == b->ts_val &&
           a->ts_ecr == b->ts_ecr && a->num_sack_blocks == b->num_sack_blocks;
}

PROPERTY(prop_segment_decode, 64)
{
    struct tcp_segment s, t;
    uint8_t out[60];
    enum wire_err e = tcp_segment_decode(in, &s);
    CHECK((e == WIRE_OK) == (s.header_bytes != 0));
    if (e != WIRE_OK)
        return;
    CHECK(s.header_bytes >= TCP_HEADER_BYTES_MIN && s.header_bytes <= in.n && s.header_bytes % 4 == 0);
    CHECK(s.source_port != 0 && s.destination_port != 0 && s.flags != 0);
    CHECK(s.opt.window_scale <= TCP_WINDOW_SCALE_MAX && s.opt.num_sack_blocks <= TCP_SACK_BLOCKS_MAX);
    size_t n = tcp_segment_encode(&s, MSPAN(out));
    if (n == 0)
        return;                 /* options that are packed more densely than ours */
    CHECK(tcp_segment_decode(span_first(SPAN(out), n), &t) == WIRE_OK);
    CHECK(s.seq == t.seq && s.ack == t.ack && s.flags == t.flags && s.window == t.window && same_options(&s.opt, &t.opt));
}
