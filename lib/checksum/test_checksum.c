// SPDX-License-Identifier: ISC
#include "lib/checksum/checksum.h"
#include "check/test.h"

static uint8_t bytes[400];

/* RFC 1071 section 1, read literally. */
static uint16_t naive(struct span s)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < s.n; i++)
        sum += i % 2 ? s.p[i] : (uint32_t)s.p[i] << 8;
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return (uint16_t)sum;
}
static void fill(uint32_t seed)
{
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((seed = seed * 1103515245 + 12345) >> 16);
}
static uint16_t sum(struct span s)
{
    struct checksum c = { 0 };
    checksum_add(&c, s);
    return checksum_sum(&c);
}

TEST(every_length_at_every_alignment_agrees_with_the_definition)
{
    fill(1);
    for (size_t at = 0; at < 16; at++)
        for (size_t n = 0; n <= sizeof bytes - at; n++)
            EQ(sum(span_sub(SPAN(bytes), at, n)), naive(span_sub(SPAN(bytes), at, n)));
}
TEST(bytes_of_ones_carry_around_and_zeros_sum_to_zero)
{
    memset(bytes, 0xff, sizeof bytes);
    for (size_t n = 0; n <= sizeof bytes; n++)
        EQ(sum(span_first(SPAN(bytes), n)), naive(span_first(SPAN(bytes), n)));
    memset(bytes, 0, sizeof bytes);
    EQ(sum(SPAN(bytes)), 0);
}
TEST(any_split_into_three_pieces_gives_the_same_sum)
{
    fill(2);
    struct span all = span_first(SPAN(bytes), 90);
    for (size_t i = 0; i <= all.n; i++)
        for (size_t j = i; j <= all.n; j++) {
            struct checksum c = { 0 };
            checksum_add(&c, span_first(all, i));
            checksum_add(&c, span_sub(all, i, j - i));
            checksum_add(&c, span_skip(all, j));
            EQ(checksum_sum(&c), naive(all));
        }
}
TEST(the_pseudo_header_of_ipv4_counts_like_its_twelve_bytes)
{
    uint8_t pseudo[12] = { 10, 9, 0, 2, 192, 168, 255, 1, 0, 17, 0x12, 0x35 };
    uint8_t source[16] = { [10] = 255, 255, 10, 9, 0, 2 }, destination[16] = { [10] = 255, 255, 192, 168, 255, 1 };
    struct checksum c = checksum_pseudo(SPAN(source), SPAN(destination), 17, 0x1235);
    EQ(checksum_sum(&c), naive(SPAN(pseudo)));
}
TEST(the_pseudo_header_of_ipv6_counts_like_its_forty_bytes)
{
    uint8_t pseudo[40];
    for (size_t i = 0; i < 32; i++)
        pseudo[i] = (uint8_t)(i * 39 + 200);
    memcpy(pseudo + 32, (const uint8_t[]){ 0, 0, 0x12, 0x35, 0, 0, 0, 58 }, 8);
    struct checksum c = checksum_pseudo(span_first(SPAN(pseudo), 16), span_sub(SPAN(pseudo), 16, 16), 58, 0x1235);
    EQ(checksum_sum(&c), naive(SPAN(pseudo)));
}
TEST(bytes_with_their_own_checksum_are_right_and_with_any_bit_flipped_are_not)
{
    fill(3);
    struct mspan m = mspan_first(MSPAN(bytes), 37);
    mspan_u16(m, 10, 0);
    struct checksum c = { 0 };
    checksum_add(&c, span_of(m));
    mspan_u16(m, 10, checksum_field(&c));
    for (size_t bit = 0; bit < 37 * 8; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        c = (struct checksum){ 0 };
        checksum_add(&c, span_of(m));
        TRUE(!checksum_is_right(&c));
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
    c = (struct checksum){ 0 };
    checksum_add(&c, span_of(m));
    TRUE(checksum_is_right(&c));
}
TEST(an_update_of_one_word_is_the_sum_made_anew)
{
    fill(4);
    for (uint32_t step = 0; step < 3000; step++) {
        uint16_t before = span_u16(SPAN(bytes), 6), after = (uint16_t)(step * 977);
        uint16_t field = (uint16_t)~sum(SPAN(bytes));
        mspan_u16(MSPAN(bytes), 6, after);
        EQ(checksum_updated(field, before, after), (uint16_t)~sum(SPAN(bytes)));
    }
}
TEST(the_example_of_rfc_1624_comes_out)
{
    EQ(checksum_updated(0xdd2f, 0x5555, 0x3285), 0x0000);
}
TEST_MAIN
