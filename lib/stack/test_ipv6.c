// SPDX-License-Identifier: ISC
/* Two stacks that speak IPv6 alone to each other. */
#include "check/ip_text.h"
#include "lib/stack/test_link.h"

static err v6_up(struct station *s, uint8_t number, struct stack **out)
{
    struct stack_config cfg = { .ipv6 = { ip("2001:db8::"), 64 }, .heap_percent = 40, .ipv6_only = true };
    cfg.ipv6.ip.byte[15] = number;
    return stack_open_dual(&s->net, &cfg, out);
}
static void become_v6(void)
{
    stack_close(left);
    stack_close(right);
    EQ(v6_up(&left_end, 1, &left), OK);
    EQ(v6_up(&right_end, 2, &right), OK);
}
static struct endpoint right_v6(uint16_t port)
{
    return (struct endpoint){ ip("2001:db8::2"), port };
}

LINK_TEST(datagrams_of_every_size_go_there_and_back, false)
{
    struct udp *server, *client;
    static uint8_t data[65507], got[65507];
    size_t n;
    struct endpoint from, to = right_v6(53);
    become_v6();
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_open(left, 0, &client), OK);
    for (size_t i = 0; i < sizeof data; i++)
        data[i] = (uint8_t)(i * 5 + i / 256);
    EQ(udp_send(client, &to, SPAN("first")), OK);       /* waits for the neighbour */
    EQ(udp_receive(server, MSPAN(got), &n, &from, in_s(5)), OK);
    for (size_t size = 0; size <= 65507; size = size == 65507 ? 65508 : size_min(size + 1451, 65507)) {
        EQ(udp_send(client, &to, span_first(SPAN(data), size)), OK);
        EQ(udp_receive(server, MSPAN(got), &n, &from, in_s(5)), OK);
        EQ(n, size);
        TRUE(span_eq(span_first(SPAN(got), n), span_first(SPAN(data), n)));
        EQ(udp_send(server, &from, span_first(SPAN(got), n)), OK);
        EQ(udp_receive(client, MSPAN(got), &n, &from, in_s(5)), OK);
        EQ(n, size);
    }
    udp_close(server);
    udp_close(client);
}

LINK_TEST(networks_beyond_the_link_are_reached_by_the_router_of_the_longest_prefix, false)
{
    struct ip_prefix beyond = { ip("2001:db9::"), 32 }, there = { ip("2001:db9::1"), 128 };
    struct ip router = ip("2001:db8::2"), none = ip("ff02::1");
    struct udp *server, *client;
    struct endpoint from, to = { there.ip, 53 };
    uint8_t got[10];
    size_t n;
    become_v6();
    EQ(stack_add_address(right, &there, STACK_ANNOUNCE, NEVER), OK);
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_open(left, 0, &client), OK);
    EQ(udp_send(client, &to, TEXT("x")), E_UNREACHABLE);
    EQ(stack_add_route(left, &beyond, &none), E_INVALID);
    EQ(stack_add_route(left, &beyond, &router), OK);
    EQ(udp_send(client, &to, TEXT("x")), OK);
    EQ(udp_receive(server, MSPAN(got), &n, &from, in_s(5)), OK);
    stack_remove_route(left, &beyond, &router);
    EQ(udp_send(client, &to, TEXT("x")), E_UNREACHABLE);
}
LINK_TEST(fragments_wait_for_their_neighbour_or_are_given_up, false)
{
    static uint8_t data[9000], got[9000];
    struct udp *server, *client;
    struct endpoint from, to = right_v6(53), nobody = { ip("2001:db8::63"), 53 };
    size_t n;
    become_v6();
    EQ(udp_open(right, 53, &server), OK);
    EQ(udp_open(left, 0, &client), OK);
    EQ(udp_send(client, &to, SPAN(data)), OK);
    EQ(udp_receive(server, MSPAN(got), &n, &from, in_s(5)), OK);
    EQ(n, sizeof data);
    EQ(udp_connect(client, &nobody), OK);
    EQ(udp_send(client, &nobody, SPAN(data)), OK);
    EQ(udp_receive(client, MSPAN(got), &n, &from, in_s(10)), E_UNREACHABLE);
    EQ(stack_counters(left)->unresolved, 1);
}

static struct service_rest answer(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                  enum service_wake why)
{
    struct span got;
    (void)s, (void)state, (void)why;
    if (ip_is_v4(&peer->ip) || flow_peek(flow, &got, 0) != OK || flow_write(flow, got, in_s(1)) != OK)
        return (struct service_rest){ .close = true };
    flow_consume(flow, got.n);
    return (struct service_rest){ .until = NEVER };
}
static void talk(void)
{
    static struct service service = { .ready = answer, .first_bytes_within = NS_PER_S };
    struct flow *flow;
    struct span got;
    struct endpoint to = right_v6(80);
    become_v6();
    EQ(tcp_listen(right, 80, &service), OK);
    EQ(tcp_connect(left, &to, in_s(5), &flow), OK);
    EQ(flow_write(flow, TEXT("hello"), in_s(1)), OK);
    EQ(flow_peek(flow, &got, in_s(5)), OK);
    SPAN_EQ(got, "hello");
    flow_close(flow);
}
LINK_TEST(a_connection_is_made_and_answers, false)
{
    talk();
}
LINK_TEST(and_with_devices_that_make_the_checksums, true)
{
    talk();
}
LINK_TEST(where_nobody_answers_or_no_way_leads_a_connection_is_unreachable, false)
{
    struct flow *flow;
    become_v6();
    EQ(tcp_connect(left, &(struct endpoint){ ip("2001:db8::77"), 80 }, in_s(20), &flow), E_UNREACHABLE);
    EQ(tcp_connect(left, &(struct endpoint){ ip("2001:db9::77"), 80 }, in_s(20), &flow), E_UNREACHABLE);
    EQ(tcp_connect(left, &(struct endpoint[]){ at_right(80) }[0], in_s(20), &flow), E_UNREACHABLE);
    EQ(tcp_connect(left, &(struct endpoint){ ip("ff02::1"), 80 }, in_s(20), &flow), E_UNREACHABLE);
}
LINK_TEST(a_closed_port_refuses, false)
{
    struct flow *flow;
    struct endpoint to = right_v6(81);
    become_v6();
    EQ(tcp_connect(left, &to, in_s(5), &flow), E_REFUSED);
}
LINK_TEST(two_that_want_one_address_do_not_both_use_it, false)
{
    struct udp *u;
    stack_close(left);
    stack_close(right);
    EQ(v6_up(&left_end, 1, &left), OK);
    EQ(sleep_until(in_s(3)), OK);
    EQ(v6_up(&right_end, 1, &right), OK);
    EQ(sleep_until(in_s(3)), OK);
    struct flow *flow;
    EQ(tcp_connect(left, &(struct endpoint){ ip("2001:db8::1"), 80 }, in_s(5), &flow), E_REFUSED);      /* by itself */
    EQ(udp_open(right, 9, &u), OK);
    struct stack_names names;
    stack_names(right, &names);
    EQ(names.num_servers, 0);
    EQ(tcp_connect(right, &(struct endpoint){ ip("2001:db8::1"), 81 }, in_s(5), &flow), E_REFUSED);     /* by the other */
}
LINK_TEST(a_stack_needs_some_family_and_an_address_that_it_can_have, false)
{
    struct stack *s;
    stack_close(left);
    struct stack_config none = { .heap_percent = 40 }, group = { .ipv6 = { ip("ff02::1"), 64 }, .heap_percent = 40 };
    struct stack_config both_only = { .address = { ip_from_v4(0x0a000001), 24 }, .ipv4_only = true, .ipv6_only = true, .heap_percent = 40 };
    EQ(stack_open_dual(&left_end.net, &none, &s), E_INVALID);
    EQ(stack_open_dual(&left_end.net, &group, &s), E_INVALID);
    EQ(stack_open_dual(&left_end.net, &both_only, &s), E_INVALID);
    EQ(station_up(&left_end, 1, &left), OK);
}
/* has_ipv6 is false: the stacks of the link speak IPv4 alone. */
LINK_TEST(ourselves_are_reached_in_the_families_that_we_speak_and_in_no_other, false)
{
    struct endpoint v6 = { ip("::1"), 7 }, v4 = { ip("127.0.0.1"), 7 };
    struct flow *flow;
    struct udp *u;
    EQ(udp_open(left, 0, &u), OK);
    EQ(udp_send(u, &v6, SPAN("x")), E_UNREACHABLE);
    EQ(tcp_connect(left, &v6, in_s(1), &flow), E_UNREACHABLE);
    EQ(udp_send(u, &v4, SPAN("x")), OK);
    EQ(tcp_connect(left, &v4, in_s(1), &flow), E_REFUSED);
    udp_close(u);
    become_v6();
    EQ(udp_open(left, 0, &u), OK);
    EQ(udp_send(u, &v4, SPAN("x")), E_UNREACHABLE);
    EQ(tcp_connect(left, &v4, in_s(1), &flow), E_UNREACHABLE);
    EQ(udp_send(u, &v6, SPAN("x")), OK);
    EQ(tcp_connect(left, &v6, in_s(1), &flow), E_REFUSED);
    udp_close(u);
}
LINK_TEST(the_addresses_of_a_name_are_tried_in_the_order_of_rfc_6724, false)
{
    struct ip list[] = { ip_from_v4(0x0a000001), ip("2a00::1"), ip("2001:db8::7"), ip("fe80::7") };
    static struct ip many[STACK_ORDER_MAX + 1];
    become_v6();
    stack_order(left, (stack_destinations){ list, NUM_OF(list) });
    TRUE(ip_eq(&list[0], &(struct ip[]){ ip("fe80::7") }[0]));
    TRUE(ip_eq(&list[1], &(struct ip[]){ ip("2001:db8::7") }[0]));
    TRUE(ip_is_v4(&list[2]) || ip_is_v4(&list[3]));             /* no way leads there, as to the other one */
    many[STACK_ORDER_MAX] = list[0];
    stack_order(left, (stack_destinations){ many, NUM_OF(many) });
    TRUE(ip_eq(&many[STACK_ORDER_MAX], &list[0]));
}
TEST_MAIN
