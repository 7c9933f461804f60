// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"

static uint8_t message[100];
static struct icmpv6_quote q;

/* An error about a segment from port 80 to 5000, cut after n bytes of the transport. */
static struct span make(uint8_t type, uint8_t code, uint32_t rest, uint8_t protocol, bool is_cut, size_t n)
{
    struct ipv6_header ip = { .next_header = is_cut ? IPV6_FRAGMENT : protocol, .hop_limit = 1, .payload_bytes = 1000,
                              .source = { { 0x20, 1, [15] = 1 } }, .destination = { { 0x20, 1, [15] = 2 } } };
    size_t at = ICMPV6_HEADER_BYTES + IPV6_HEADER_BYTES;
    memset(message, 0, sizeof message);
    icmpv6_encode(MSPAN(message), &(struct icmpv6_header){ .type = type, .code = code, .rest = rest });
    ipv6_encode(mspan_skip(MSPAN(message), ICMPV6_HEADER_BYTES), &ip);
    if (is_cut) {
        ipv6_fragment_encode(mspan_skip(MSPAN(message), at), protocol, 0, false, 1);
        at += IPV6_FRAGMENT_BYTES;
    }
    mspan_u16(MSPAN(message), at, 80);
    mspan_u16(MSPAN(message), at + 2, 5000);
    mspan_u32(MSPAN(message), at + 4, 0x11223344);
    return span_first(SPAN(message), at + n);
}

TEST(an_error_says_whose_segment_it_was)
{
    for (int is_cut = 0; is_cut < 2; is_cut++) {
        EQ(icmpv6_error_decode(make(ICMPV6_UNREACHABLE, ICMPV6_UNREACHABLE_PORT, 0, IPV6_TCP, is_cut, 8), &q), WIRE_OK);
        EQ(q.source_port, 80);
        EQ(q.destination_port, 5000);
        EQ(q.sequence, 0x11223344);
        EQ(q.destination.byte[15], 2);
        TRUE(q.is_hard);
    }
}
TEST(a_packet_too_big_says_what_would_have_fitted)
{
    EQ(icmpv6_error_decode(make(ICMPV6_PACKET_TOO_BIG, 0, 1400, IPV6_UDP, false, 8), &q), WIRE_OK);
    EQ(q.mtu, 1400);
    TRUE(!q.is_hard);
    EQ(icmpv6_error_decode(make(ICMPV6_TIME_EXCEEDED, 0, 1400, IPV6_UDP, false, 8), &q), WIRE_OK);
    EQ(q.mtu, 0);
}
TEST(what_is_no_error_or_quotes_nothing_of_ours_is_refused)
{
    EQ(icmpv6_error_decode(make(ICMPV6_ECHO_REQUEST, 0, 0, IPV6_TCP, false, 8), &q), WIRE_BAD_VALUE);
    EQ(icmpv6_error_decode(make(0, 0, 0, IPV6_TCP, false, 8), &q), WIRE_BAD_VALUE);
    EQ(icmpv6_error_decode(make(5, 0, 0, IPV6_TCP, false, 8), &q), WIRE_BAD_VALUE);
    EQ(icmpv6_error_decode(make(ICMPV6_UNREACHABLE, 0, 0, 132, false, 8), &q), WIRE_BAD_VALUE);
}
static bool is_hard(uint8_t type, uint8_t code)
{
    EQ(icmpv6_error_decode(make(type, code, 0, IPV6_TCP, false, 8), &q), WIRE_OK);
    return q.is_hard;
}
TEST(errors_that_no_retry_mends_are_hard)
{
    for (uint8_t code = 0; code < 7; code++) {
        EQ(is_hard(ICMPV6_UNREACHABLE, code), code == ICMPV6_UNREACHABLE_PORT || code == ICMPV6_ADMINISTRATIVELY_PROHIBITED);
        EQ(is_hard(ICMPV6_PARAMETER_PROBLEM, code), code == ICMPV6_BAD_NEXT_HEADER);
        TRUE(!is_hard(ICMPV6_TIME_EXCEEDED, code));
        TRUE(!is_hard(ICMPV6_PACKET_TOO_BIG, code));
    }
}
TEST(a_later_piece_quotes_nothing_of_the_transport)
{
    struct span first = make(ICMPV6_TIME_EXCEEDED, 1, 0, IPV6_TCP, true, 8);
    size_t at = ICMPV6_HEADER_BYTES + IPV6_HEADER_BYTES;
    EQ(icmpv6_error_decode(first, &q), WIRE_OK);
    ipv6_fragment_encode(mspan_skip(MSPAN(message), at), IPV6_TCP, 8, false, 1);
    EQ(icmpv6_error_decode(first, &q), WIRE_BAD_VALUE);
}
TEST(every_truncation_is_refused_and_leaves_zero)
{
    static const struct icmpv6_quote no_quote;
    static const struct icmpv6_header no_header;
    struct icmpv6_header h;
    struct span whole = make(ICMPV6_UNREACHABLE, 0, 0, IPV6_TCP, true, 8);
    for (size_t n = 0; n < whole.n; n++) {
        q = (struct icmpv6_quote){ .protocol = 1, .mtu = 1 };
        TRUE(icmpv6_error_decode(span_first(whole, n), &q) != WIRE_OK);
        TRUE(span_eq(SPAN_OF(q), SPAN_OF(no_quote)));
    }
    for (size_t n = 0; n < ICMPV6_HEADER_BYTES; n++) {
        h.code = 1;
        EQ(icmpv6_decode(span_first(whole, n), &h), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(h), SPAN_OF(no_header)));
    }
}
TEST_MAIN
