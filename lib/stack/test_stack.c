// SPDX-License-Identifier: ISC
/* Two stacks that talk to each other over a cable in memory, in virtual time. */
#include "lib/stack/test_link.h"

/* ---- A service that sends back what it reads, and notes what it is called with */

static struct {
    unsigned num_calls, num_timeouts, num_sent, num_ends;
    err last_end;
} seen;

static struct service_rest resting(nanos until)
{
    return (struct service_rest){ .until = until };
}
static const struct service_rest closing = { .close = true };

static struct service_rest echo_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    (void)s, (void)peer;
    seen.num_calls++;
    mspan_put(state, 0, (uint8_t)(span_at(span_of(state), 0) + 1));
    if (why == SERVICE_TIMEOUT) {
        seen.num_timeouts++;
        return closing;
    }
    err e;
    while ((e = flow_peek(flow, &got, 0)) == OK) {
        if (flow_write(flow, got, in_s(10)) != OK)
            return closing;
        flow_consume(flow, got.n);
    }
    if (e == E_TIMEDOUT)
        return resting(in_s(20));
    seen.num_ends++;
    seen.last_end = e;
    return closing;
}
static struct service echo = { .ready = echo_ready, .state_bytes = 1, .first_bytes_within = 5 * (nanos)NS_PER_S };

static struct flow *connected(uint16_t port)
{
    struct endpoint to = at_right(port);
    struct flow *f = NULL;
    EQ(tcp_connect(left, &to, in_s(10), &f), OK);
    return f;
}
static void listening_echo(void)
{
    memset(&seen, 0, sizeof seen);
    EQ(tcp_listen(right, 7, &echo), OK);
}
static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 7 + i / 251);
}
/* Writes n bytes from a fiber of their own, so that both directions flow. */
struct writing {
    struct flow *flow;
    size_t num_bytes;
};
static err write_pattern(void *arg)
{
    const struct writing *w = arg;
    uint8_t piece[1000];
    for (size_t at = 0; at < w->num_bytes;) {
        size_t n = size_min(sizeof piece, w->num_bytes - at);
        for (size_t i = 0; i < n; i++)
            piece[i] = pattern(at + i);
        TRY(flow_write(w->flow, span_first(SPAN(piece), n), in_s(100)));
        at += n;
    }
    return flow_shutdown(w->flow);
}
static void echoes(size_t num_bytes)
{
    struct scope scope;
    struct flow *f = connected(7);
    struct writing w = { f, num_bytes };
    struct span got;
    size_t at = 0;
    scope_open(&scope);
    EQ(fiber_go(&scope, write_pattern, &w, "writer"), OK);
    err e;
    while ((e = flow_peek(f, &got, in_s(100))) == OK) {
        for (size_t i = 0; i < got.n; i++)
            TRUE(span_at(got, i) == pattern(at + i));
        at += got.n;
        flow_consume(f, got.n);
    }
    EQ(e, E_EOF);
    EQ(at, num_bytes);
    EQ(scope_join(&scope), OK);
    flow_close(f);
}

LINK_TEST(what_is_written_comes_back_and_the_end_too, false)
{
    listening_echo();
    echoes(5);
    EQ(seen.num_ends, 1);
    EQ(seen.last_end, E_EOF);
}
LINK_TEST(rfc_4821_what_a_black_hole_swallows_is_sent_in_smaller_segments, false)
{
    listening_echo();
    left_end.black_hole_bytes = right_end.black_hole_bytes = 1200;
    stack_probe_path_mtu(left);
    stack_probe_path_mtu(right);
    echoes(100000);
    TRUE(left_end.num_lost > 0 && right_end.num_lost > 0);
}
LINK_TEST(a_megabyte_comes_back_whole, false)
{
    listening_echo();
    echoes(1 << 20);
    EQ(stack_counters(right)->bad_tcp_checksum, 0);
}
LINK_TEST(a_megabyte_comes_back_whole_with_offload, true)
{
    listening_echo();
    echoes(1 << 20);
    TRUE(stack_counters(right)->bytes_in / stack_counters(right)->frames_in > 2000);   /* large frames were used */
}
LINK_TEST(a_hundred_kilobytes_come_back_though_every_seventh_frame_is_lost, true)
{
    listening_echo();
    left_end.lose_every = right_end.lose_every = 7;
    echoes(100 << 10);
    TRUE(left_end.num_lost > 0 && right_end.num_lost > 0);
}
TEST(a_megabyte_comes_back_whole_in_jumbo_frames)
{
    features = (struct frame_features){ 0 };
    mtu = 9000;
    on_link(a_megabyte_comes_back_whole_body);
}

/* ---- Connections that do not come about */

LINK_TEST(a_port_without_a_service_refuses, false)
{
    struct endpoint to = at_right(81);
    struct flow *f;
    EQ(tcp_connect(left, &to, in_s(10), &f), E_REFUSED);
    TRUE(f == NULL);
}
LINK_TEST(a_neighbour_that_is_not_there_is_unreachable_after_a_few_seconds, false)
{
    struct endpoint to = { ip_from_v4(0x0a000063), 80 };
    struct flow *f;
    nanos began = clock_now();
    EQ(tcp_connect(left, &to, in_s(100), &f), E_UNREACHABLE);
    TRUE(clock_now() - began < from_s(5));
}
LINK_TEST(an_address_beyond_a_gateway_that_there_is_not_is_unreachable_at_once, false)
{
    struct endpoint to = { ip_from_v4(0x08080808), 80 };
    struct flow *f;
    EQ(tcp_connect(left, &to, NEVER, &f), E_UNREACHABLE);
}
LINK_TEST(a_peer_that_is_silent_ends_the_connect_at_its_deadline, false)
{
    struct endpoint to = at_right(7);
    struct flow *f;
    listening_echo();
    echoes(1);                          /* so that ARP is done */
    right_end.is_full = true;
    nanos began = clock_now();
    EQ(tcp_connect(left, &to, in_s(2), &f), E_TIMEDOUT);
    TRUE(clock_now() - began >= from_s(2) && clock_now() - began < from_s(3));
    right_end.is_full = false;
}

/* ---- What a service is told */

LINK_TEST(a_connection_that_sends_nothing_times_out, false)
{
    struct span got;
    listening_echo();
    struct flow *f = connected(7);
    nanos began = clock_now();
    EQ(flow_peek(f, &got, in_s(60)), E_EOF);
    TRUE(clock_now() - began >= from_s(4) && clock_now() - began < from_s(6));
    EQ(seen.num_timeouts, 1);
    EQ(seen.num_calls, 1);
    flow_close(f);
}
LINK_TEST(a_connection_at_rest_times_out_after_what_the_service_said, false)
{
    struct span got;
    listening_echo();
    struct flow *f = connected(7);
    EQ(flow_write(f, TEXT("a"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(1)), OK);
    flow_consume(f, got.n);
    nanos began = clock_now();
    EQ(flow_peek(f, &got, in_s(60)), E_EOF);
    TRUE(clock_now() - began >= from_s(19) && clock_now() - began < from_s(21));
    flow_close(f);
}
LINK_TEST(a_service_is_told_of_a_reset, false)
{
    struct span got;
    listening_echo();
    struct flow *f = connected(7);
    EQ(flow_write(f, TEXT("a"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(1)), OK);
    flow_close(f);                      /* with unread bytes: an abort */
    EQ(sleep_until(in_s(1)), OK);
    EQ(seen.num_ends, 1);
    EQ(seen.last_end, E_RESET);
}
static struct service_rest talker_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                        enum service_wake why)
{
    (void)s, (void)peer, (void)state;
    seen.num_calls++;
    if (why == SERVICE_SENT) {
        seen.num_sent++;
        return closing;
    }
    struct span request;
    EQ(flow_peek(flow, &request, 0), OK);
    flow_consume(flow, request.n);
    EQ(flow_write(flow, TEXT("page"), in_s(1)), OK);
    return (struct service_rest){ .when_sent = true, .until = NEVER };
}
LINK_TEST(a_service_is_told_when_all_is_sent, false)
{
    static struct service talker = { .ready = talker_ready, .first_bytes_within = NS_PER_S };
    struct span got;
    memset(&seen, 0, sizeof seen);
    EQ(tcp_listen(right, 80, &talker), OK);
    struct flow *f = connected(80);
    EQ(flow_write(f, TEXT("get"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(5)), OK);
    SPAN_EQ(got, "page");
    flow_consume(f, got.n);
    EQ(flow_peek(f, &got, in_s(5)), E_EOF);
    EQ(seen.num_sent, 1);
    EQ(seen.num_calls, 2);
    flow_close(f);
}

/* ---- Many, and blocked ones */

static struct service_rest stuck_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                       enum service_wake why)
{
    struct span got;
    (void)s, (void)peer, (void)state, (void)why;
    if (flow_peek(flow, &got, 0) == OK)
        flow_consume(flow, got.n);
    return sleep_until(in_s(30)) == OK ? closing : resting(NEVER);
}
LINK_TEST(services_that_block_leave_the_other_workers_to_others, false)
{
    static struct service stuck = { .ready = stuck_ready, .first_bytes_within = 60 * (nanos)NS_PER_S };
    struct flow *f[STACK_WORKERS - 1];
    listening_echo();
    EQ(tcp_listen(right, 8, &stuck), OK);
    for (size_t i = 0; i < NUM_OF(f); i++) {
        f[i] = connected(8);
        EQ(flow_write(f[i], TEXT("x"), in_s(1)), OK);
    }
    EQ(sleep_until(in_s(1)), OK);
    nanos began = clock_now();
    echoes(10000);
    TRUE(clock_now() - began < from_s(2));
    for (size_t i = 0; i < NUM_OF(f); i++)
        flow_close(f[i]);
}
LINK_TEST(three_hundred_connections_are_served_and_their_places_used_again, true)
{
    listening_echo();
    for (size_t round = 0; round < 2; round++) {
        struct flow *f[300];
        struct span got;
        for (size_t i = 0; i < NUM_OF(f); i++) {
            f[i] = connected(7);
            EQ(flow_write(f[i], TEXT("hello"), in_s(1)), OK);
        }
        for (size_t i = 0; i < NUM_OF(f); i++) {
            EQ(flow_peek(f[i], &got, in_s(5)), OK);
            SPAN_EQ(got, "hello");
            flow_consume(f[i], got.n);
            flow_close(f[i]);
        }
        EQ(sleep_until(in_s(70)), OK);
    }
    EQ(stack_counters(right)->refused_no_state, 0);
}
LINK_TEST(writing_nothing_tells_whether_there_is_room_and_waits_for_it, false)
{
    static uint8_t bytes[1 << 20];
    struct flow *f;
    struct span got, none = { 0 };
    listening_echo();
    f = connected(7);
    EQ(flow_write(f, none, 0), OK);
    /* the echo stops reading when nobody reads its answers, and then our bytes stay */
    EQ(flow_write(f, SPAN(bytes), in_s(2)), E_TIMEDOUT);
    EQ(flow_write(f, none, 0), E_TIMEDOUT);
    EQ(flow_write(f, none, in_ms(50)), E_TIMEDOUT);
    for (size_t wanted = 200000; wanted > 0;) {
        EQ(flow_peek(f, &got, in_s(5)), OK);
        size_t n = size_min(got.n, wanted);
        flow_consume(f, n);
        wanted -= n;
    }
    EQ(flow_write(f, none, in_s(5)), OK);
    flow_close(f);
}
LINK_TEST(an_idle_stack_with_connections_sleeps, false)
{
    struct flow *f[50];
    struct span got;
    listening_echo();
    for (size_t i = 0; i < NUM_OF(f); i++) {
        f[i] = connected(7);
        EQ(flow_write(f[i], TEXT("x"), in_s(1)), OK);
        EQ(flow_peek(f[i], &got, in_s(5)), OK);
        flow_consume(f[i], got.n);
    }
    EQ(sleep_until(in_s(3)), OK);
    uint64_t before = stack_counters(right)->waits;
    EQ(sleep_until(in_s(10)), OK);
    TRUE(stack_counters(right)->waits - before <= 4);
    for (size_t i = 0; i < NUM_OF(f); i++)
        flow_close(f[i]);
}
LINK_TEST(a_port_is_taken_once_and_free_again_after_unlisten, false)
{
    listening_echo();
    EQ(tcp_listen(right, 7, &echo), E_IN_USE);
    EQ(tcp_listen(right, 0, &echo), E_INVALID);
    struct flow *f = connected(7);
    struct span got;
    EQ(flow_write(f, TEXT("x"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(5)), OK);
    flow_consume(f, got.n);
    tcp_unlisten(right, 7);
    struct endpoint to = at_right(7);
    struct flow *none;
    EQ(tcp_connect(left, &to, in_s(5), &none), E_REFUSED);
    EQ(flow_write(f, TEXT("y"), in_s(1)), OK);          /* those that are there go on */
    EQ(flow_peek(f, &got, in_s(5)), OK);
    SPAN_EQ(got, "y");
    flow_consume(f, got.n);
    flow_close(f);
    EQ(sleep_until(in_s(1)), OK);
    listening_echo();
    echoes(10);
}

/* ---- The end */

static err wait_for_bytes(void *arg)
{
    struct span got;
    struct flow *f = arg;
    err e = flow_peek(f, &got, NEVER);
    flow_close(f);
    return e;
}
LINK_TEST(a_stack_that_closes_tells_its_peers, false)
{
    struct span got;
    listening_echo();
    struct flow *f = connected(7);
    EQ(flow_write(f, TEXT("x"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(5)), OK);
    flow_consume(f, got.n);
    stack_close(right);
    EQ(flow_peek(f, &got, in_s(5)), E_EOF);
    flow_close(f);
    EQ(station_up(&right_end, 2, &right), OK);
}
LINK_TEST(a_fiber_that_waits_for_bytes_can_be_cancelled, false)
{
    struct scope scope;
    listening_echo();
    struct flow *f = connected(7);
    scope_open(&scope);
    EQ(fiber_go(&scope, wait_for_bytes, f, "reader"), OK);
    EQ(sleep_until(in_ms(100)), OK);
    scope_cancel(&scope);
    echoes(100);
}
TEST_MAIN
