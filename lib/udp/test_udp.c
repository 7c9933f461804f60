// SPDX-License-Identifier: ISC
#include "lib/udp/udp.h"
#include "check/test.h"

static const uint8_t datagram[] = { 0x30, 0x39, 0, 53, 0, 11, 0xab, 0xcd, 'a', 'b', 'c', 0, 0 };

TEST(a_header_is_read_and_written_back)
{
    struct udp_header h;
    uint8_t out[UDP_HEADER_BYTES];
    EQ(udp_decode(SPAN(datagram), 11, &h), WIRE_OK);
    EQ(h.source_port, 12345);
    EQ(h.destination_port, 53);
    EQ(h.length_bytes, 11);
    EQ(h.checksum, 0xabcd);
    udp_encode(MSPAN(out), &h);
    TRUE(span_eq(SPAN(out), span_first(SPAN(datagram), sizeof out)));
}
TEST(every_truncation_is_short_leaves_zero_and_padding_is_fine)
{
    static const struct udp_header zero;
    for (size_t n = 0; n < 11; n++) {
        struct udp_header h = { .checksum = 1 };
        EQ(udp_decode(span_first(SPAN(datagram), n), n, &h), WIRE_SHORT);
        TRUE(span_eq(SPAN_OF(h), SPAN_OF(zero)));
    }
    for (size_t n = 11; n <= sizeof datagram; n++) {
        struct udp_header h;
        EQ(udp_decode(span_first(SPAN(datagram), n), n, &h), WIRE_OK);
        EQ(h.length_bytes, 11);
    }
}
TEST(a_length_below_the_header_and_port_zero_are_refused)
{
    struct udp_header h;
    uint8_t bad[sizeof datagram];
    memcpy(bad, datagram, sizeof bad);
    bad[5] = 7;
    EQ(udp_decode(SPAN(bad), sizeof bad, &h), WIRE_BAD_VALUE);
    bad[5] = 8;
    EQ(udp_decode(SPAN(bad), sizeof bad, &h), WIRE_OK);
    memcpy(bad, datagram, sizeof bad);
    bad[3] = 0;
    EQ(udp_decode(SPAN(bad), sizeof bad, &h), WIRE_BAD_VALUE);
}
TEST(ports_are_found_while_they_are_open)
{
    struct udp_ports t = { 0 };
    size_t lowest = udp_ports_open(&t, 1);
    EQ(udp_ports_find(&t, 1), lowest);
    udp_ports_close(&t, lowest);
    size_t dns = udp_ports_open(&t, 53), ntp = udp_ports_open(&t, 123);
    EQ(udp_ports_find(&t, 53), dns);
    EQ(udp_ports_find(&t, 123), ntp);
    EQ(udp_ports_find(&t, 0), UDP_NO_PLACE);
    udp_ports_close(&t, dns);
    EQ(udp_ports_find(&t, 53), UDP_NO_PLACE);
    EQ(udp_ports_find(&t, 123), ntp);
    EQ(udp_ports_open(&t, 67), dns);
    udp_ports_close(&t, ntp);
    udp_ports_close(&t, dns);
    EQ(t.num_places, 0);
}
TEST(a_full_table_refuses_another_port)
{
    struct udp_ports t = { 0 };
    for (uint16_t p = 1; p <= UDP_PORTS_MAX; p++)
        TRUE(udp_ports_open(&t, p) != UDP_NO_PLACE);
    EQ(udp_ports_open(&t, 1000), UDP_NO_PLACE);
}
TEST(an_ephemeral_port_is_dynamic_and_free_even_where_its_neighbours_are_taken)
{
    struct udp_ports t = { 0 };
    for (uint32_t i = 0; i < UDP_PORTS_MAX; i++) {
        uint16_t port = udp_ports_ephemeral(&t, 16383);
        TRUE(port >= UDP_EPHEMERAL_MIN && udp_ports_find(&t, port) == UDP_NO_PLACE);
        (void)udp_ports_open(&t, port);
    }
}
TEST_MAIN
