// SPDX-License-Identifier: ISC
/* A queue of frames against a list of them: what comes out is what went in, cut where it was to be, in order; a frame is refused where,
 * and only where, it does not fit. */
#include "base/cursor.h"
#include "check/any.h"
#include "lib/frames/frames.h"

enum { MEMORY_BYTES = 600, FRAMES = 16, FRAME_BYTES = 260 };

struct model {
    struct frame_note note;
    uint8_t byte[FRAME_BYTES];
};
static uint8_t memory[MEMORY_BYTES];
static struct model model[FRAMES];
static size_t oldest, num, used;
static struct frame_queue q;

static void push(struct cur *script)
{
    uint8_t n = cur_u8(script), split = cur_u8(script), cut = cur_u8(script), bytes[FRAME_BYTES];
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(i * 7 + cut + split);
    struct span whole = span_first(SPAN(bytes), n);
    struct span parts[] = { span_first(whole, split), { 0 }, span_skip(whole, split) };
    struct frame_note note = { .at = split, .num_bytes = cut & 1 ? UINT32_MAX : cut, .tag = cut, .offload = { .checksum_start = n } };
    size_t kept = note.num_bytes < n ? note.num_bytes : n;
    bool fits = used + FRAMES_NOTE_BYTES + kept <= q.memory.n;
    if (num == FRAMES)
        return;
    CHECK(frame_queue_push(&q, (frame_parts){ parts, 3 }, &note) == fits);
    if (!fits)
        return;
    struct model *m = &model[(oldest + num++) % FRAMES];
    m->note = note;
    m->note.num_bytes = (uint32_t)kept;
    m->note.whole_bytes = n;
    (void)span_copy(MSPAN(m->byte), whole);
    used += FRAMES_NOTE_BYTES + kept;
}
static void pop(struct cur *script)
{
    uint8_t room[2][FRAME_BYTES], first = cur_u8(script) & 1, n = cur_u8(script);
    const struct mspan buffers[] = { mspan_first(MSPAN(room[0]), n), MSPAN(room[1]) };
    const struct model *m = &model[oldest];
    struct frame_note note;
    CHECK(frame_queue_next(&q, &note) == (num > 0));
    if (num == 0)
        return;
    CHECK(note.at == m->note.at && note.num_bytes == m->note.num_bytes && note.whole_bytes == m->note.whole_bytes);
    CHECK(note.tag == m->note.tag && note.offload.checksum_start == m->note.offload.checksum_start);
    size_t num_buffers = frame_queue_pop(&q, (frame_buffers){ buffers, 2 }, first), at = 0;
    for (size_t i = first; i < first + num_buffers; i++) {
        struct span part = span_first(span_of(buffers[i]), note.num_bytes - at);
        CHECK(span_eq(part, span_sub(SPAN(m->byte), at, part.n)));
        at += part.n;
    }
    CHECK(at == note.num_bytes || first + num_buffers == 2);
    CHECK(note.num_bytes > 0 || num_buffers == 0);
    CHECK(num_buffers < 2 || n < note.num_bytes);
    oldest = (oldest + 1) % FRAMES;
    num--;
    used -= FRAMES_NOTE_BYTES + note.num_bytes;
}

PROPERTY(prop_frames, 400)
{
    struct cur script = cur_of(in);
    q = frame_queue_of(mspan_first(MSPAN(memory), 2u * cur_u8(&script) + 90));
    oldest = num = used = 0;
    while (cur_more(&script))
        if (cur_u8(&script) & 1)
            push(&script);
        else
            pop(&script);
    CHECK(q.num == num && q.num_used == used);
}
