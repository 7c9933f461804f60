// SPDX-License-Identifier: ISC
#include "lib/ethernet/ethernet.h"
#include "check/test.h"

static const uint8_t frame[] = { 2, 1, 2, 3, 4, 5, 2, 9, 8, 7, 6, 5, 0x08, 0x06, 'p', 'a', 'd' };

TEST(a_header_is_read_and_written_back)
{
    struct ethernet_header h;
    uint8_t out[ETHERNET_HEADER_BYTES];
    struct wr w = wr_of(MSPAN(out));
    EQ(ethernet_decode(SPAN(frame), &h), WIRE_OK);
    EQ(h.type, ETHERNET_ARP);
    EQ(h.source.byte[5], 5);
    ethernet_encode(&w, &h);
    TRUE(span_eq(wr_done(&w), span_first(SPAN(frame), sizeof out)));
}
TEST(every_truncated_header_is_short_and_leaves_zero)
{
    static const struct ethernet_header zero;
    for (size_t n = 0; n < ETHERNET_HEADER_BYTES; n++) {
        struct ethernet_header h = { .type = 1 };
        EQ(ethernet_decode(span_first(SPAN(frame), n), &h), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(h), SPAN_OF(zero)));
    }
    for (size_t n = ETHERNET_HEADER_BYTES; n <= sizeof frame; n++) {
        struct ethernet_header h;
        EQ(ethernet_decode(span_first(SPAN(frame), n), &h), WIRE_OK);
    }
}
TEST(a_group_as_source_and_a_length_as_type_are_refused)
{
    struct ethernet_header h;
    uint8_t bad[sizeof frame];
    memcpy(bad, frame, sizeof bad);
    bad[6] = 3;
    EQ(ethernet_decode(SPAN(bad), &h), WIRE_BAD_VALUE);
    memcpy(bad, frame, sizeof bad);
    bad[12] = 5;
    EQ(ethernet_decode(SPAN(bad), &h), WIRE_BAD_VALUE);
    mspan_u16(MSPAN(bad), 12, 0x0600);
    EQ(ethernet_decode(SPAN(bad), &h), WIRE_OK);
}
TEST_MAIN
