// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "platform/virtio/copy.h"

enum { BYTES_MAX = 1100, MARGIN = 16 };
static uint8_t from[BYTES_MAX + MARGIN], to[BYTES_MAX + 2 * MARGIN];

TEST(every_length_is_copied_from_and_to_every_alignment)
{
    for (size_t i = 0; i < sizeof from; i++)
        from[i] = (uint8_t)(1 + i % 251);
    for (size_t n = 0; n <= BYTES_MAX; n++)
        for (size_t at = 0; at < 8; at++) {
            size_t start = MARGIN + (at * 5 + n) % 8;
            memset(to, 0, sizeof to);
            EQ(copy_bytes((struct mspan){ to + start, n }, (struct span){ from + at, n }), n);
            EQ(memcmp(to + start, from + at, n), 0);
            EQ(to[start - 1], 0);
            EQ(to[start + n], 0);
        }
}
TEST(the_shorter_of_the_two_says_how_much)
{
    memset(to, 0, sizeof to);
    EQ(copy_bytes(mspan_first(MSPAN(to), 700), SPAN(from)), 700);
    EQ(to[699], from[699]);
    EQ(to[700], 0);
    EQ(copy_bytes(MSPAN(to), span_first(SPAN(from), 300)), 300);
    EQ(copy_bytes(MSPAN(to), (struct span){ 0 }), 0);
    EQ(copy_bytes((struct mspan){ 0 }, SPAN(from)), 0);
}
TEST_MAIN
