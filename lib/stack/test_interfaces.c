// SPDX-License-Identifier: ISC
/* A stack with two interfaces: right, which is 10.0.0.2 where left is, is 10.1.0.2 as well, on the network of far, which is 10.1.0.1. */
#include "check/echo_service.h"
#include "check/ip_text.h"
#include "lib/stack/test_link.h"

static struct station back_end, far_end;
static struct stack *far, *back;        /* back: right's second interface */
static uint8_t data[4000], got[4000];
static size_t num_got;
static struct endpoint from;

static struct endpoint at(const char *address, uint16_t port)
{
    return (struct endpoint){ ip(address), port };
}
static struct stack_config config_of(const char *v4, const char *v6)
{
    struct stack_config cfg = { .address = prefix(v4), .heap_percent = 40 };
    if (v6)
        cfg.ipv6 = prefix(v6);
    return cfg;
}
static void second_network(const char *v6, const char *far_v6)
{
    struct stack_config here = config_of("10.1.0.2/24", v6), there = config_of("10.1.0.1/24", far_v6);
    station_init(&back_end, &far_end, 3);
    station_init(&far_end, &back_end, 4);
    EQ(stack_add_interface(right, &back_end.net, &here, &back), OK);
    EQ(stack_open_dual(&far_end.net, &there, &far), OK);
}
static void apart(void)
{
    stack_close_interface(back);
    stack_close(far);
}
/* The connection is made, and what is written comes back. */
static bool is_echoed(struct stack *by, const char *address)
{
    struct endpoint to = at(address, 7);
    struct flow *f = NULL;
    return tcp_connect(by, &to, in_s(5), &f) == OK && is_echoed_by(f);
}
/* From where the datagram seems to come; unspecified: it does not arrive. */
static struct ip source_of(struct udp *sender, const struct endpoint *to, struct udp *receiver)
{
    if (udp_send(sender, to, TEXT("x")) != OK || udp_receive(receiver, MSPAN(got), &num_got, &from, in_s(3)) != OK)
        return (struct ip){ 0 };
    return from.ip;
}
static bool is_ip(struct ip a, const char *b)
{
    return ip_eq(&a, &(struct ip[]){ ip(b) }[0]);
}
static struct udp *port_of(struct stack *s, uint16_t port)
{
    struct udp *u = NULL;
    EQ(udp_open(s, port, &u), OK);
    return u;
}

/* ---- Both networks */

LINK_TEST(a_service_is_heard_by_each_interface_and_answers_there, false)
{
    second_network(NULL, NULL);
    EQ(tcp_listen(right, 7, &echo), OK);
    TRUE(is_echoed(left, "10.0.0.2"));
    TRUE(is_echoed(far, "10.1.0.2"));
    EQ(tcp_listen(back, 7, &echo), E_IN_USE);           /* it is the whole stack's */
    apart();
}
LINK_TEST(connections_leave_by_the_interface_that_is_nearest, false)
{
    second_network(NULL, NULL);
    EQ(tcp_listen(left, 7, &echo), OK);
    EQ(tcp_listen(far, 7, &echo), OK);
    TRUE(is_echoed(right, "10.0.0.1"));
    TRUE(is_echoed(right, "10.1.0.1"));
    TRUE(is_echoed(back, "10.1.0.1"));
    TRUE(!is_echoed(back, "10.0.0.1"));                 /* no way leads there from this interface alone */
    TRUE(stack_counters(left)->frames_in > 0 && stack_counters(far)->frames_in > 0);
    apart();
}
LINK_TEST(datagrams_leave_by_the_longest_prefix_and_by_default_routes_in_order, false)
{
    struct ip_prefix everywhere = prefix("0.0.0.0/0"), wide = prefix("10.7.0.0/16"), narrow = prefix("10.7.7.0/24");
    struct ip_prefix there = prefix("10.7.7.1/32"), elsewhere = prefix("10.7.8.1/32"), outside = prefix("172.16.0.1/32");
    struct ip by_left = ip("10.0.0.1"), by_far = ip("10.1.0.1");
    second_network(NULL, NULL);
    struct udp *u = port_of(right, 0), *at_left = port_of(left, 53), *at_far = port_of(far, 53);
    struct endpoint to = at("10.7.7.1", 53);
    EQ(udp_send(u, &to, TEXT("x")), E_UNREACHABLE);
    EQ(stack_add_route(right, &wide, &by_left), OK);
    EQ(stack_add_route(back, &narrow, &by_far), OK);
    EQ(stack_add_route(right, &narrow, &by_far), E_INVALID);            /* no neighbour of that interface */
    EQ(stack_add_address(far, &there, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_address(left, &elsewhere, STACK_ANNOUNCE, NEVER), OK);
    EQ(stack_add_address(far, &outside, STACK_ANNOUNCE, NEVER), OK);
    TRUE(is_ip(source_of(u, &to, at_far), "10.1.0.2"));
    to = at("10.7.8.1", 53);
    TRUE(is_ip(source_of(u, &to, at_left), "10.0.0.2"));
    EQ(stack_add_route(back, &everywhere, &by_far), OK);
    to = at("172.16.0.1", 53);
    TRUE(is_ip(source_of(u, &to, at_far), "10.1.0.2"));
    EQ(stack_add_route(right, &everywhere, &by_left), OK);              /* the first interface comes first */
    EQ(udp_send(u, &to, TEXT("x")), OK);
    EQ(udp_receive(at_far, MSPAN(got), &num_got, &from, in_ms(500)), E_TIMEDOUT);
    apart();
}
LINK_TEST(an_answer_leaves_by_the_interface_of_its_source, false)
{
    struct ip asked;
    second_network(NULL, NULL);
    struct udp *u = port_of(right, 53), *client = port_of(far, 0);
    struct endpoint to = at("10.1.0.2", 53);
    for (size_t size = 0; size <= sizeof data; size += 1000) {          /* in fragments, too */
        EQ(udp_send(client, &to, span_first(SPAN(data), size)), OK);
        EQ(udp_receive_at(u, MSPAN(got), &num_got, &from, &asked, in_s(3)), OK);
        EQ(num_got, size);
        TRUE(is_ip(asked, "10.1.0.2"));
        EQ(udp_send_from(u, &asked, &from, span_first(SPAN(got), num_got)), OK);
        EQ(udp_receive(client, MSPAN(got), &num_got, &from, in_s(3)), OK);
        EQ(num_got, size);
        TRUE(is_ip(from.ip, "10.1.0.2"));
    }
    struct ip ours_there = ip("10.1.0.2"), nobodys = ip("10.1.0.9");
    to = at("10.0.0.1", 53);
    EQ(udp_send_from(u, &ours_there, &to, TEXT("x")), E_UNREACHABLE);   /* that interface has no way there */
    EQ(udp_send_from(u, &nobodys, &to, TEXT("x")), E_INVALID);
    apart();
}
LINK_TEST(a_port_of_one_interface_comes_before_the_stacks_and_speaks_there_alone, false)
{
    struct ip ours_here = ip("10.0.0.2");
    second_network(NULL, NULL);
    struct udp *whole = port_of(right, 68), *own = port_of(back, 68), *at_far = port_of(far, 67), *at_left = port_of(left, 67);
    struct endpoint to = at("10.1.0.2", 68), to_all = at("255.255.255.255", 67);
    EQ(udp_send(at_far, &to, TEXT("there")), OK);
    EQ(udp_receive(own, MSPAN(got), &num_got, &from, in_s(3)), OK);
    to = at("10.0.0.2", 68);
    EQ(udp_send(at_left, &to, TEXT("here")), OK);
    EQ(udp_receive(whole, MSPAN(got), &num_got, &from, in_s(3)), OK);
    TRUE(is_ip(source_of(own, &to_all, at_far), "10.1.0.2"));
    TRUE(is_ip(source_of(whole, &to_all, at_left), "10.0.0.2"));
    to = at("10.1.0.1", 67);
    EQ(udp_send_from(own, &ours_here, &to, TEXT("x")), E_INVALID);      /* no address of this interface */
    to = at("10.1.0.255", 67);                                          /* everybody of the second network */
    TRUE(is_ip(source_of(whole, &to, at_far), "10.1.0.2"));
    udp_close(own);
    to = at("10.1.0.2", 68);
    EQ(udp_send(at_far, &to, TEXT("whole")), OK);
    EQ(udp_receive(whole, MSPAN(got), &num_got, &from, in_s(3)), OK);
    apart();
}
LINK_TEST(errors_about_datagrams_come_to_the_port_whichever_way_it_spoke, false)
{
    struct endpoint closed = at("10.1.0.1", 99);
    second_network(NULL, NULL);
    struct udp *u = port_of(right, 0);
    EQ(udp_connect(u, &closed), OK);
    EQ(udp_send(u, &closed, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(3)), E_REFUSED);
    closed = at("10.1.0.255", 99);
    EQ(udp_connect(u, &closed), E_UNREACHABLE);         /* no single station */
    apart();
}
LINK_TEST(a_group_is_joined_on_the_interface_of_its_port, false)
{
    struct ip group = ip("239.1.2.3");
    struct endpoint to = { group, 5000 };
    second_network(NULL, NULL);
    struct udp *u = port_of(back, 5000), *at_left = port_of(left, 0), *at_far = port_of(far, 0);
    EQ(udp_join(u, &group), OK);
    EQ(udp_send(at_left, &to, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_ms(500)), E_TIMEDOUT);
    EQ(udp_send(at_far, &to, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(3)), OK);
    apart();
}

/* ---- The strong model: no interface does what is another's */

LINK_TEST(an_address_is_reached_on_its_own_network_alone, false)
{
    struct ip_prefix network = prefix("10.1.0.0/24");
    struct ip by = ip("10.0.0.2");
    struct endpoint to = at("10.1.0.2", 53);
    second_network(NULL, NULL);
    EQ(stack_add_route(left, &network, &by), OK);
    EQ(tcp_listen(right, 7, &echo), OK);
    struct udp *client = port_of(left, 0), *u = port_of(right, 53);
    EQ(udp_send(client, &to, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(3)), E_TIMEDOUT);
    TRUE(!is_echoed(left, "10.1.0.2"));
    TRUE(stack_counters(right)->not_our_ip >= 2);
    EQ(stack_counters(far)->frames_in, stack_counters(back)->frames_out);       /* nothing was forwarded either */
    apart();
}
LINK_TEST(who_speaks_from_an_address_of_another_interface_is_not_heard, false)
{
    struct ip_prefix stolen = prefix("10.1.0.2/32");
    struct ip as = ip("10.1.0.2");
    struct endpoint to = at("10.0.0.2", 53);
    second_network(NULL, NULL);
    struct udp *thief = port_of(left, 0), *u = port_of(right, 53);
    EQ(stack_add_address(left, &stolen, STACK_ANNOUNCE, NEVER), OK);
    EQ(udp_send_from(thief, &as, &to, TEXT("x")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(3)), E_TIMEDOUT);
    EQ(stack_counters(right)->bad_source, 1);
    apart();
}
LINK_TEST(what_is_sent_to_an_own_address_of_either_interface_stays_here, false)
{
    second_network("fd01::2/64", NULL);
    EQ(tcp_listen(right, 7, &echo), OK);
    uint64_t sent = stack_counters(right)->frames_out + stack_counters(back)->frames_out;
    TRUE(is_echoed(right, "10.0.0.2"));
    TRUE(is_echoed(right, "10.1.0.2"));
    TRUE(is_echoed(back, "10.1.0.2"));
    TRUE(is_echoed(right, "fd01::2"));
    struct udp *u = port_of(right, 53);
    struct ip here = ip("10.0.0.2");
    struct endpoint there = at("10.1.0.2", 53);
    EQ(udp_send_from(u, &here, &there, TEXT("from one to the other")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(1)), OK);
    TRUE(is_ip(from.ip, "10.0.0.2"));
    TRUE(stack_counters(right)->frames_out + stack_counters(back)->frames_out <= sent + 8);     /* announcements alone */
    apart();
}

/* ---- IPv6 */

LINK_TEST_V6(both_families_of_both_networks)
{
    second_network("fd01::2/64", "fd01::1/64");
    EQ(tcp_listen(right, 7, &echo), OK);
    EQ(tcp_listen(left, 7, &echo), OK);
    EQ(tcp_listen(far, 7, &echo), OK);
    TRUE(is_echoed(left, "fd00::2"));
    TRUE(is_echoed(far, "fd01::2"));
    TRUE(is_echoed(right, "fd00::1"));
    TRUE(is_echoed(right, "fd01::1"));
    TRUE(is_echoed(far, "fe80::ff:fe00:3"));            /* made of its MAC: the answer leaves by the second interface */
    TRUE(is_echoed(back, "fe80::ff:fe00:4"));
    struct ip router = ip("fd01::1");
    struct ip_prefix everywhere = prefix("::/0"), outside = prefix("2001:db8::1/128");
    EQ(stack_add_address(far, &outside, STACK_ANNOUNCE, NEVER), OK);
    TRUE(!is_echoed(right, "2001:db8::1"));
    EQ(stack_add_route(back, &everywhere, &router), OK);
    TRUE(is_echoed(right, "2001:db8::1"));
    apart();
}

/* ---- Links that differ */

static bool fills(struct stack *by, const char *address)
{
    struct endpoint to = at(address, 7);
    struct flow *f = NULL;
    struct span answer;
    size_t num = 0;
    if (tcp_connect(by, &to, in_s(5), &f) != OK || flow_write(f, SPAN(data), in_s(5)) != OK)
        return false;
    while (num < sizeof data && flow_peek(f, &answer, in_s(20)) == OK) {
        num += answer.n;
        flow_consume(f, answer.n);
    }
    flow_close(f);
    return num == sizeof data;
}
LINK_TEST(segments_are_such_that_each_link_takes_them, true)
{
    struct stack_config here = config_of("10.1.0.2/24", NULL), there = config_of("10.1.0.1/24", NULL);
    features = (struct frame_features){ 0 };            /* the second device cuts nothing, and */
    mtu = 600;                                          /* takes little */
    station_init(&back_end, &far_end, 3);
    station_init(&far_end, &back_end, 4);
    EQ(stack_add_interface(right, &back_end.net, &here, &back), OK);
    EQ(stack_open_dual(&far_end.net, &there, &far), OK);
    EQ(tcp_listen(right, 7, &patient), OK);
    EQ(tcp_listen(far, 7, &patient), OK);
    TRUE(fills(far, "10.1.0.2"));
    TRUE(fills(right, "10.1.0.1"));
    TRUE(fills(left, "10.0.0.2"));
    EQ(stack_counters(back)->scattered, 0);
    TRUE(stack_counters(back)->bytes_out / stack_counters(back)->frames_out <= 614);
    apart();
}

/* ---- Coming and going */

LINK_TEST(connections_end_with_their_interface_and_the_others_go_on, false)
{
    struct endpoint here = at("10.0.0.1", 7), there = at("10.1.0.1", 7);
    struct flow *f = NULL, *other = NULL;
    struct span answer;
    second_network(NULL, NULL);
    EQ(tcp_listen(left, 7, &patient), OK);
    EQ(tcp_listen(far, 7, &patient), OK);
    EQ(tcp_connect(right, &there, in_s(5), &f), OK);
    EQ(tcp_connect(right, &here, in_s(5), &other), OK);
    struct udp *waits = port_of(back, 0);
    struct endpoint nobody = at("10.1.0.77", 9);
    EQ(udp_send(waits, &nobody, TEXT("waits for its neighbour")), OK);
    TRUE(stack_interface(right, 1) == back && stack_interface(right, 0) == right && !stack_interface(right, 2));
    stack_close_interface(back);
    TRUE(!stack_interface(right, 1));
    EQ(flow_write(f, TEXT("x"), in_s(1)), E_CLOSED);
    flow_close(f);
    EQ(flow_write(other, TEXT("x"), in_s(1)), OK);
    EQ(flow_peek(other, &answer, in_s(3)), OK);
    flow_close(other);
    EQ(sleep_until(in_s(1)), OK);
    TRUE(!is_echoed(right, "10.1.0.1"));
    struct stack_config again = config_of("10.1.0.2/24", NULL);
    EQ(stack_add_interface(right, &back_end.net, &again, &back), OK);
    TRUE(is_echoed(back, "10.1.0.1"));
    apart();
    stack_close_interface(NULL);
}
LINK_TEST(fragments_and_questions_that_wait_are_given_back_with_their_interface, false)
{
    second_network("fd01::2/64", "fd01::1/64");
    struct udp *u = port_of(back, 53), *client = port_of(far, 0);
    struct endpoint to = at("10.1.0.2", 53), nobody = at("fd01::77", 9);
    EQ(udp_send(client, &to, TEXT("first")), OK);
    EQ(udp_receive(u, MSPAN(got), &num_got, &from, in_s(3)), OK);
    far_end.lose_every = 2;                             /* half of it arrives */
    EQ(udp_send(client, &to, span_first(SPAN(data), 2000)), OK);
    EQ(udp_send(u, &nobody, TEXT("asks")), OK);
    EQ(sleep_until(in_ms(100)), OK);
    apart();
}
LINK_TEST(an_interface_that_cannot_be_is_refused, false)
{
    struct stack_config same = config_of("10.0.0.2/24", NULL), group = config_of("224.0.0.1/24", NULL);
    struct stack_config good = config_of("10.1.0.2/24", NULL);
    struct stack *more;
    second_network("fd01::2/64", NULL);
    EQ(stack_add_interface(right, &far_end.net, &same, &more), E_IN_USE);
    EQ(stack_add_interface(right, &far_end.net, &good, &more), E_IN_USE);
    EQ(stack_add_interface(right, &far_end.net, &group, &more), E_INVALID);
    EQ(stack_add_interface(back, &far_end.net, &good, &more), E_INVALID);               /* not the stack itself */
    struct stack_config twin = config_of("10.2.0.2/24", "fd02::2/64");
    far_end.net.mac = back_end.net.mac;
    EQ(stack_add_interface(right, &far_end.net, &twin, &more), E_IN_USE);               /* the same link-local address */
    far_end.net.mtu = 100;
    EQ(stack_add_interface(right, &far_end.net, &twin, &more), E_INVALID);
    TRUE(!more);
    struct ip_prefix taken = prefix("10.0.0.2/24"), taken_v6 = prefix("fd01::2/64");
    EQ(stack_add_address(back, &taken, STACK_ANNOUNCE, NEVER), E_IN_USE);
    EQ(stack_add_address(back, &taken_v6, STACK_ANNOUNCE, NEVER), E_IN_USE);
    apart();
}
LINK_TEST(devices_get_half_of_the_packets_at_most, false)
{
    static struct station more[8];
    struct stack *interface[8] = { NULL };
    size_t num = 0;
    err e = OK;
    for (; e == OK && num < NUM_OF(more); num++) {
        struct stack_config cfg = { .address = { ip_from_v4(0x0a020002u + (uint32_t)num * 0x10000), 24 } };
        more[num] = (struct station){ .net = { .ops = &station_ops, .mac = { { 2, 0, 0, 0, 1, (uint8_t)num } }, .mtu = 9000 },
                                      .peer = &more[num] };
        e = stack_add_interface(right, &more[num].net, &cfg, &interface[num]);
    }
    const struct stack_host *h = LINKED(right, const struct stack_host, stack);
    TRUE(h->num_rx_all <= h->packets->all.n / 2);
    for (size_t i = 0; i < num; i++)
        stack_close_interface(interface[i]);
    EQ(h->num_rx_all, h->num_rx);
    TRUE(!stack_interface(right, 1));
}
TEST_MAIN
