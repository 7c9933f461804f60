// SPDX-License-Identifier: ISC
/* The option of fast open: its two forms, and what is none of it (RFC 7413 section 4.1.1). */
#include "check/test.h"
#include "lib/tcp/fast_open_option.h"
#include "lib/tcp/segment.h"

/* A SYN with the usual options and room for more. */
static size_t a_syn(struct mspan room)
{
    struct tcp_segment s = { .source_port = 1, .destination_port = 2, .flags = TCP_SYN,
                             .opt = { .mss = 1460, .sack_permitted = true, .has_timestamps = true, .has_window_scale = true } };
    return tcp_segment_encode(&s, room);
}
static struct tcp_cookie a_cookie(enum tcp_cookie_form form, uint8_t num_bytes)
{
    struct tcp_cookie c = { .form = (uint8_t)form, .num_bytes = num_bytes };
    for (uint8_t i = 0; i < num_bytes; i++)
        c.bytes[i] = (uint8_t)(100 + i);
    return c;
}
/* The one option, as it stands behind twenty bytes. */
static struct tcp_cookie decoded(const uint8_t *option, size_t n)
{
    uint8_t header[TCP_HEADER_BYTES_MIN + 40] = { 0 };
    struct tcp_cookie c;
    memcpy(header + TCP_HEADER_BYTES_MIN, option, n);
    header[12] = (uint8_t)((TCP_HEADER_BYTES_MIN + n + 3) / 4 << 4);
    tcp_cookie_decode(SPAN(header), &c);
    return c;
}

TEST(every_cookie_that_is_written_is_read_again_beside_the_usual_options)
{
    for (unsigned form = TCP_COOKIE_KIND_34; form <= TCP_COOKIE_EXPERIMENTAL; form++)
        for (uint8_t n = 0; n <= TCP_COOKIE_BYTES_MAX; n = (uint8_t)(n == 0 ? TCP_COOKIE_BYTES_MIN : n + 2)) {
            uint8_t header[60];
            struct tcp_cookie c = a_cookie(form, n), got;
            struct tcp_segment s;
            size_t usual = a_syn(MSPAN(header)), all = tcp_cookie_append(&c, MSPAN(header), usual);
            TRUE(all > usual && all % 4 == 0);
            tcp_cookie_decode(span_first(SPAN(header), all), &got);
            TRUE(memcmp(&got, &c, sizeof c) == 0);
            EQ(tcp_segment_decode(span_first(SPAN(header), all), &s), WIRE_OK);
            EQ(s.header_bytes, all);
            TRUE(s.opt.mss == 1460 && s.opt.sack_permitted && s.opt.has_timestamps && s.opt.has_window_scale);
        }
}
TEST(a_cookie_that_does_not_fit_leaves_the_header_as_it_was)
{
    uint8_t header[60], before[60];
    struct tcp_cookie c = a_cookie(TCP_COOKIE_KIND_34, TCP_COOKIE_BYTES_MAX);
    size_t usual = a_syn(MSPAN(header));
    memcpy(before, header, usual);
    EQ(tcp_cookie_append(&c, mspan_first(MSPAN(header), 59), usual), usual);
    TRUE(memcmp(before, header, usual) == 0);
}
TEST(rfc7413_4_1_1_a_length_that_no_cookie_has_is_as_if_there_were_none)
{
    static const uint8_t too_short[] = { 34, 4, 1, 2 }, odd[] = { 34, 7, 1, 2, 3, 4, 5 };
    static const uint8_t too_long[] = { 34, 20, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18 };
    EQ(decoded(too_short, sizeof too_short).form, TCP_COOKIE_NONE);
    EQ(decoded(odd, sizeof odd).form, TCP_COOKIE_NONE);
    EQ(decoded(too_long, sizeof too_long).form, TCP_COOKIE_NONE);
}
TEST(an_experiment_with_another_number_is_none)
{
    static const uint8_t other[] = { 254, 8, 0xf9, 0x88, 1, 2, 3, 4 }, no_number[] = { 254, 3, 0xf9 };
    static const uint8_t ours[] = { 254, 8, 0xf9, 0x89, 1, 2, 3, 4 };
    EQ(decoded(other, sizeof other).form, TCP_COOKIE_NONE);
    EQ(decoded(no_number, sizeof no_number).form, TCP_COOKIE_NONE);
    EQ(decoded(ours, sizeof ours).form, TCP_COOKIE_EXPERIMENTAL);
    EQ(decoded(ours, sizeof ours).num_bytes, 4);
}
TEST(of_several_the_last_counts_and_those_behind_the_end_do_not)
{
    static const uint8_t two[] = { 34, 6, 1, 1, 1, 1, 1, 34, 6, 2, 2, 2, 2 }, ended[] = { 34, 6, 1, 1, 1, 1, 0, 34, 6, 2, 2, 2, 2 };
    EQ(decoded(two, sizeof two).bytes[0], 2);
    EQ(decoded(ended, sizeof ended).bytes[0], 1);
}
TEST(options_that_are_cut_off_or_lie_about_their_length_end_the_search)
{
    static const uint8_t lies[] = { 2, 1, 34, 6, 2, 2, 2, 2 }, beyond[] = { 34, 40, 1, 1 };
    EQ(decoded(lies, sizeof lies).form, TCP_COOKIE_NONE);
    EQ(decoded(beyond, sizeof beyond).form, TCP_COOKIE_NONE);
    uint8_t header[60];
    struct tcp_cookie c = a_cookie(TCP_COOKIE_KIND_34, 8), got;
    size_t all = tcp_cookie_append(&c, MSPAN(header), a_syn(MSPAN(header)));
    for (size_t n = 0; n < all - 2; n++) {          /* the two behind it are padding */
        tcp_cookie_decode(span_first(SPAN(header), n), &got);
        EQ(got.form, TCP_COOKIE_NONE);
    }
}
TEST_MAIN
