// SPDX-License-Identifier: ISC
/* frames.c - a ring of bytes: the note of a frame, then its bytes. */
#include "lib/frames/frames.h"
#include "base/checked.h"

struct frame_queue frame_queue_of(struct mspan memory)
{
    return (struct frame_queue){ .memory = memory };
}

/* The memory from a place on, around its end: two pieces. */
static void copy_in(struct frame_queue *q, size_t at, struct span bytes)
{
    size_t num = span_copy(mspan_skip(q->memory, at % q->memory.n), bytes);
    (void)span_copy(q->memory, span_skip(bytes, num));
}

static void copy_out(const struct frame_queue *q, size_t at, struct mspan out)
{
    size_t num = span_copy(out, span_skip(span_of(q->memory), at % q->memory.n));
    (void)span_copy(mspan_skip(out, num), span_of(q->memory));
}

bool frame_queue_push(struct frame_queue *q, frame_parts parts, const struct frame_note *note)
{
    struct frame_note n = *note;
    n.whole_bytes = (uint32_t)frame_bytes(parts);
    n.num_bytes = u32_min(n.num_bytes, n.whole_bytes);
    if (q->memory.n - q->num_used < FRAMES_NOTE_BYTES + n.num_bytes)
        return false;
    size_t at = q->read_at + q->num_used, left = n.num_bytes;
    copy_in(q, at, SPAN_OF(n));
    at += FRAMES_NOTE_BYTES;
    for (size_t i = 0; left > 0; i++) {
        struct span s = span_first(AT(parts, i), left);
        copy_in(q, at, s);
        at += s.n;
        left -= s.n;
    }
    q->num_used += FRAMES_NOTE_BYTES + n.num_bytes;
    q->num++;
    return true;
}

bool frame_queue_next(const struct frame_queue *q, struct frame_note *out)
{
    *out = (struct frame_note){ 0 };
    if (q->num == 0)
        return false;
    copy_out(q, q->read_at, MSPAN_OF(*out));
    return true;
}

size_t frame_queue_pop(struct frame_queue *q, frame_buffers buffers, size_t first)
{
    struct frame_note note;
    REQUIRE(frame_queue_next(q, &note));
    size_t at = q->read_at + FRAMES_NOTE_BYTES, left = note.num_bytes, i = first;
    for (; left > 0 && i < buffers.n; i++) {
        struct mspan out = mspan_first(AT(buffers, i), left);
        copy_out(q, at, out);
        at += out.n;
        left -= out.n;
    }
    q->read_at = (q->read_at + FRAMES_NOTE_BYTES + note.num_bytes) % q->memory.n;
    q->num_used -= FRAMES_NOTE_BYTES + note.num_bytes;
    q->num--;
    return i - first;
}
