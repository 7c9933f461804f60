// SPDX-License-Identifier: ISC
#include "lib/icmp/icmp.h"
#include "lib/checksum/checksum.h"
#include "lib/ipv4/ipv4.h"
#include "check/test.h"

static uint8_t message[64];

static void put_quote(uint8_t protocol)
{
    struct ipv4_header h = { .total_bytes = 1500, .protocol = protocol, .time_to_live = 1, .source = 0x0a090002,
                             .destination = 0x0a090001 };
    memset(message, 0, sizeof message);
    icmp_encode(MSPAN(message), &(struct icmp_header){ .type = ICMP_UNREACHABLE, .code = ICMP_UNREACHABLE_PORT });
    ipv4_encode(mspan_skip(MSPAN(message), 8), &h);
    mspan_u16(MSPAN(message), 28, 40000);
    mspan_u16(MSPAN(message), 30, 80);
    mspan_u32(MSPAN(message), 32, 0x12345678);
}
enum { ERROR = 36 };

TEST(a_header_is_read_and_written_back_and_every_truncation_is_short)
{
    static const uint8_t echo[] = { 8, 0, 0xab, 0xcd, 0, 1, 0, 2, 'x' };
    struct icmp_header h;
    EQ(icmp_decode(SPAN(echo), &h), WIRE_OK);
    EQ(h.type, ICMP_ECHO_REQUEST);
    EQ(h.rest, 0x00010002);
    icmp_encode(MSPAN(message), &h);
    TRUE(span_starts(SPAN(message), span_first(SPAN(echo), 8)));
    for (size_t n = 0; n < ICMP_HEADER_BYTES; n++)
        EQ(icmp_decode(span_first(SPAN(echo), n), &h), WIRE_SHORT);
}
TEST(a_reply_has_the_checksum_of_its_bytes_for_every_request)
{
    for (uint32_t i = 0; i < 70000; i++) {
        struct icmp_header request = { .type = ICMP_ECHO_REQUEST, .rest = i * 0x9e3779b9 }, reply;
        struct checksum c = { 0 };
        icmp_encode(MSPAN(message), &request);
        checksum_add(&c, span_first(SPAN(message), 8));
        request.checksum = checksum_field(&c);
        reply = icmp_echo_reply(&request);
        icmp_encode(MSPAN(message), &reply);
        c = (struct checksum){ 0 };
        checksum_add(&c, span_first(SPAN(message), 8));
        TRUE(checksum_is_right(&c));
        EQ(reply.type, ICMP_ECHO_REPLY);
        EQ(reply.rest, request.rest);
    }
}
TEST(an_unreachable_message_sums_right_with_its_quote)
{
    static const uint8_t quote[] = "a quote of an odd number of byte";
    struct icmp_header h = icmp_error(ICMP_UNREACHABLE, ICMP_UNREACHABLE_PORT, SPAN(quote));
    struct checksum c = { 0 };
    icmp_encode(MSPAN(message), &h);
    checksum_add(&c, span_first(SPAN(message), 8));
    checksum_add(&c, SPAN(quote));
    TRUE(checksum_is_right(&c));
}
TEST(an_error_tells_whose_packet_it_is_about)
{
    struct icmp_quote q;
    put_quote(IPV4_TCP);
    EQ(icmp_error_decode(span_first(SPAN(message), ERROR), &q), WIRE_OK);
    EQ(q.protocol, IPV4_TCP);
    EQ(q.source, 0x0a090002);
    EQ(q.destination, 0x0a090001);
    EQ(q.source_port, 40000);
    EQ(q.destination_port, 80);
    EQ(q.sequence, 0x12345678);
    TRUE(q.is_hard);
    EQ(q.mtu, 0);
}
TEST(every_truncated_error_is_short_and_leaves_zero)
{
    static const struct icmp_quote zero;
    put_quote(IPV4_TCP);
    for (size_t n = 0; n < ERROR; n++) {
        struct icmp_quote q = { .mtu = 1 };
        EQ(icmp_error_decode(span_first(SPAN(message), n), &q), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(q), SPAN_OF(zero)));
    }
    for (size_t n = ERROR; n <= sizeof message; n++) {
        struct icmp_quote q;
        EQ(icmp_error_decode(span_first(SPAN(message), n), &q), WIRE_OK);
    }
}
TEST(only_errors_about_tcp_and_udp_are_understood)
{
    struct icmp_quote q;
    put_quote(IPV4_ICMP);
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_BAD_VALUE);
    put_quote(IPV4_UDP);
    message[0] = ICMP_ECHO_REQUEST;
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_BAD_VALUE);
    put_quote(IPV4_UDP);
    message[8] = 0x44;
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_BAD_VALUE);
    message[8] = 0x65;
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_BAD_VALUE);
}
TEST(a_needed_fragmentation_tells_the_mtu_and_host_unreachable_is_soft)
{
    struct icmp_quote q;
    put_quote(IPV4_TCP);
    message[1] = ICMP_FRAGMENTATION_NEEDED;
    mspan_u16(MSPAN(message), 6, 1400);
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_OK);
    EQ(q.mtu, 1400);
    TRUE(!q.is_hard);
    message[1] = 1;
    EQ(icmp_error_decode(SPAN(message), &q), WIRE_OK);
    EQ(q.mtu, 0);
    TRUE(!q.is_hard);
}
TEST(errors_come_in_a_burst_then_at_their_rate)
{
    struct icmp_limit l = { 0 };
    nanos now = from_s(5);
    for (int i = 0; i < ICMP_ERRORS_BURST; i++)
        TRUE(icmp_limit_take(&l, now));
    TRUE(!icmp_limit_take(&l, now));
    now += NS_PER_S / ICMP_ERRORS_PER_S;
    TRUE(icmp_limit_take(&l, now));
    TRUE(!icmp_limit_take(&l, now));
    now += from_s(10);
    for (int i = 0; i < ICMP_ERRORS_BURST; i++)
        TRUE(icmp_limit_take(&l, now));
    TRUE(!icmp_limit_take(&l, now));
}
TEST_MAIN
