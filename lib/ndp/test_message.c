// SPDX-License-Identifier: ISC
/* test_message.c - the bounds of messages and their options, each from both sides. */
#include "check/ip_text.h"
#include "check/test.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ndp/message.h"

static uint8_t bytes[1000];
static struct ndp_message m;
static struct wr w;

static void begin(uint8_t type, size_t num_zeros)
{
    w = wr_of(MSPAN(bytes));
    wr_u8(&w, type);
    wr_zeros(&w, num_zeros);
}
static void begin_advertisement(void)
{
    begin(ICMPV6_ROUTER_ADVERTISEMENT, 15);
}
static void put_prefix(uint8_t length)
{
    wr_u8(&w, 3);
    wr_u8(&w, 4);
    wr_u8(&w, length);
    wr_u8(&w, 0xc0);
    wr_u32(&w, 3600);
    wr_u32(&w, 1800);
    wr_u32(&w, 0);
    wr_bytes(&w, SPAN(IP("2001:db8::")->byte));
}
static void put_servers(size_t num)
{
    wr_u8(&w, 25);
    wr_u8(&w, (uint8_t)(1 + 2 * num));
    wr_u16(&w, 0);
    wr_u32(&w, 600);
    for (size_t i = 0; i < num; i++)
        wr_bytes(&w, SPAN(IP("2001:db8::53")->byte));
}
static void put_names(uint32_t lifetime_s, size_t num_units)
{
    wr_u8(&w, 31);
    wr_u8(&w, (uint8_t)(1 + num_units));
    wr_u16(&w, 0);
    wr_u32(&w, lifetime_s);
    for (size_t i = 0; i < num_units; i++)
        wr_bytes(&w, TEXT("\7example"));
}
static void put_mac(uint8_t type, uint8_t first)
{
    wr_u8(&w, type);
    wr_u8(&w, 1);
    wr_u8(&w, first);
    wr_zeros(&w, 5);
}
static enum wire_err decode(void)
{
    return ndp_decode(wr_done(&w), &m);
}

TEST(a_prefix_has_at_most_128_bits)
{
    begin_advertisement();
    put_prefix(128);
    EQ(decode(), WIRE_OK);
    EQ(m.num_prefixes, 1);
    TRUE(m.prefix[0].length == 128 && m.prefix[0].on_link && m.prefix[0].autonomous);
    TRUE(m.prefix[0].valid_s == 3600 && m.prefix[0].preferred_s == 1800);
    begin_advertisement();
    put_prefix(129);
    EQ(decode(), WIRE_OK);
    EQ(m.num_prefixes, 0);
}
TEST(more_prefixes_than_there_is_room_for_are_ignored)
{
    for (size_t num = 0; num <= NDP_PREFIX_OPTIONS_MAX + 1; num++) {
        begin_advertisement();
        for (size_t i = 0; i < num; i++)
            put_prefix(64);
        EQ(decode(), WIRE_OK);
        EQ(m.num_prefixes, num < NDP_PREFIX_OPTIONS_MAX ? num : NDP_PREFIX_OPTIONS_MAX);
    }
}
TEST(a_prefix_option_that_is_cut_is_ignored)
{
    begin_advertisement();
    put_mac(3, 64);
    EQ(decode(), WIRE_OK);
    EQ(m.num_prefixes, 0);
}
TEST(more_servers_than_there_is_room_for_are_ignored)
{
    for (size_t num = 0; num <= NDP_DNS_SERVERS_MAX + 1; num++) {
        begin_advertisement();
        put_servers(num);
        EQ(decode(), WIRE_OK);
        EQ(m.dns.num_servers, num < NDP_DNS_SERVERS_MAX ? num : NDP_DNS_SERVERS_MAX);
        EQ(m.dns.lifetime_s, 600);
    }
}
static size_t search_bytes(uint32_t lifetime_s, size_t num_units)
{
    begin_advertisement();
    put_names(lifetime_s, num_units);
    EQ(decode(), WIRE_OK);
    return m.dns.search_bytes;
}
TEST(names_that_do_not_fit_or_whose_time_is_over_are_ignored)
{
    EQ(search_bytes(1, NDP_DNS_SEARCH_BYTES / 8), NDP_DNS_SEARCH_BYTES);
    EQ(search_bytes(1, NDP_DNS_SEARCH_BYTES / 8 + 1), 0);
    EQ(search_bytes(0, 2), 0);
}
TEST(the_mtu_of_the_link_is_read)
{
    begin_advertisement();
    wr_u8(&w, 5);
    wr_u8(&w, 1);
    wr_u16(&w, 0);
    wr_u32(&w, 1492);
    EQ(decode(), WIRE_OK);
    EQ(m.mtu, 1492);
}
TEST(an_option_without_a_length_makes_the_message_void)
{
    begin_advertisement();
    wr_u8(&w, 5);
    wr_zeros(&w, 7);
    EQ(decode(), WIRE_BAD_VALUE);
}
TEST(no_station_has_the_address_of_a_group)
{
    for (uint8_t type = 1; type <= 2; type++) {
        begin_advertisement();
        put_mac(type, 2);
        EQ(decode(), WIRE_OK);
        EQ(m.has_source_mac, type == 1);
        EQ(m.has_target_mac, type == 2);
        begin_advertisement();
        put_mac(type, 3);
        EQ(decode(), WIRE_BAD_VALUE);
    }
}
TEST(preferences_are_of_two_bits)
{
    static const int8_t want[] = { 0, 1, 0, -1 };
    for (uint8_t bits = 0; bits < 4; bits++) {
        begin_advertisement();
        mspan_put(MSPAN(bytes), 5, (uint8_t)(bits << 3));
        EQ(decode(), WIRE_OK);
        EQ(m.preference, want[bits]);
    }
}

static enum wire_err redirect(const char *target, const char *destination)
{
    begin(ICMPV6_REDIRECT, 7);
    wr_bytes(&w, SPAN(IP(target)->byte));
    wr_bytes(&w, SPAN(IP(destination)->byte));
    return decode();
}
TEST(a_redirect_names_a_router_of_the_link_or_the_destination_itself)
{
    EQ(redirect("fe80::1", "2001:db8::9"), WIRE_OK);
    EQ(redirect("2001:db8::9", "2001:db8::9"), WIRE_OK);
    EQ(redirect("2001:db8::1", "2001:db8::9"), WIRE_BAD_VALUE);
    EQ(redirect("fe80::1", "ff02::1"), WIRE_BAD_VALUE);
    EQ(redirect("ff02::1", "2001:db8::9"), WIRE_BAD_VALUE);
    EQ(redirect("ff02::1", "ff02::1"), WIRE_BAD_VALUE);
}
static enum wire_err solicitation(const char *target)
{
    begin(ICMPV6_NEIGHBOR_SOLICITATION, 7);
    wr_bytes(&w, SPAN(IP(target)->byte));
    return decode();
}
TEST(a_neighbour_is_one_station_and_speaks_ipv6)
{
    EQ(solicitation("fe80::1"), WIRE_OK);
    EQ(solicitation("ff02::1"), WIRE_BAD_VALUE);
    EQ(solicitation("::ffff:10.0.0.1"), WIRE_BAD_VALUE);
}
static uint32_t response_ms(uint16_t code)
{
    begin(ICMPV6_MLD_QUERY, 3);
    wr_u16(&w, code);
    wr_zeros(&w, 18);
    EQ(decode(), WIRE_OK);
    return m.max_response_ms;
}
TEST(a_query_says_its_time_as_a_number_or_with_an_exponent)
{
    EQ(response_ms(0x7fff), 0x7fff);
    EQ(response_ms(0x8000), 0x8000);
    EQ(response_ms(0x8001), 0x8008);
    EQ(response_ms(0xffff), 0x1fff << 10);
}
TEST(other_types_and_codes_are_refused_and_every_truncation_leaves_zero)
{
    static const struct ndp_message zero;
    begin(ICMPV6_ECHO_REQUEST, 15);
    EQ(decode(), WIRE_BAD_VALUE);
    EQ(redirect("fe80::1", "2001:db8::9"), WIRE_OK);
    struct span whole = wr_done(&w);
    mspan_put(MSPAN(bytes), 1, 1);
    EQ(ndp_decode(whole, &m), WIRE_BAD_VALUE);
    mspan_put(MSPAN(bytes), 1, 0);
    for (size_t n = 0; n < whole.n; n++) {
        m.type = 1;
        EQ(ndp_decode(span_first(whole, n), &m), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(m), SPAN_OF(zero)));
    }
}
TEST_MAIN
