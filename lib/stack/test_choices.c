// SPDX-License-Identifier: ISC
/* Choices of connections from above: of one, of a port's, and before a handshake. What they do is tested in lib/tcp. */
#include "check/echo_service.h"
#include "lib/stack/test_link.h"

static struct flow *connected(const struct tcp_choices *choices)
{
    struct endpoint to = at_right(7);
    struct flow *f = NULL;
    EQ(choices ? tcp_connect_with(left, &to, choices, in_s(10), &f) : tcp_connect(left, &to, in_s(10), &f), OK);
    return f;
}
static void expect_echo(struct flow *f, size_t n)
{
    static uint8_t text[3000];
    EQ(flow_write(f, span_first(SPAN(text), n), in_s(5)), OK);
    for (size_t got = 0; got < n;) {
        struct span s = { 0 };
        EQ(flow_peek(f, &s, in_s(5)), OK);
        got += s.n;
        flow_consume(f, s.n);
    }
}
static struct tcp_info info_of(struct flow *f)
{
    struct tcp_info info = { 0 };
    struct tcp_times times;
    EQ(stack_tcp_info(left, f, &info, &times), OK);
    return info;
}

LINK_TEST(a_connection_opened_with_choices_has_them_from_its_first_segment_on, false)
{
    EQ(tcp_listen(right, 7, &patient), OK);
    struct flow *f = connected(&(struct tcp_choices){ .no_timestamps = true, .mss_bytes = 700 });
    TRUE(!info_of(f).has_timestamps && info_of(f).has_sack);
    EQ(info_of(f).mss_bytes, 700);
    expect_echo(f, 3000);
    flow_close(f);
}
LINK_TEST(a_port_has_choices_for_those_that_it_accepts, false)
{
    EQ(tcp_set_port(right, 7, &(struct tcp_choices){ .no_sack = true }), E_INVALID);
    EQ(tcp_listen(right, 7, &patient), OK);
    EQ(tcp_set_port(right, 7, &(struct tcp_choices){ .no_sack = true }), OK);
    EQ(tcp_set_port(right, 0, &(struct tcp_choices){ .no_sack = true }), E_INVALID);
    struct flow *f = connected(NULL);
    TRUE(info_of(f).has_timestamps && !info_of(f).has_sack);
    expect_echo(f, 1000);
    flow_close(f);
}
LINK_TEST(a_cork_is_put_in_and_drawn_while_the_connection_is_open, false)
{
    EQ(tcp_listen(right, 7, &patient), OK);
    struct flow *f = connected(NULL);
    struct span got;
    EQ(tcp_set(left, f, &(struct tcp_choices){ .cork = true }), OK);
    EQ(flow_write(f, TEXT("abc"), in_s(1)), OK);
    EQ(flow_peek(f, &got, nanos_add(clock_now(), from_ms(100))), E_TIMEDOUT);
    EQ(tcp_set(left, f, &(struct tcp_choices){ 0 }), OK);
    EQ(flow_peek(f, &got, in_s(1)), OK);
    EQ(got.n, 3);
    EQ(info_of(f).delivered_bytes, 3);
    flow_close(f);
}
LINK_TEST(a_writer_above_its_mark_is_woken_by_what_is_sent, false)
{
    EQ(tcp_listen(right, 7, &patient), OK);
    struct flow *f = connected(&(struct tcp_choices){ .unsent_mark_bytes = 500 });
    for (int i = 0; i < 20; i++)
        expect_echo(f, 3000);
    flow_close(f);
}
LINK_TEST(choices_are_for_connections_of_the_stack_alone, false)
{
    struct flow stranger = { 0 };
    struct tcp_info info;
    struct tcp_times times;
    EQ(tcp_set(left, &stranger, &(struct tcp_choices){ 0 }), E_INVALID);
    EQ(tcp_listen(right, 7, &patient), OK);
    struct flow *f = connected(NULL);
    EQ(tcp_set(right, f, &(struct tcp_choices){ 0 }), E_INVALID);
    flow_close(f);
    EQ(tcp_set(left, f, &(struct tcp_choices){ 0 }), E_INVALID);
    EQ(stack_tcp_info(left, f, &info, &times), E_INVALID);
}
TEST_MAIN
