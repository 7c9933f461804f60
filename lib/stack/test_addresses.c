// SPDX-License-Identifier: ISC
/* Addresses and routes that come and go, probes, and what is sent to ourselves; links of every size. */
#include "check/ip_text.h"
#include "lib/stack/test_link.h"

static uint8_t data[65507], got[65507];
static size_t num_got;
static struct endpoint from;

/* A datagram of the size from one stack to an address of the other, and back. */
static bool echoes(struct stack *a, struct stack *b, const char *to, size_t size)
{
    struct udp *client, *server;
    bool is_well = false;
    struct ip asked;
    if (udp_open(b, 53, &server) != OK || udp_open(a, 0, &client) != OK)
        return false;
    for (size_t i = 0; i < size; i++)
        data[i] = (uint8_t)(i * 7 + size);
    if (udp_send(client, &(struct endpoint){ ip(to), 53 }, span_first(SPAN(data), size)) == OK &&
        udp_receive_at(server, MSPAN(got), &num_got, &from, &asked, in_s(3)) == OK && num_got == size &&
        udp_send_from(server, &asked, &from, span_first(SPAN(got), num_got)) == OK &&
        udp_receive(client, MSPAN(got), &num_got, &from, in_s(3)) == OK && num_got == size)
        is_well = span_eq(span_first(SPAN(got), size), span_first(SPAN(data), size)) && ip_eq(&from.ip, &(struct ip[]){ ip(to) }[0]);
    udp_close(client);
    udp_close(server);
    return is_well;
}

/* ---- Addresses */

LINK_TEST(a_second_address_speaks_to_its_network_until_it_goes, false)
{
    struct ip_prefix own = prefix("192.168.1.1/24"), other = prefix("192.168.1.2/24");
    TRUE(!echoes(left, right, "192.168.1.2", 10));
    EQ(stack_add_address(left, &own, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_address(right, &other, STACK_ANNOUNCE, NEVER), OK);
    TRUE(echoes(left, right, "192.168.1.2", 10));
    TRUE(echoes(left, right, "10.0.0.2", 10));
    EQ(stack_add_address(left, &own, STACK_ANNOUNCE, NEVER), E_IN_USE);
    stack_remove_address(right, &other.ip);
    TRUE(!echoes(left, right, "192.168.1.2", 10));
    TRUE(echoes(left, right, "10.0.0.2", 10));
    stack_remove_address(left, &(struct ip[]){ ip("10.0.0.1") }[0]);
    TRUE(ip_eq(&left->address.ip, &own.ip));
}
LINK_TEST(an_address_that_cannot_be_is_refused_and_too_many_are, false)
{
    struct ip_prefix six = prefix("2001:db8::1/64"), group = prefix("224.0.0.1/24"), net = prefix("172.16.0.0/24");
    EQ(stack_add_address(left, &group, STACK_ANNOUNCE, NEVER), E_INVALID);
    EQ(stack_add_address(left, &net, STACK_ANNOUNCE, NEVER), E_INVALID);
    EQ(stack_add_address(left, &six, STACK_ANNOUNCE, NEVER), E_UNSUPPORTED);
    for (uint32_t i = 1; i < 8; i++)
        EQ(stack_add_address(left, &(struct ip_prefix){ ip_from_v4(0xac100001 + (i << 8)), 24 }, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_address(left, &(struct ip_prefix){ ip_from_v4(0xac200001), 24 }, STACK_ANNOUNCE, NEVER), E_NOMEM);
}
LINK_TEST(a_probe_finds_out_whether_an_address_is_free, false)
{
    struct ip_prefix taken = prefix("10.0.0.1/24"), free = prefix("10.0.0.77/24");
    nanos before = clock_now();
    EQ(stack_add_address(right, &taken, STACK_PROBE, NEVER), E_IN_USE);
    EQ(stack_add_address(right, &free, STACK_PROBE, in_ms(1500)), E_TIMEDOUT);
    TRUE(!echoes(left, right, "10.0.0.77", 1));
    before = clock_now();
    EQ(stack_add_address(right, &free, STACK_PROBE, NEVER), OK);
    TRUE(clock_now() - before > from_s(4) && clock_now() - before < from_s(8));
    TRUE(echoes(left, right, "10.0.0.77", 1));
}
LINK_TEST(an_address_that_was_probed_for_is_given_up_to_who_insists_and_one_that_was_given_is_not, false)
{
    struct ip_prefix probed = prefix("10.0.0.77/24"), given = prefix("10.0.0.78/24");
    EQ(stack_add_address(right, &probed, STACK_PROBE, NEVER), OK);
    EQ(stack_add_address(right, &given, STACK_ANNOUNCE, NEVER), OK);
    TRUE(echoes(left, right, "10.0.0.77", 1) && echoes(left, right, "10.0.0.78", 1));
    EQ(sleep_until(in_s(5)), OK);
    EQ(stack_add_address(left, &probed, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_address(left, &given, STACK_ANNOUNCE, NEVER), OK);
    EQ(sleep_until(in_s(5)), OK);                       /* it announces itself twice */
    stack_remove_address(left, &probed.ip);
    stack_remove_address(left, &given.ip);
    TRUE(!echoes(left, right, "10.0.0.77", 1));
    TRUE(echoes(left, right, "10.0.0.78", 1));
}
LINK_TEST(a_stack_may_start_with_a_probe_and_gives_an_address_up_that_is_taken, false)
{
    struct stack_config cfg = { .address = prefix("10.0.0.2/24"), .gateway = ip("10.0.0.1"), .probe_ipv4 = true, .heap_percent = 40 };
    stack_close(right);
    EQ(stack_open_dual(&right_end.net, &cfg, &right), OK);
    TRUE(!echoes(left, right, "10.0.0.2", 1));
    EQ(sleep_until(in_s(8)), OK);
    TRUE(echoes(left, right, "10.0.0.2", 1));
    struct udp *u;
    EQ(udp_open(right, 0, &u), OK);
    EQ(udp_send(u, &(struct endpoint){ ip("192.0.2.1"), 9 }, TEXT("x")), OK);           /* by the gateway */
    udp_close(u);
    stack_close(right);
    cfg.address = prefix("10.0.0.1/24");
    cfg.gateway = (struct ip){ 0 };
    EQ(stack_open_dual(&right_end.net, &cfg, &right), OK);
    EQ(sleep_until(in_s(10)), OK);
    TRUE(echoes(left, left, "10.0.0.1", 1));
    EQ(udp_open(right, 0, &u), OK);
    EQ(udp_send(u, &(struct endpoint){ ip("10.0.0.9"), 9 }, TEXT("x")), E_UNREACHABLE);
    udp_close(u);
}
LINK_TEST(without_an_address_a_stack_asks_all_and_can_be_given_one, false)
{
    struct udp *client, *server;
    struct stack_config cfg = { .dynamic_ipv4 = true, .heap_percent = 40 };
    struct ip_prefix everywhere = prefix("0.0.0.0/0"), own = prefix("10.0.0.9/24");
    struct ip gateway = ip("10.0.0.2");
    stack_close(left);
    EQ(stack_open_dual(&left_end.net, &cfg, &left), OK);
    EQ(udp_open(left, 68, &client), OK);
    EQ(udp_open(right, 67, &server), OK);
    EQ(udp_send(client, &(struct endpoint){ ip("10.0.0.2"), 67 }, TEXT("discover")), E_UNREACHABLE);
    EQ(udp_send(client, &(struct endpoint){ ip("255.255.255.255"), 67 }, TEXT("discover")), OK);
    EQ(udp_receive(server, MSPAN(got), &num_got, &from, in_s(1)), OK);
    EQ(ip_v4(&from.ip), 0);
    EQ(udp_send(server, &(struct endpoint){ ip("255.255.255.255"), 68 }, TEXT("offer")), OK);
    EQ(udp_receive(client, MSPAN(got), &num_got, &from, in_s(1)), OK);
    EQ(ip_v4(&from.ip), 0x0a000002);
    udp_close(client);
    udp_close(server);
    EQ(stack_add_address(left, &own, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_route(left, &everywhere, &gateway), OK);
    TRUE(ip_eq(&left->address.ip, &own.ip) && ip_eq(&left->gateway, &gateway));
    TRUE(echoes(left, right, "10.0.0.2", 100));
    stack_remove_address(left, &own.ip);
    TRUE(!echoes(left, right, "10.0.0.2", 100));
}

LINK_TEST(an_answer_comes_from_the_address_that_was_asked_and_from_no_others, false)
{
    struct ip_prefix second = prefix("10.0.0.3/24");
    struct ip everybody = ip("10.0.0.255"), stranger = ip("10.0.0.4"), asked;
    struct udp *client, *server;
    EQ(stack_add_address(right, &second, STACK_ANNOUNCE, NEVER), OK);
    TRUE(echoes(left, right, "10.0.0.2", 1) && echoes(left, right, "10.0.0.3", 1));
    EQ(udp_open(left, 5000, &client), OK);
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_send(client, &(struct endpoint){ everybody, 53 }, TEXT("x")), OK);
    EQ(udp_receive_at(server, MSPAN(got), &num_got, &from, &asked, in_s(1)), OK);
    TRUE(ip_eq(&asked, &everybody));
    EQ(udp_send_from(server, &asked, &from, TEXT("x")), OK);    /* from the usual one */
    EQ(udp_receive(client, MSPAN(got), &num_got, &from, in_s(1)), OK);
    EQ(ip_v4(&from.ip), 0x0a000002);
    EQ(udp_send_from(server, &stranger, &(struct endpoint){ ip("10.0.0.1"), 5000 }, TEXT("x")), E_INVALID);
    udp_close(client);
    udp_close(server);
}

/* ---- Routes */

LINK_TEST(packets_to_other_networks_go_to_their_gateways, false)
{
    struct udp *u;
    struct ip_prefix net = prefix("192.168.0.0/16");
    struct ip gateway = ip("10.0.0.2"), stranger = ip("172.16.0.1");
    EQ(udp_open(left, 0, &u), OK);
    EQ(udp_send(u, &(struct endpoint){ ip("192.168.7.7"), 9 }, TEXT("x")), E_UNREACHABLE);
    EQ(stack_add_route(left, &net, &stranger), E_INVALID);
    EQ(stack_add_route(left, &net, &gateway), OK);
    EQ(udp_send(u, &(struct endpoint){ ip("192.168.7.7"), 9 }, TEXT("x")), OK);
    EQ(sleep_until(in_ms(10)), OK);
    EQ(stack_counters(right)->not_our_ip, 1);                   /* it came, and is no router */
    stack_remove_route(left, &net, &gateway);
    EQ(udp_send(u, &(struct endpoint){ ip("192.168.7.7"), 9 }, TEXT("x")), E_UNREACHABLE);
    udp_close(u);
}

/* ---- To ourselves */

LINK_TEST(datagrams_to_ourselves_never_see_the_wire, false)
{
    EQ(sleep_until(in_s(5)), OK);
    uint64_t before = stack_counters(left)->frames_out;
    TRUE(echoes(left, left, "10.0.0.1", 0));
    TRUE(echoes(left, left, "10.0.0.1", 1));
    TRUE(echoes(left, left, "127.0.0.1", 1473));
    TRUE(echoes(left, left, "127.0.0.1", 65507));
    EQ(stack_counters(left)->frames_out, before);
    EQ(stack_counters(left)->looped, 8);
    TRUE(!echoes(left, right, "127.0.0.1", 1));
}
LINK_TEST(a_closed_port_of_ours_is_refused, false)
{
    struct udp *u;
    struct flow *flow;
    struct endpoint closed = { ip("127.0.0.1"), 99 };
    EQ(udp_open(left, 0, &u), OK);
    EQ(udp_connect(u, &closed), OK);
    EQ(udp_send(u, &closed, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(1)), E_REFUSED);
    udp_close(u);
    EQ(tcp_connect(left, &closed, in_s(1), &flow), E_REFUSED);
}
static struct service_rest answer(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                  enum service_wake why)
{
    struct span bytes;
    (void)s, (void)state, (void)why, (void)peer;
    if (flow_peek(flow, &bytes, 0) != OK || flow_write(flow, bytes, in_s(1)) != OK)
        return (struct service_rest){ .close = true };
    flow_consume(flow, bytes.n);
    return (struct service_rest){ .until = NEVER };
}
static void talk_to_ourselves(void)
{
    static struct service service = { .ready = answer, .first_bytes_within = NS_PER_S };
    static const char *const own[] = { "127.0.0.1", "10.0.0.1", "::1", "fd00::1" };
    struct flow *flow;
    struct span bytes;
    EQ(tcp_listen(left, 80, &service), OK);
    for (size_t i = 0; i < NUM_OF(own); i++) {
        EQ(tcp_connect(left, &(struct endpoint){ ip(own[i]), 80 }, in_s(5), &flow), OK);
        EQ(flow_write(flow, span_first(SPAN(data), 60000), in_s(5)), OK);
        for (size_t n = 0; n < 60000; n += bytes.n) {
            EQ(flow_peek(flow, &bytes, in_s(5)), OK);
            TRUE(span_eq(bytes, span_sub(SPAN(data), n, bytes.n)));
            flow_consume(flow, bytes.n);
        }
        flow_close(flow);
    }
    EQ(sleep_until(in_s(1)), OK);
}
TEST(connections_to_ourselves_work_in_both_families_with_and_without_offload)
{
    has_ipv6 = true;
    mtu = 1500;
    for (int fast = 0; fast < 2; fast++) {
        features = (struct frame_features){ fast, fast, fast, fast, fast };
        on_link(talk_to_ourselves);
    }
    has_ipv6 = false;
}

/* ---- Links */

static void send_every_size(void)
{
    for (size_t size = 0; size <= 65507; size = size == 65507 ? 65508 : size_min(size * 3 + 1000, 65507))
        TRUE(echoes(left, right, "10.0.0.2", size));
    TRUE(echoes(left, right, "fd00::2", 1) && echoes(left, right, "fd00::2", 65507));
    static struct service service = { .ready = answer, .first_bytes_within = NS_PER_S };
    struct flow *flow;
    struct span bytes;
    EQ(tcp_listen(right, 80, &service), OK);
    EQ(tcp_connect(left, &(struct endpoint){ ip("10.0.0.2"), 80 }, in_s(5), &flow), OK);
    EQ(flow_write(flow, SPAN(data), in_s(5)), OK);
    for (size_t n = 0; n < sizeof data; n += bytes.n) {
        EQ(flow_peek(flow, &bytes, in_s(5)), OK);
        TRUE(span_eq(bytes, span_sub(SPAN(data), n, bytes.n)));
        flow_consume(flow, bytes.n);
    }
    flow_close(flow);
}
TEST(links_of_every_mtu_carry_everything)
{
    static const uint16_t mtus[] = { 1280, 1492, 1906, 1907, 4096, 9000, 16384, 65521, 65535 };
    has_ipv6 = true;
    features = (struct frame_features){ 0 };
    for (size_t i = 0; i < NUM_OF(mtus); i++) {
        mtu = mtus[i];
        on_link(send_every_size);
    }
    has_ipv6 = false;
}
TEST_MAIN
