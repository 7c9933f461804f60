// SPDX-License-Identifier: ISC
/* segment.c - see segment.h. */
#include "lib/tcp/segment.h"

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_MSS = 2, OPTION_WINDOW_SCALE = 3, OPTION_SACK_PERMITTED = 4,
       OPTION_SACK = 5, OPTION_TIMESTAMPS = 8 };
enum { MSS_BYTES = 4, WINDOW_SCALE_BYTES = 3, SACK_PERMITTED_BYTES = 2, TIMESTAMPS_BYTES = 10, SACK_BLOCK_BYTES = 8 };

#define TIMESTAMPS_ALONE UINT32_C(0x0101080a)   /* NOP, NOP, timestamps: what every data segment carries */

static void sack_decode(struct cur *c, struct tcp_options *o)
{
    cur_want(c, c->left.n % SACK_BLOCK_BYTES == 0, WIRE_BAD_VALUE);
    o->num_sack_blocks = 0;
    while (cur_more(c) && o->num_sack_blocks < TCP_SACK_BLOCKS_MAX) {
        struct tcp_sack_block *b = &o->sack_block[o->num_sack_blocks++];
        b->left = cur_u32(c);
        b->right = cur_u32(c);
    }
}
/* c: the bytes of one option behind its kind and length, all of which it must use. */
static enum wire_err option_decode(uint8_t kind, struct cur c, struct tcp_options *o)
{
    switch (kind) {
    case OPTION_MSS:
        o->mss = cur_u16(&c);
        break;
    case OPTION_WINDOW_SCALE:                   /* RFC 7323 section 2.3: more than 14 counts as 14 */
        o->has_window_scale = true;
        o->window_scale = cur_u8(&c);
        if (o->window_scale > TCP_WINDOW_SCALE_MAX)
            o->window_scale = TCP_WINDOW_SCALE_MAX;
        break;
    case OPTION_SACK_PERMITTED:
        o->sack_permitted = true;
        break;
    case OPTION_SACK:
        sack_decode(&c, o);
        break;
    case OPTION_TIMESTAMPS:
        o->has_timestamps = true;
        o->ts_val = cur_u32(&c);
        o->ts_ecr = cur_u32(&c);
        break;
    default:
        (void)cur_rest(&c);
        break;
    }
    return cur_end(&c);
}
bool tcp_option_next(struct cur *c, uint8_t *kind, struct span *value)
{
    *kind = OPTION_NOP;
    *value = (struct span){ 0 };
    while (*kind == OPTION_NOP && cur_more(c))
        *kind = cur_u8(c);
    if (*kind == OPTION_NOP || *kind == OPTION_END)
        return false;
    uint8_t length = cur_u8(c);
    cur_want(c, length >= 2, WIRE_BAD_VALUE);
    *value = cur_bytes(c, length - (size_t)2);
    return c->err == WIRE_OK;
}
static enum wire_err options_decode(struct span in, struct tcp_options *o)
{
    if (in.n == TCP_TIMESTAMP_BYTES && span_u32(in, 0) == TIMESTAMPS_ALONE) {
        o->has_timestamps = true;
        o->ts_val = span_u32(in, 4);
        o->ts_ecr = span_u32(in, 8);
        return WIRE_OK;
    }
    struct cur c = cur_of(in);
    struct span value;
    for (uint8_t kind; tcp_option_next(&c, &kind, &value);)
        cur_want(&c, option_decode(kind, cur_of(value), o) == WIRE_OK, WIRE_BAD_VALUE);
    (void)cur_rest(&c);
    return cur_end(&c);
}
/* SYN excludes RST, and FIN unless it answers text that came with a SYN (RFC 7413); every segment but the first SYN and a reset
 * acknowledges (RFC 9293 section 3.10.7). */
static bool flags_are_possible(uint8_t flags)
{
    if (flags & TCP_SYN)
        return !(flags & (flags & TCP_ACK ? TCP_RST : TCP_FIN | TCP_RST));
    return flags & (TCP_ACK | TCP_RST);
}

enum wire_err tcp_segment_decode(struct span in, struct tcp_segment *out)
{
    struct span fixed = span_first(in, TCP_HEADER_BYTES_MIN);
    *out = (struct tcp_segment){ 0 };
    if (fixed.n < TCP_HEADER_BYTES_MIN)
        return WIRE_SHORT;
    out->source_port = span_u16(fixed, 0);
    out->destination_port = span_u16(fixed, 2);
    out->seq = span_u32(fixed, 4);
    out->ack = span_u32(fixed, 8);
    out->header_bytes = (uint8_t)((span_at(fixed, 12) >> 4) * 4);
    out->flags = span_at(fixed, 13) & (TCP_FIN | TCP_SYN | TCP_RST | TCP_PSH | TCP_ACK | TCP_ECE | TCP_CWR);
    out->window = span_u16(fixed, 14);          /* checksum and urgent pointer follow */

    enum wire_err err = WIRE_BAD_VALUE;
    if (out->source_port != 0 && out->destination_port != 0 && flags_are_possible(out->flags) &&
        out->header_bytes >= TCP_HEADER_BYTES_MIN && out->header_bytes <= in.n)
        err = options_decode(span_sub(in, TCP_HEADER_BYTES_MIN, out->header_bytes - (size_t)TCP_HEADER_BYTES_MIN), &out->opt);
    if (err != WIRE_OK)
        *out = (struct tcp_segment){ 0 };
    return err;
}

/* Aligned by padding; SACK-permitted takes the place of that of the timestamps. */
static void options_encode(struct wr *w, const struct tcp_options *o)
{
    if (o->mss) {
        wr_u8(w, OPTION_MSS);
        wr_u8(w, MSS_BYTES);
        wr_u16(w, o->mss);
    }
    if (o->sack_permitted != o->has_timestamps)
        wr_u16(w, OPTION_NOP << 8 | OPTION_NOP);
    if (o->sack_permitted)
        wr_u16(w, OPTION_SACK_PERMITTED << 8 | SACK_PERMITTED_BYTES);
    if (o->has_timestamps) {
        wr_u16(w, OPTION_TIMESTAMPS << 8 | TIMESTAMPS_BYTES);
        wr_u32(w, o->ts_val);
        wr_u32(w, o->ts_ecr);
    }
    if (o->has_window_scale) {
        wr_u8(w, OPTION_NOP);
        wr_u8(w, OPTION_WINDOW_SCALE);
        wr_u8(w, WINDOW_SCALE_BYTES);
        wr_u8(w, o->window_scale);
    }
    if (o->num_sack_blocks > 0) {
        wr_u16(w, OPTION_NOP << 8 | OPTION_NOP);
        wr_u8(w, OPTION_SACK);
        wr_u8(w, (uint8_t)(2 + SACK_BLOCK_BYTES * o->num_sack_blocks));
    }
    for (size_t i = 0; i < o->num_sack_blocks; i++) {
        wr_u32(w, o->sack_block[i].left);
        wr_u32(w, o->sack_block[i].right);
    }
}

size_t tcp_segment_encode(const struct tcp_segment *s, struct mspan out)
{
    struct wr w = wr_of(out);
    struct mspan fixed = wr_take(&w, TCP_HEADER_BYTES_MIN);
    options_encode(&w, &s->opt);
    size_t bytes = wr_len(&w);
    if (bytes == 0)
        return 0;
    mspan_u16(fixed, 0, s->source_port);
    mspan_u16(fixed, 2, s->destination_port);
    mspan_u32(fixed, 4, s->seq);
    mspan_u32(fixed, 8, s->ack);
    mspan_u16(fixed, 12, (uint16_t)(bytes / 4 << 12 | s->flags));
    mspan_u16(fixed, 14, s->window);
    mspan_u32(fixed, 16, 0);                    /* checksum, urgent pointer */
    return bytes;
}
