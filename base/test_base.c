// SPDX-License-Identifier: ISC
#include "base/checked.h"
#include "base/cursor.h"
#include "base/err.h"
#include "base/list.h"
#include "base/nanos.h"
#include "base/ring.h"
#include "base/writer.h"
#include "check/test.h"

TEST(splitting_a_span_never_leaves_it)
{
    uint8_t b[4] = { 1, 2, 3, 4 };
    EQ(span_skip(SPAN(b), 3).n, 1);
    EQ(span_at(span_skip(SPAN(b), 3), 0), 4);
    EQ(span_skip(SPAN(b), 4).n, 0);
    EQ(span_skip(SPAN(b), SIZE_MAX).n, 0);
    EQ(span_first(SPAN(b), SIZE_MAX).n, 4);
    EQ(span_sub(SPAN(b), 2, 9).n, 2);
    EQ(span_sub(SPAN(b), 9, 1).n, 0);
}
TEST(an_access_outside_a_span_panics)
{
    uint8_t b[4] = { 0 };
    PANICS((void)span_at(SPAN(b), 4));
    PANICS(mspan_put(MSPAN(b), 4, 1));
    PANICS((void)span_u16(SPAN(b), 3));
    PANICS((void)span_u32(SPAN(b), SIZE_MAX));
    SLICE(int) s = { 0 };
    PANICS((void)AT(s, 0));
}
TEST(spans_are_ordered_as_in_a_dictionary)
{
    TRUE(span_order(TEXT("a"), TEXT("b")) < 0 && span_order(TEXT("b"), TEXT("a")) > 0);
    TRUE(span_order(TEXT("a"), TEXT("aa")) < 0 && span_order(TEXT("b"), TEXT("aa")) > 0);
    EQ(span_order(TEXT("a"), TEXT("a")), 0);
    EQ(span_order(TEXT(""), TEXT("")), 0);
    TRUE(span_order(TEXT(""), TEXT("a")) < 0 && span_order(TEXT("\xff"), TEXT("a")) > 0);
}
TEST(a_cursor_reads_to_its_last_byte)
{
    uint8_t b[7] = { 0, 0, 1, 2, 3, 4, 5 };
    struct cur c = cur_of(SPAN(b));
    EQ(cur_u16(&c), 0);
    EQ(cur_u32(&c), 0x01020304);
    TRUE(cur_more(&c));
    EQ(cur_bytes(&c, 1).n, 1);
    TRUE(!cur_more(&c));
    EQ(cur_end(&c), WIRE_OK);
}
TEST(a_cursor_that_failed_has_nothing_left)
{
    uint8_t b[4] = { 1, 2, 3, 4 };
    struct cur c = cur_of(SPAN(b));
    cur_want(&c, false, WIRE_BAD_VALUE);
    TRUE(!cur_more(&c));
    EQ(cur_rest(&c).n, 0);
    EQ(cur_end(&c), WIRE_BAD_VALUE);
}
TEST(the_first_error_of_a_cursor_sticks)
{
    uint8_t b[5] = { 1, 0, 2, 0, 3 };
    struct cur c = cur_of(SPAN(b));
    EQ(cur_u8(&c), 1);
    EQ(cur_u16(&c), 2);
    EQ(cur_u32(&c), 0);
    cur_want(&c, false, WIRE_BAD_VALUE);
    EQ(cur_u8(&c), 0);
    EQ(cur_end(&c), WIRE_SHORT);
}
TEST(a_cursor_reports_what_is_left_over)
{
    uint8_t b[2] = { 1, 2 };
    struct cur c = cur_of(SPAN(b));
    EQ(cur_u8(&c), 1);
    EQ(cur_end(&c), WIRE_TRAILING);
}
TEST(a_full_writer_writes_nothing_more_and_gives_nothing)
{
    uint8_t b[4] = { 0 };
    struct wr w = wr_of(MSPAN(b));
    wr_u16(&w, 0x0102);
    EQ(wr_len(&w), 2);
    wr_u32(&w, 0xffffffff);
    wr_u8(&w, 9);
    EQ(wr_len(&w), 0);
    EQ(wr_done(&w).n, 0);
    EQ(b[2], 0);
}
TEST(decimal_numbers_of_every_length)
{
    uint8_t b[64];
    struct wr w = wr_of(MSPAN(b));
    wr_dec(&w, 0);
    wr_u8(&w, ' ');
    wr_dec(&w, 1024);
    wr_u8(&w, ' ');
    wr_dec(&w, UINT64_MAX);
    SPAN_EQ(wr_done(&w), "0 1024 18446744073709551615");
}
TEST(an_element_goes_behind_another_and_the_way_back_is_the_same)
{
    struct list l = { 0 };
    struct link a = { 0 }, b = { 0 }, c = { 0 };
    PANICS(list_insert_behind(&a, &b));
    list_push_back(&l, &a);
    list_insert_behind(&a, &c);
    list_insert_behind(&a, &b);
    TRUE(list_last(&l) == &c && list_prev(&l, &c) == &b && list_prev(&l, &b) == &a && list_prev(&l, &a) == NULL);
    TRUE(list_next(&l, &a) == &b && list_next(&l, &b) == &c);
}
struct item {
    int value;
    struct link link;
};
TEST(a_list_keeps_order_and_removal_is_idempotent)
{
    struct list l = { 0 };
    struct item a = { .value = 1 }, b = { .value = 2 }, c = { .value = 3 };
    TRUE(list_is_empty(&l));
    TRUE(list_first(&l) == NULL && list_last(&l) == NULL);
    list_push_back(&l, &b.link);
    list_push_back(&l, &c.link);
    list_push_front(&l, &a.link);
    PANICS(list_push_back(&l, &a.link));
    list_remove(&b.link);
    list_remove(&b.link);
    EQ(LINKED(list_first(&l), struct item, link)->value, 1);
    EQ(LINKED(list_next(&l, &a.link), struct item, link)->value, 3);
    TRUE(list_next(&l, &c.link) == NULL);
    TRUE(list_pop_front(&l) == &a.link && list_pop_front(&l) == &c.link && list_pop_front(&l) == NULL);
}
TEST(a_ring_wraps_and_knows_its_room)
{
    struct ring r = ring_of(4);
    r.written = r.read = UINT32_MAX - 1;
    for (int i = 0; i < 4; i++)
        EQ(ring_push(&r), (uint32_t)(UINT32_MAX - 1 + (uint32_t)i) & 3);
    TRUE(ring_is_full(&r));
    PANICS((void)ring_push(&r));
    EQ(ring_peek(&r, 3), 1);
    for (int i = 0; i < 4; i++)
        (void)ring_pop(&r);
    TRUE(ring_is_empty(&r));
    PANICS((void)ring_pop(&r));
    PANICS((void)ring_of(3));
}
TEST(time_saturates)
{
    EQ(nanos_add(NEVER, 1), NEVER);
    EQ(nanos_add(NEVER - 1, 5), NEVER);
    EQ(nanos_sub(1, 2), 0);
    EQ(from_s(UINT64_MAX), NEVER);
    EQ(from_ms(3), 3000000);
}
TEST(checked_arithmetic_writes_only_what_fits)
{
    size_t s = 7;
    uint64_t u = 7, n = UINT64_MAX;
    TRUE(!size_add(SIZE_MAX, 1, &s) && s == 7);
    TRUE(!u64_mul(UINT64_MAX, 2, &u) && u == 7);
    TRUE(size_mul(3, 4, &s) && s == 12);
    count_up(&n);
    EQ(n, UINT64_MAX);
}
TEST(every_error_has_a_name)
{
    for (unsigned e = 0; e < E_NUM; e++)
        TRUE(strcmp(err_name((err)e), "unknown error") != 0);
    TRUE(strcmp(err_name(E_NUM), "unknown error") == 0);
}
TEST_MAIN
