// SPDX-License-Identifier: ISC
/* UDP ports of two stacks: peers, errors, options, broadcasts and groups. */
#include "lib/ethernet/ethernet.h"
#include "lib/ipv4/ipv4.h"
#include "lib/ipv6/ipv6.h"
#include "lib/stack/test_link.h"

static struct udp *here, *there;
static uint8_t got[2048];
static size_t num_got;
static struct endpoint from;

static struct endpoint at(const char *text, uint16_t port)
{
    struct endpoint e = { .port = port };
    if (ip_parse(span_of_str(text), &e.ip) != WIRE_OK)
        abort();
    return e;
}
static err send(struct udp *u, const char *to, uint16_t port)
{
    struct endpoint e = at(to, port);
    return udp_send(u, &e, TEXT("hello"));
}
static err receive(struct udp *u)
{
    return udp_receive(u, MSPAN(got), &num_got, &from, in_s(3));
}
static bool hears(const char *to)
{
    if (send(here, to, 53) != OK || receive(there) != OK)
        return false;
    return num_got == 5 && from.port == 5000;
}
static void open_both(void)
{
    EQ(udp_open(left, 5000, &here), OK);
    EQ(udp_open(right, 53, &there), OK);
}
static void close_both(void)
{
    udp_close(here);
    udp_close(there);
}
/* The last frame that the right end got. */
static struct span last_packet(void)
{
    const struct wire_frame *f = &right_end.frame[(right_end.ring.written - 1) % LINK_FRAMES];
    return span_skip(span_first(SPAN(f->byte), f->num_bytes), ETHERNET_HEADER_BYTES);
}

LINK_TEST(a_connected_port_is_told_that_nobody_listens_and_an_unconnected_one_is_not, false)
{
    struct endpoint closed = at("10.0.0.2", 99), again = { 0 };
    open_both();
    EQ(udp_connect(here, &closed), OK);
    EQ(send(here, "10.0.0.2", 99), OK);
    EQ(receive(here), E_REFUSED);
    EQ(receive(here), E_TIMEDOUT);                              /* once */
    EQ(send(here, "10.0.0.2", 99), OK);
    EQ(sleep_until(in_ms(10)), OK);
    EQ(send(here, "10.0.0.2", 99), E_REFUSED);
    EQ(send(here, "10.0.0.2", 99), OK);
    EQ(sleep_until(in_ms(10)), OK);
    EQ(udp_connect(here, &again), OK);
    EQ(receive(here), E_TIMEDOUT);
    EQ(send(here, "10.0.0.2", 99), OK);
    EQ(receive(here), E_TIMEDOUT);
    close_both();
}
LINK_TEST(a_connected_port_hears_its_peer_alone, false)
{
    struct endpoint peer = at("10.0.0.1", 5001);
    open_both();
    EQ(udp_connect(there, &peer), OK);
    TRUE(!hears("10.0.0.2"));
    EQ(stack_counters(right)->udp_no_port, 1);
    peer.port = 5000;
    EQ(udp_connect(there, &peer), OK);
    TRUE(hears("10.0.0.2"));
    close_both();
}
LINK_TEST(a_connected_port_whose_peer_is_not_there_is_told_so, false)
{
    struct endpoint nobody = at("10.0.0.77", 99), elsewhere = at("192.0.2.1", 99), all = at("10.0.0.255", 99);
    open_both();
    EQ(udp_connect(here, &elsewhere), E_UNREACHABLE);
    EQ(udp_connect(here, &all), E_UNREACHABLE);
    EQ(udp_connect(here, &nobody), OK);
    EQ(send(here, "10.0.0.77", 99), OK);
    EQ(udp_receive(here, MSPAN(got), &num_got, &from, in_s(10)), E_UNREACHABLE);
    close_both();
}
LINK_TEST(port_zero_is_nobodys, false)
{
    open_both();
    EQ(send(here, "10.0.0.2", 0), E_INVALID);
    close_both();
}
LINK_TEST(broadcasts_reach_all_and_are_not_answered_with_errors, false)
{
    open_both();
    uint64_t before = stack_counters(right)->frames_out;
    TRUE(hears("10.0.0.255"));
    TRUE(hears("255.255.255.255"));
    EQ(send(here, "255.255.255.255", 99), OK);
    EQ(sleep_until(in_ms(10)), OK);
    EQ(stack_counters(right)->udp_no_port, 1);
    TRUE(stack_counters(right)->frames_out <= before + 1);      /* an announcement */
    close_both();
}
LINK_TEST(hop_limit_and_traffic_class_are_what_was_asked_for, false)
{
    struct ipv4_header ip;
    open_both();
    TRUE(hears("10.0.0.2"));
    EQ(ipv4_decode(last_packet(), 1500, &ip), WIRE_OK);
    EQ(ip.time_to_live, 64);
    EQ(ip.traffic_class, 0);
    udp_set(here, &(struct udp_options){ .hop_limit = 3, .traffic_class = 0xb8, .multicast_hops = 9 });
    TRUE(hears("10.0.0.2"));
    EQ(ipv4_decode(last_packet(), 1500, &ip), WIRE_OK);
    EQ(ip.time_to_live, 3);
    EQ(ip.traffic_class, 0xb8);
    EQ(send(here, "224.1.2.3", 53), OK);
    EQ(sleep_until(in_ms(1)), OK);
    EQ(ipv4_decode(last_packet(), 1500, &ip), WIRE_OK);
    EQ(ip.time_to_live, 9);
    close_both();
}
LINK_TEST(a_stack_has_a_hop_limit_and_a_traffic_class_of_its_own, false)
{
    struct ipv4_header ip;
    struct flow *flow;
    struct stack_config cfg = { .address = { ip_from_v4(0x0a000001), 24 }, .hop_limit = 7, .traffic_class = 0xb8, .heap_percent = 40 };
    stack_close(left);
    EQ(stack_open_dual(&left_end.net, &cfg, &left), OK);
    open_both();
    EQ(sleep_until(in_s(5)), OK);                               /* the announcements are over */
    TRUE(hears("10.0.0.2"));
    EQ(ipv4_decode(last_packet(), 1500, &ip), WIRE_OK);
    EQ(ip.time_to_live, 7);
    EQ(ip.traffic_class, 0);                                    /* that is of TCP */
    EQ(tcp_connect(left, &(struct endpoint[]){ at_right(80) }[0], in_s(1), &flow), E_REFUSED);
    EQ(ipv4_decode(last_packet(), 1500, &ip), WIRE_OK);
    EQ(ip.time_to_live, 7);
    EQ(ip.traffic_class, 0xb8);
    close_both();
}
static void join_and_leave(const char *group)
{
    struct endpoint g = at(group, 0), station = at("10.0.0.2", 0);
    open_both();
    TRUE(!hears(group));
    uint64_t not_ours = stack_counters(right)->not_our_ip;
    TRUE(not_ours > 0);
    EQ(udp_join(there, &g.ip), OK);
    EQ(udp_join(there, &g.ip), OK);
    EQ(udp_join(there, &station.ip), E_INVALID);
    TRUE(hears(group));
    TRUE(ip_is_v4(&g.ip) || ipv6_is_link_local(&from.ip));
    udp_leave(there, &g.ip);
    TRUE(!hears(group));
    EQ(udp_join(there, &g.ip), OK);
    udp_close(there);                                           /* leaves as well */
    EQ(udp_open(right, 53, &there), OK);
    TRUE(!hears(group));
    TRUE(stack_counters(right)->not_our_ip > not_ours);
    close_both();
}
LINK_TEST(a_group_is_heard_from_joining_to_leaving, false)
{
    join_and_leave("224.0.0.251");
}
LINK_TEST_V6(the_same_in_ipv6)
{
    EQ(sleep_until(in_s(3)), OK);       /* the addresses are certain by then */
    join_and_leave("ff02::fb");
}
LINK_TEST(more_groups_than_there_are_places_are_refused, false)
{
    open_both();
    for (uint32_t i = 0; i < 32; i++)
        EQ(udp_join(there, &(struct ip[]){ ip_from_v4(0xe8000000 + i) }[0]), OK);
    EQ(udp_join(there, &(struct ip[]){ ip_from_v4(0xe8000100) }[0]), E_NOMEM);
    EQ(udp_join(there, &(struct ip){ { 0xff, 2, [15] = 0xfb } }), E_UNREACHABLE);       /* no IPv6 */
    close_both();
}
/* ---- Sources of groups (RFC 3376, RFC 3810) */

static bool hears_from(const char *source, const char *group, struct udp *receiver)
{
    struct endpoint s = at(source, 0), g = at(group, 53);
    return udp_send_from(here, &s.ip, &g, TEXT("hello")) == OK && receive(receiver) == OK && ip_eq(&from.ip, &s.ip);
}
static err joins(struct udp *u, const char *group, bool is_exclude, const char *source)
{
    struct endpoint g = at(group, 0), s = at(source, 0);
    return udp_join_sources(u, &g.ip, &(struct ip_sources){ .is_exclude = is_exclude, .num = 1, .ip = { s.ip } });
}
LINK_TEST(a_port_hears_the_sources_of_a_group_that_it_asked_for, false)
{
    struct ip_prefix more = { ip_from_v4(0x0a000003), 24 };
    struct endpoint group = at("239.1.2.3", 0);
    open_both();
    EQ(stack_add_address(left, &more, STACK_ANNOUNCE, NEVER), OK);
    EQ(joins(there, "239.1.2.3", false, "10.0.0.1"), OK);
    TRUE(hears_from("10.0.0.1", "239.1.2.3", there));
    TRUE(!hears_from("10.0.0.3", "239.1.2.3", there));
    EQ(joins(there, "239.1.2.3", true, "10.0.0.1"), OK);        /* the other way round */
    TRUE(!hears_from("10.0.0.1", "239.1.2.3", there));
    TRUE(hears_from("10.0.0.3", "239.1.2.3", there));
    EQ(udp_join(there, &group.ip), OK);
    TRUE(hears_from("10.0.0.1", "239.1.2.3", there) && hears_from("10.0.0.3", "239.1.2.3", there));
    EQ(udp_join_sources(there, &group.ip, &(struct ip_sources){ 0 }), OK);
    TRUE(!hears_from("10.0.0.1", "239.1.2.3", there));
    EQ(LINKED(right, struct stack_host, stack)->multicast->counters.unwanted, 2);
    EQ(joins(there, "239.1.2.3", false, "fd00::1"), E_INVALID);
    EQ(udp_join_sources(there, &group.ip, &(struct ip_sources){ .num = IP_SOURCES_MAX + 1 }), E_INVALID);
    close_both();
    EQ(joins(there, "239.1.2.3", false, "10.0.0.1"), E_CLOSED);
}
/* A report of more sources than a header has room for goes out whole, in both families. */
LINK_TEST_V6(a_report_of_many_sources_goes_out_whole)
{
    struct ip_sources four = { .num = IP_SOURCES_MAX }, six = { .num = IP_SOURCES_MAX };
    struct endpoint group4 = at("239.1.2.3", 0), group6 = at("ff05::1234", 0);
    open_both();
    for (uint8_t i = 0; i < IP_SOURCES_MAX; i++) {
        four.ip[i] = ip_from_v4(0x0a000001u + i);
        six.ip[i] = (struct ip){ { 0xfd, [15] = (uint8_t)(i + 1) } };
    }
    EQ(sleep_until(in_s(5)), OK);
    EQ(udp_join_sources(here, &group4.ip, &four), OK);
    EQ(sleep_until(in_ms(5)), OK);
    EQ(last_packet().n, 24 + 16 + 4 * IP_SOURCES_MAX);
    EQ(span_u32(last_packet(), 24 + 16), 0x0a000010);           /* the last is told first */
    EQ(sleep_until(in_s(5)), OK);
    EQ(udp_join_sources(here, &group6.ip, &six), OK);
    EQ(sleep_until(in_ms(5)), OK);
    EQ(last_packet().n, 40 + 8 + 28 + 16 * IP_SOURCES_MAX);
    EQ(span_at(last_packet(), last_packet().n - 1), 1);
    EQ(joins(there, "ff05::1234", true, "fd00::1"), OK);
    TRUE(!hears_from("fd00::1", "ff05::1234", there));
    EQ(joins(there, "ff05::1234", false, "fd00::1"), OK);
    TRUE(hears_from("fd00::1", "ff05::1234", there));
    close_both();
}

/* Whoever is asked for gets what was sent meanwhile, in fragments, too; a third datagram does not wait. */
LINK_TEST(a_datagram_in_fragments_waits_for_its_neighbour, false)
{
    static uint8_t large[65507], back[65507];
    struct udp *server, *client;
    struct endpoint to = at_right(53);
    size_t n;
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_open(left, 0, &client), OK);
    for (size_t i = 0; i < sizeof large; i++)
        large[i] = (uint8_t)(i * 3 + i / 255);
    EQ(udp_send(client, &to, SPAN(large)), OK);
    EQ(udp_send(client, &to, span_first(SPAN(large), 4000)), OK);
    EQ(udp_send(client, &to, span_first(SPAN(large), 3000)), OK);
    EQ(udp_receive(server, MSPAN(back), &n, &from, in_s(5)), OK);
    EQ(n, sizeof large);
    TRUE(span_eq(SPAN(back), SPAN(large)));
    EQ(udp_receive(server, MSPAN(back), &n, &from, in_s(5)), OK);
    EQ(n, 4000);
    EQ(udp_receive(server, MSPAN(back), &n, &from, in_s(2)), E_TIMEDOUT);
    EQ(stack_counters(left)->unresolved, 1);
}
LINK_TEST(fragments_for_a_neighbour_that_is_not_there_are_given_up, false)
{
    static uint8_t large[5000];
    struct udp *client;
    struct endpoint nobody = { ip_from_v4(0x0a000063), 53 };
    size_t n;
    EQ(udp_open(left, 0, &client), OK);
    EQ(udp_connect(client, &nobody), OK);
    EQ(udp_send(client, &nobody, SPAN(large)), OK);
    EQ(udp_receive(client, MSPAN(got), &n, &from, in_s(10)), E_UNREACHABLE);
    EQ(stack_counters(left)->unresolved, 1);
}
TEST_MAIN
