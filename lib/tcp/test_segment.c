// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/tcp/segment.h"

/* A SYN as Linux sends it. */
static const uint8_t syn[40] = {
    0x30, 0x39, 0x00, 0x50, 0x11, 0x22, 0x33, 0x44, 0, 0, 0, 0, 0xa0, 0x02, 0xfa, 0xf0, 0xab, 0xcd, 0, 0,
    2, 4, 5, 0xb4, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7,
};

TEST(a_syn_with_all_its_options)
{
    struct tcp_segment s;
    EQ(tcp_segment_decode(SPAN(syn), &s), WIRE_OK);
    EQ(s.source_port, 12345);
    EQ(s.destination_port, 80);
    EQ(s.seq, 0x11223344);
    EQ(s.flags, TCP_SYN);
    EQ(s.window, 64240);
    EQ(s.header_bytes, 40);
    EQ(s.opt.mss, 1460);
    TRUE(s.opt.sack_permitted && s.opt.has_timestamps && s.opt.has_window_scale);
    EQ(s.opt.ts_val, 0x01020304);
    EQ(s.opt.window_scale, 7);
}
TEST(every_truncation_of_a_header_is_refused_and_leaves_nothing)
{
    struct tcp_segment s;
    static const struct tcp_segment none;
    for (size_t n = 0; n < sizeof syn; n++) {
        TRUE(tcp_segment_decode(span_first(SPAN(syn), n), &s) != WIRE_OK);
        TRUE(memcmp(&s, &none, sizeof s) == 0);
    }
}
TEST(payload_behind_the_header_is_not_looked_at)
{
    uint8_t b[sizeof syn + 100];
    memset(b, 0xff, sizeof b);
    memcpy(b, syn, sizeof syn);
    struct tcp_segment s, t;
    EQ(tcp_segment_decode(SPAN(b), &s), WIRE_OK);
    EQ(tcp_segment_decode(SPAN(syn), &t), WIRE_OK);
    TRUE(memcmp(&s, &t, sizeof s) == 0);
}
TEST(what_is_decoded_encodes_and_decodes_to_the_same)
{
    struct tcp_segment s = { .source_port = 1, .destination_port = 65535, .seq = 0xfffffffe, .ack = 7, .window = 9,
                             .flags = TCP_ACK | TCP_PSH };
    for (unsigned options = 0; options < 32; options++) {
        s.opt = (struct tcp_options){ .mss = options & 1 ? 1460 : 0, .has_window_scale = options & 2, .sack_permitted = options & 4,
                                      .has_timestamps = options & 8 };
        if (options & 2)
            s.opt.window_scale = 14;
        if (options & 8) {
            s.opt.ts_val = 0x80000000;
            s.opt.ts_ecr = 3;
        }
        if (options & 16) {
            s.opt.num_sack_blocks = options & 8 ? 1 : 2;
            s.opt.sack_block[0] = (struct tcp_sack_block){ 10, 20 };
            if (!(options & 8))
                s.opt.sack_block[1] = (struct tcp_sack_block){ 30, 40 };
        }
        uint8_t b[60];
        struct tcp_segment t;
        size_t n = tcp_segment_encode(&s, MSPAN(b));
        TRUE(n >= 20 && n % 4 == 0);
        EQ(tcp_segment_decode(span_first(SPAN(b), n), &t), WIRE_OK);
        s.header_bytes = (uint8_t)n;
        TRUE(memcmp(&s, &t, sizeof s) == 0);
        for (size_t room = 0; room < n; room++)
            EQ(tcp_segment_encode(&s, mspan_first(MSPAN(b), room)), 0);
    }
}
static enum wire_err with_options(struct span options)
{
    uint8_t b[60] = { 0, 1, 0, 2, [12] = 0, [13] = TCP_ACK };
    struct tcp_segment s;
    b[12] = (uint8_t)((20 + options.n) / 4 << 4);
    (void)span_copy(mspan_skip(MSPAN(b), 20), options);
    return tcp_segment_decode(span_first(SPAN(b), 20 + options.n), &s);
}
TEST(options_with_a_wrong_length_make_the_header_bad_and_unknown_ones_do_not)
{
    const uint8_t bad[][4] = {
        { 2, 3, 5, 0 }, { 2, 2, 1, 1 }, { 3, 2, 1, 1 }, { 3, 4, 1, 1 }, { 4, 3, 0, 0 }, { 5, 4, 0, 0 }, { 8, 4, 0, 0 }, { 1, 1, 1, 2 },
        { 77, 0, 0, 0 }, { 77, 1, 0, 0 }, { 77, 5, 0, 0 }, { 2, 255, 0, 0 },
    };
    const uint8_t good[][4] = {
        { 0, 9, 9, 9 }, { 1, 1, 1, 1 }, { 77, 2, 77, 2 }, { 77, 4, 9, 9 }, { 1, 0, 255, 255 }, { 2, 4, 0, 0 }, { 5, 2, 0, 0 },
    };
    for (size_t i = 0; i < NUM_OF(bad); i++)
        TRUE(with_options(SPAN(bad[i])) != WIRE_OK);
    for (size_t i = 0; i < NUM_OF(good); i++)
        EQ(with_options(SPAN(good[i])), WIRE_OK);
}
TEST(a_window_scale_beyond_fourteen_counts_as_fourteen)
{
    uint8_t b[24] = { 0, 1, 0, 2, [12] = 0x60, [13] = TCP_SYN, [20] = 3, 3, 15, 0 };
    struct tcp_segment s;
    EQ(tcp_segment_decode(SPAN(b), &s), WIRE_OK);
    EQ(s.opt.window_scale, 14);
}
TEST(four_blocks_of_sack_are_read_and_more_than_timestamps_is_not_taken_for_them)
{
    uint8_t b[56] = { 0, 1, 0, 2, [12] = 0xe0, [13] = TCP_ACK, [20] = 1, 1, 5, 34 };
    struct tcp_segment s;
    for (size_t i = 24; i < 56; i++)
        b[i] = (uint8_t)i;
    EQ(tcp_segment_decode(SPAN(b), &s), WIRE_OK);
    EQ(s.opt.num_sack_blocks, 4);
    EQ(s.opt.sack_block[3].right, 0x34353637);
    EQ(s.opt.has_timestamps, false);
}
TEST(timestamps_that_end_behind_the_header_are_bad)
{
    static const uint8_t options[12] = { 1, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7 };
    TRUE(with_options(SPAN(options)) != WIRE_OK);
}
TEST(a_header_without_options_gets_none)
{
    struct tcp_segment s = { .source_port = 1, .destination_port = 2, .flags = TCP_ACK };
    uint8_t b[60];
    EQ(tcp_segment_encode(&s, MSPAN(b)), 20);
}
TEST(flags_that_no_connection_sends)
{
    for (unsigned flags = 0; flags < 32; flags++) {
        uint8_t b[20] = { 0, 1, 0, 2, [12] = 0x50, [13] = (uint8_t)flags };
        struct tcp_segment s;
        bool is_syn = flags & TCP_SYN, has_ack = flags & TCP_ACK;       /* a SYN-ACK may end what answers text on a SYN */
        bool possible = is_syn ? !(flags & TCP_RST) && (has_ack || !(flags & TCP_FIN)) : has_ack || flags & TCP_RST;
        EQ(tcp_segment_decode(SPAN(b), &s) == WIRE_OK, possible);
    }
}
TEST(ports_of_zero_are_refused)
{
    uint8_t b[20] = { 0, 0, 0, 2, [12] = 0x50, [13] = TCP_ACK }, c[20] = { 0, 1, 0, 0, [12] = 0x50, [13] = TCP_ACK };
    struct tcp_segment s;
    EQ(tcp_segment_decode(SPAN(b), &s), WIRE_BAD_VALUE);
    EQ(tcp_segment_decode(SPAN(c), &s), WIRE_BAD_VALUE);
}
TEST_MAIN
