// SPDX-License-Identifier: ISC
/* Fast open between two stacks: first bytes that come with the SYN, and every way in which they cannot. */
#include "lib/stack/test_link.h"
#include "check/echo_service.h"


static const struct tcp_fast_open_stats *stats_of(struct stack *s)
{
    return stack_fast_open_stats(s);
}
static void listen_fast(const struct stack_fast_open *o)
{
    EQ(tcp_listen(right, 7, &echo), OK);
    EQ(stack_listen_fast(right, 7, o), OK);
}
/* What is answered to `first`, whole; E_EOF where that is all of it. */
static err asked(struct stack *s, const struct endpoint *to, struct span first, enum stack_cookies cookies)
{
    struct flow *f;
    struct span got;
    size_t at = 0;
    TRY(stack_connect_fast(s, to, first, cookies, in_s(10), &f));
    err e = OK;
    while (at < first.n && (e = flow_peek(f, &got, in_s(10))) == OK) {
        TRUE(span_eq(got, span_sub(first, at, got.n)));
        at += got.n;
        flow_consume(f, got.n);
    }
    flow_close(f);
    return e;
}
static void expect_echo(struct span first)
{
    struct endpoint to = at_right(7);
    EQ(asked(left, &to, first, STACK_COOKIES), OK);
}

LINK_TEST(the_second_request_comes_with_the_syn, false)
{
    listen_fast(&(struct stack_fast_open){ 0 });
    TRUE(stats_of(left) == NULL);
    expect_echo(TEXT("a request"));
    EQ(stats_of(left)->syns_with_text, 0);
    EQ(stats_of(right)->cookies_given, 1);
    expect_echo(TEXT("another one"));
    EQ(stats_of(left)->syns_with_text, 1);
    EQ(stats_of(left)->texts_taken, 1);
    EQ(stats_of(right)->accepted, 1);
    tcp_unlisten(right, 7);
}
/* Reads to the end, which it answers with how much that was. */
static size_t num_heard;
static struct service_rest count_ready(struct service *service, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                       enum service_wake why)
{
    struct span got;
    err e;
    (void)service, (void)peer, (void)state, (void)why;
    for (; (e = flow_peek(flow, &got, 0)) == OK; flow_consume(flow, got.n))
        num_heard += got.n;
    return (struct service_rest){ .close = e != E_TIMEDOUT, .until = in_s(10) };
}
static struct service counting = { .ready = count_ready, .first_bytes_within = 5 * (nanos)NS_PER_S };

LINK_TEST(more_than_a_syn_takes_and_more_than_is_buffered_follows, true)
{
    static uint8_t large[400000];
    struct endpoint to = at_right(8);
    struct span got;
    num_heard = 0;
    EQ(tcp_listen(right, 8, &counting), OK);
    EQ(stack_listen_fast(right, 8, &(struct stack_fast_open){ 0 }), OK);
    for (unsigned i = 0; i < 2; i++) {
        struct flow *f;
        EQ(stack_connect_fast(left, &to, SPAN(large), STACK_COOKIES, in_s(10), &f), OK);
        EQ(flow_shutdown(f), OK);
        EQ(flow_peek(f, &got, in_s(10)), E_EOF);
        flow_close(f);
    }
    EQ(num_heard, 2 * sizeof large);
    EQ(stats_of(right)->accepted, 1);
    tcp_unlisten(right, 8);
}
LINK_TEST(text_comes_without_cookies_where_both_want_that, false)
{
    struct endpoint to = at_right(7);
    listen_fast(&(struct stack_fast_open){ .cookies = STACK_NO_COOKIES });
    EQ(asked(left, &to, TEXT("at once"), STACK_NO_COOKIES), OK);
    EQ(stats_of(right)->accepted, 1);
    EQ(stats_of(right)->cookies_given, 0);
    tcp_unlisten(right, 7);
}
LINK_TEST(a_port_that_takes_no_part_is_opened_in_the_usual_way, false)
{
    EQ(tcp_listen(right, 7, &echo), OK);
    expect_echo(TEXT("a request"));
    expect_echo(TEXT("another one"));
    EQ(stats_of(left)->syns_with_text, 0);
    TRUE(stats_of(right) == NULL);
    tcp_unlisten(right, 7);
}
LINK_TEST(keys_that_change_cost_no_text_while_the_old_one_is_named, false)
{
    struct stack_fast_open o = { .keys.key = "the first one" };
    listen_fast(&o);
    expect_echo(TEXT("a request"));
    o.keys = (struct tcp_fast_open_keys){ .key = "the second", .previous_key = "the first one", .has_previous_key = true };
    EQ(stack_listen_fast(right, 7, &o), OK);
    expect_echo(TEXT("another one"));
    EQ(stats_of(right)->accepted, 1);
    o.keys.has_previous_key = false;
    EQ(stack_listen_fast(right, 7, &o), OK);
    expect_echo(TEXT("a third"));
    EQ(stats_of(right)->accepted, 2);
    tcp_unlisten(right, 7);
}
LINK_TEST(a_request_to_ourselves_is_no_different, false)
{
    struct endpoint to = { ip_from_v4(0x7f000001), 7 };
    listen_fast(&(struct stack_fast_open){ 0 });
    EQ(asked(right, &to, TEXT("a request"), STACK_COOKIES), OK);
    EQ(asked(right, &to, TEXT("another one"), STACK_COOKIES), OK);
    EQ(stats_of(right)->accepted, 1);
    EQ(stats_of(right)->texts_taken, 1);
    tcp_unlisten(right, 7);
}
LINK_TEST(errors_are_those_of_connecting_and_of_listening, false)
{
    struct endpoint closed = at_right(9), nowhere = { ip_from_v4(0x0a636363), 7 }, no_port = at_right(0);
    struct flow *f;
    EQ(stack_listen_fast(right, 9, &(struct stack_fast_open){ 0 }), E_INVALID);
    EQ(stack_connect_fast(left, &closed, TEXT("x"), STACK_COOKIES, in_s(10), &f), E_REFUSED);
    TRUE(f == NULL);
    EQ(stack_connect_fast(left, &nowhere, TEXT("x"), STACK_COOKIES, in_s(10), &f), E_UNREACHABLE);
    EQ(stack_connect_fast(left, &no_port, TEXT("x"), STACK_COOKIES, in_s(10), &f), E_UNREACHABLE);
}

/* A stack of somebody else's, which connects by leading to one of ours. */
static err others_listen(struct stack *s, uint16_t port, struct service *service)
{
    (void)s, (void)port, (void)service;
    return E_IN_USE;
}
static err others_connect(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline, struct flow **flow)
{
    (void)s, (void)choices;
    return tcp_connect(left, to, deadline, flow);
}
LINK_TEST(another_implementation_connects_and_writes, false)
{
    static const struct stack_ops ops = { .tcp_listen = others_listen, .tcp_connect = others_connect };
    struct stack others = { .ops = &ops };
    struct endpoint to = at_right(7), closed = at_right(9);
    struct flow *f;
    listen_fast(&(struct stack_fast_open){ 0 });
    EQ(stack_listen_fast(&others, 7, &(struct stack_fast_open){ 0 }), E_UNSUPPORTED);
    TRUE(stats_of(&others) == NULL);
    EQ(asked(&others, &to, TEXT("a request"), STACK_COOKIES), OK);
    EQ(stack_connect_fast(&others, &closed, TEXT("x"), STACK_COOKIES, in_s(10), &f), E_REFUSED);
    tcp_unlisten(right, 7);
}
TEST_MAIN
