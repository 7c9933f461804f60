// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "platform/common/stream.h"

static uint8_t storage[2 * STREAM_STORAGE_BYTES], out_storage[STREAM_STORAGE_BYTES];

/* Three frames on the wire: "abc", nothing, "0123456789". */
static const uint8_t wire[] = "\0\0\0\3abc" "\0\0\0\0" "\0\0\0\12" "0123456789";
static const struct span wire_bytes = { wire, sizeof wire - 1 };

static void feed(struct stream_in *s, struct span bytes)
{
    struct mspan room = stream_in_room(s);
    REQUIRE(room.n >= bytes.n);
    stream_in_filled(s, span_copy(room, bytes));
}
/* Takes what there is and writes it down with a bar behind each frame. */
static void take_all(struct stream_in *s, struct mspan *text)
{
    struct span frame;
    while (stream_in_next(s, &frame)) {
        *text = mspan_skip(*text, span_copy(*text, frame));
        *text = mspan_skip(*text, span_copy(*text, TEXT("|")));
    }
}
TEST(frames_come_out_whole_wherever_two_reads_cut_the_stream)
{
    for (size_t i = 0; i <= wire_bytes.n; i++)
        for (size_t j = i; j <= wire_bytes.n; j++) {
            uint8_t got[32];
            struct mspan room = MSPAN(got);
            struct stream_in s;
            stream_in_init(&s, MSPAN(storage));
            feed(&s, span_first(wire_bytes, i));
            take_all(&s, &room);
            feed(&s, span_sub(wire_bytes, i, j - i));
            take_all(&s, &room);
            feed(&s, span_skip(wire_bytes, j));
            take_all(&s, &room);
            SPAN_EQ(span_first(SPAN(got), sizeof got - room.n), "abc||0123456789|");
        }
}
TEST(a_frame_of_nothing_is_there_with_its_header)
{
    struct stream_in s;
    struct span frame;
    stream_in_init(&s, MSPAN(storage));
    feed(&s, TEXT("\0\0\0"));
    TRUE(!stream_in_has_frame(&s));
    feed(&s, TEXT("\0"));
    TRUE(stream_in_has_frame(&s) && stream_in_next(&s, &frame));
    EQ(frame.n, 0);
}
TEST(frames_that_were_not_taken_outlive_the_next_read)
{
    struct stream_in s;
    struct span frame;
    stream_in_init(&s, MSPAN(storage));
    feed(&s, wire_bytes);
    TRUE(stream_in_has_frame(&s));
    TRUE(stream_in_next(&s, &frame));
    feed(&s, wire_bytes);
    TRUE(stream_in_next(&s, &frame) && frame.n == 0);
    TRUE(stream_in_next(&s, &frame));
    SPAN_EQ(frame, "0123456789");
    TRUE(stream_in_next(&s, &frame));
    SPAN_EQ(frame, "abc");
}
TEST(the_longest_frame_fits_the_least_storage)
{
    struct stream_in s;
    struct span frame;
    uint8_t length[4];
    stream_in_init(&s, mspan_first(MSPAN(storage), STREAM_STORAGE_BYTES));
    mspan_u32(MSPAN(length), 0, STREAM_FRAME_BYTES_MAX);
    feed(&s, SPAN(length));
    stream_in_filled(&s, STREAM_FRAME_BYTES_MAX - 1);
    TRUE(!stream_in_next(&s, &frame));
    EQ(stream_in_room(&s).n, 1);
    stream_in_filled(&s, 1);
    TRUE(stream_in_next(&s, &frame));
    EQ(frame.n, STREAM_FRAME_BYTES_MAX);
    EQ(stream_in_room(&s).n, STREAM_STORAGE_BYTES);
}
TEST(a_length_that_cannot_be_breaks_the_stream_for_good)
{
    struct stream_in s;
    struct span frame;
    uint8_t length[4];
    stream_in_init(&s, MSPAN(storage));
    mspan_u32(MSPAN(length), 0, STREAM_FRAME_BYTES_MAX + 1);
    feed(&s, SPAN(length));
    TRUE(!stream_in_has_frame(&s) && !s.is_broken);
    TRUE(!stream_in_next(&s, &frame));
    TRUE(s.is_broken);
    EQ(stream_in_room(&s).n, 0);
    TRUE(!stream_in_next(&s, &frame));
}
TEST(more_bytes_than_there_is_room_panic)
{
    struct stream_in s;
    stream_in_init(&s, MSPAN(storage));
    PANICS(stream_in_filled(&s, sizeof storage + 1));
    PANICS(stream_in_init(&s, mspan_first(MSPAN(storage), STREAM_STORAGE_BYTES - 1)));
}
TEST(a_frame_that_was_cut_anywhere_is_kept_from_there_on)
{
    struct tx_frame f = { .part = { TEXT("01"), TEXT(""), TEXT("23456"), TEXT("789") }, .num_parts = 4 };
    static const uint8_t whole[] = "\0\0\0\12" "0123456789";
    for (size_t cut = 0; cut < sizeof whole; cut++) {
        struct stream_out s;
        stream_out_init(&s, MSPAN(out_storage));
        stream_out_keep(&s, &f, cut);
        TRUE(span_eq(s.left, span_sub(SPAN(whole), cut, sizeof whole - 1 - cut)));
        size_t half = s.left.n / 2;
        stream_out_written(&s, half);
        EQ(s.left.n, sizeof whole - 1 - cut - half);
        stream_out_written(&s, s.left.n);
        EQ(s.left.n, 0);
    }
}
TEST(only_one_cut_frame_is_kept)
{
    struct tx_frame f = { .part = { TEXT("x"), TEXT("of another frame") }, .num_parts = 1 };
    struct stream_out s;
    stream_out_init(&s, MSPAN(out_storage));
    stream_out_keep(&s, &f, 3);
    SPAN_EQ(s.left, "\1x");
    EQ(s.left.n, 2);
    PANICS(stream_out_keep(&s, &f, 0));
    PANICS(stream_out_written(&s, 3));
}
TEST_MAIN
