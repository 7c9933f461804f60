// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "platform/common/vnet.h"

static const struct frame_offload tso = {
    .needs_checksum = true, .gso = FRAME_GSO_TCPV4, .gso_bytes = 1448, .header_bytes = 66,
    .checksum_start = 34, .checksum_offset = 16,
};
static const uint8_t tso_bytes[VNET_BYTES] = { 1, 1, 66, 0, 0xa8, 0x05, 34, 0, 16, 0 };

TEST(the_header_has_the_layout_of_the_specification)
{
    uint8_t b[VNET_BYTES];
    vnet_encode(MSPAN(b), &tso);
    TRUE(span_eq(SPAN(b), SPAN(tso_bytes)));
}
TEST(a_plain_frame_has_a_header_of_zeros)
{
    uint8_t b[VNET_BYTES], zeros[VNET_BYTES] = { 0 };
    memset(b, 0xff, sizeof b);
    vnet_encode(MSPAN(b), &(struct frame_offload){ .checksum_is_good = true });
    TRUE(span_eq(SPAN(b), SPAN(zeros)));
}
TEST(decoding_gives_back_what_was_encoded)
{
    struct frame_offload in[] = {
        { 0 },
        tso,
        { .needs_checksum = true, .checksum_start = 14, .checksum_offset = 6 },
        { .needs_checksum = true, .gso = FRAME_GSO_TCPV6, .gso_bytes = 1, .header_bytes = 86,
          .checksum_start = 54, .checksum_offset = 16 },
    };
    for (size_t i = 0; i < NUM_OF(in); i++) {
        uint8_t b[VNET_BYTES];
        struct frame_offload out;
        vnet_encode(MSPAN(b), &in[i]);
        EQ(vnet_decode(SPAN(b), 9000, &out), WIRE_OK);
        EQ(out.needs_checksum, in[i].needs_checksum);
        EQ(out.gso, in[i].gso);
        EQ(out.gso_bytes, in[i].gso_bytes);
        EQ(out.header_bytes, in[i].header_bytes);
        EQ(out.checksum_start, in[i].checksum_start);
        EQ(out.checksum_offset, in[i].checksum_offset);
        TRUE(!out.checksum_is_good);
    }
}
TEST(a_vouched_checksum_and_a_segment_with_congestion_marks_are_understood)
{
    uint8_t b[VNET_BYTES] = { 2, 0x84, 86, 0, 1, 2 };
    struct frame_offload o;
    EQ(vnet_decode(SPAN(b), 2000, &o), WIRE_OK);
    TRUE(o.checksum_is_good && !o.needs_checksum);
    EQ(o.gso, FRAME_GSO_TCPV6);
    EQ(o.gso_bytes, 0x201);
}
static bool is_refused(const uint8_t (*b)[VNET_BYTES], size_t frame_bytes)
{
    struct frame_offload o = tso;
    return vnet_decode(SPAN(*b), frame_bytes, &o) == WIRE_BAD_VALUE && !o.needs_checksum && o.gso == 0 &&
           o.checksum_start == 0;
}
TEST(a_checksum_field_outside_the_frame_is_refused)
{
    uint8_t b[VNET_BYTES];
    struct frame_offload o;
    memcpy(b, tso_bytes, sizeof b);
    TRUE(is_refused((const uint8_t (*)[VNET_BYTES])&b, 51));
    EQ(vnet_decode(SPAN(b), 66, &o), WIRE_OK);
    b[1] = 0;
    EQ(vnet_decode(SPAN(b), 52, &o), WIRE_OK);      /* the field's bytes are the last */
    b[1] = 1;
    memset(&b[6], 0xff, 4);
    TRUE(is_refused((const uint8_t (*)[VNET_BYTES])&b, SIZE_MAX >> 48));
}
TEST(segmentation_that_was_not_negotiated_is_refused)
{
    static const uint8_t udp[VNET_BYTES] = { 0, 3, 42, 0, 1, 5 }, udp_l4[VNET_BYTES] = { 0, 5, 42, 0, 1, 5 };
    static const uint8_t no_size[VNET_BYTES] = { 0, 1, 42, 0, 0, 0 }, long_header[VNET_BYTES] = { 0, 1, 101, 0, 1, 5 };
    TRUE(is_refused(&udp, 100));
    TRUE(is_refused(&udp_l4, 100));
    TRUE(is_refused(&no_size, 100));
    TRUE(is_refused(&long_header, 100));
}
TEST(every_truncation_of_the_header_is_short)
{
    for (size_t n = 0; n < VNET_BYTES; n++) {
        struct frame_offload o = tso;
        EQ(vnet_decode(span_first(SPAN(tso_bytes), n), 100, &o), WIRE_SHORT);
        EQ(o.gso, FRAME_GSO_NONE);
    }
}
TEST_MAIN
