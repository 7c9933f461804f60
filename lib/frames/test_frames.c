// SPDX-License-Identifier: ISC
#include "lib/frames/frames.h"
#include "check/test.h"

static uint8_t memory[500], bytes[400], out[3][100];
static const struct mspan outs[] = { MSPAN(out[0]), MSPAN(out[1]), MSPAN(out[2]) };
static struct frame_queue q;

static bool push(size_t n, uint32_t cut, uint32_t tag)
{
    struct span parts[] = { span_first(SPAN(bytes), n / 3), span_sub(SPAN(bytes), n / 3, n - n / 3) };
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(i * 3 + tag);
    return frame_queue_push(&q, (frame_parts){ parts, 2 }, &(struct frame_note){ .at = tag, .num_bytes = cut, .tag = tag });
}
static void pops(size_t n, uint32_t tag)
{
    struct frame_note note;
    TRUE(frame_queue_next(&q, &note));
    EQ(note.num_bytes, n);
    EQ(note.tag, tag);
    EQ(frame_queue_pop(&q, (frame_buffers){ outs, 3 }, 0), (n + 99) / 100);
    for (size_t i = 0; i < n && i < 300; i++)
        EQ(out[i / 100][i % 100], (uint8_t)(i * 3 + tag));
}

TEST(frames_of_every_size_come_out_as_they_went_in_around_the_end)
{
    q = frame_queue_of(MSPAN(memory));
    for (uint32_t i = 0; i < 600; i++) {
        TRUE(push(i % 290, 400, i));
        TRUE(push(i % 7, 400, i + 1));
        EQ(q.num, 2);
        pops(i % 290, i);
        pops(i % 7, i + 1);
    }
    EQ(q.num_used, 0);
}
TEST(one_that_does_not_fit_is_refused_and_changes_nothing)
{
    struct frame_note note;
    q = frame_queue_of(MSPAN(memory));
    TRUE(!frame_queue_next(&q, &note));
    TRUE(push(300, 400, 1));
    TRUE(!push(300, 400, 2));
    TRUE(push(sizeof memory - 300 - 2 * FRAMES_NOTE_BYTES, 400, 3));
    TRUE(!push(0, 400, 4));
    pops(300, 1);
    pops(sizeof memory - 300 - 2 * FRAMES_NOTE_BYTES, 3);
    struct frame_queue closed = { 0 };
    TRUE(!frame_queue_push(&closed, (frame_parts){ 0 }, &(struct frame_note){ 0 }));
}
TEST(a_frame_may_be_cut_and_its_length_is_still_known)
{
    struct frame_note note;
    q = frame_queue_of(MSPAN(memory));
    TRUE(push(200, 50, 9));
    TRUE(frame_queue_next(&q, &note));
    EQ(note.whole_bytes, 200);
    pops(50, 9);
}
TEST(what_the_buffers_cannot_hold_is_lost)
{
    q = frame_queue_of(MSPAN(memory));
    TRUE(push(250, 400, 9));
    EQ(frame_queue_pop(&q, (frame_buffers){ outs, 3 }, 2), 1);
    EQ(q.num_used, 0);
}
TEST_MAIN
