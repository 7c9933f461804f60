// SPDX-License-Identifier: ISC
#include "platform/common/stream.h"
#include "base/writer.h"

void stream_in_init(struct stream_in *s, struct mspan storage)
{
    REQUIRE(storage.n >= STREAM_STORAGE_BYTES);
    *s = (struct stream_in){ .storage = storage };
}

static struct span unread(const struct stream_in *s)
{
    return span_sub(span_of(s->storage), s->begin, s->end - s->begin);
}

struct mspan stream_in_room(struct stream_in *s)
{
    struct span rest = unread(s);
    if (s->is_broken)
        return (struct mspan){ 0 };
    if (s->begin > 0 && rest.n > 0)
        memmove(s->storage.p, rest.p, rest.n);      /* the beginning of one frame, as a rule */
    s->begin = 0;
    s->end = rest.n;
    return mspan_skip(s->storage, s->end);
}

void stream_in_filled(struct stream_in *s, size_t num_bytes)
{
    REQUIRE(num_bytes <= s->storage.n - s->end);
    s->end += num_bytes;
}

bool stream_in_has_frame(const struct stream_in *s)
{
    struct span in = unread(s);
    if (s->is_broken || in.n < STREAM_HEADER_BYTES)
        return false;
    uint32_t num_bytes = span_u32(in, 0);
    return num_bytes <= STREAM_FRAME_BYTES_MAX && in.n - STREAM_HEADER_BYTES >= num_bytes;
}

bool stream_in_next(struct stream_in *s, struct span *frame)
{
    struct span in = unread(s);
    *frame = (struct span){ 0 };
    if (in.n >= STREAM_HEADER_BYTES && span_u32(in, 0) > STREAM_FRAME_BYTES_MAX)
        s->is_broken = true;
    if (!stream_in_has_frame(s))
        return false;
    *frame = span_sub(in, STREAM_HEADER_BYTES, span_u32(in, 0));
    s->begin += STREAM_HEADER_BYTES + frame->n;
    return true;
}

void stream_out_init(struct stream_out *s, struct mspan storage)
{
    REQUIRE(storage.n >= STREAM_STORAGE_BYTES);
    *s = (struct stream_out){ .storage = storage };
}

void stream_header(struct mspan out, const struct tx_frame *frame)
{
    size_t num_bytes = tx_frame_bytes(frame);
    REQUIRE(num_bytes <= STREAM_FRAME_BYTES_MAX);
    mspan_u32(out, 0, (uint32_t)num_bytes);
}

/* Writes `part` without what still has to be skipped of it. */
static void keep_part(struct wr *w, struct span part, size_t *skip)
{
    wr_bytes(w, span_skip(part, *skip));
    *skip -= part.n < *skip ? part.n : *skip;
}

void stream_out_keep(struct stream_out *s, const struct tx_frame *frame, size_t num_written)
{
    struct wr w = wr_of(s->storage);
    uint8_t header[STREAM_HEADER_BYTES];
    REQUIRE(s->left.n == 0);
    stream_header(MSPAN(header), frame);
    keep_part(&w, SPAN(header), &num_written);
    for (size_t i = 0; i < frame->num_parts; i++)
        keep_part(&w, frame->part[i], &num_written);
    REQUIRE(!w.full);
    s->left = wr_done(&w);
}

void stream_out_written(struct stream_out *s, size_t num_bytes)
{
    REQUIRE(num_bytes <= s->left.n);
    s->left = span_skip(s->left, num_bytes);
}
