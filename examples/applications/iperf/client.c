// SPDX-License-Identifier: ISC
/* client.c - the client's side in a straight line, and a fiber for each stream. */
#include "client.h"
#include "datagrams.h"
#include "lib/random/random.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(iperf);

static struct test test;
static uint8_t message[MESSAGE_BYTES_MAX];

static void make_cookie(struct mspan cookie)
{
    struct span letters = TEXT("abcdefghijklmnopqrstuvwxyz234567");
    for (size_t i = 0; i + 1 < cookie.n; i++)
        mspan_put(cookie, i, span_at(letters, random_below((uint32_t)letters.n)));
}

/* Every connection of a test begins so. */
static err connect_one(const struct endpoint *server, struct flow **flow)
{
    nanos deadline = nanos_add(clock_now(), ANSWER_WITHIN);
    TRY(tcp_connect(test.net, server, deadline, flow));
    err e = flow_write(*flow, SPAN(test.cookie), deadline);
    if (e == OK)
        return OK;
    flow_close(*flow);
    *flow = NULL;
    return e;
}

static err send(void *stream)
{
    return stream_send(&test, stream);
}

static err receive(void *stream)
{
    struct stream *s = stream;
    for (;;) {
        struct span got;
        TRY(flow_peek(s->flow, &got, NEVER));
        s->num_bytes += got.n;
        flow_consume(s->flow, got.n);
    }
}

/* One fiber sends all datagrams; otherwise each stream has one. */
static err go(struct scope *scope)
{
    fiber_fn *fn = test.params.is_udp ? datagrams_receive_one : test.is_sender ? send : receive;
    if (test.params.is_udp && test.is_sender)
        return fiber_go(scope, datagrams_send, &test, "datagrams");
    for (size_t i = 0; i < test.params.num_streams; i++)
        TRY(fiber_go(scope, fn, &test.stream[i], "stream"));
    return OK;
}

static err measure(void)
{
    struct scope scope CLEANUP(scope_cancel);
    scope_open(&scope);
    test_begin(&test);
    TRY(go(&scope));
    err e = scope_join_until(&scope, nanos_add(clock_now(), from_s(test.params.seconds)));
    test_end(&test);
    return e == E_TIMEDOUT ? OK : e;
}

static err exchange_results(struct flow *control)
{
    uint8_t room[REPORT_BYTES_MAX];
    struct json message_in;
    struct results theirs;
    struct json_writer ours = json_writer(MSPAN(message));
    results_write(&ours, &test);
    TRY(control_send(control, &ours));
    TRY(control_receive(control, MSPAN(message), &message_in));
    TRY(results_read(&message_in, test.params.is_udp, &theirs));
    struct span line = test_describe(&test, &theirs, MSPAN(room));
    print("%b\n", &line);
    return OK;
}

static err soon(struct flow *control, enum state s)
{
    return control_expect(control, s, nanos_add(clock_now(), ANSWER_WITHIN));
}

static err talk(struct flow *control, const struct endpoint *server)
{
    struct json_writer params = json_writer(MSPAN(message));
    params_write(&params, &test.params);
    TRY(soon(control, PARAM_EXCHANGE));
    TRY(control_send(control, &params));
    TRY(soon(control, CREATE_STREAMS));
    for (size_t i = 0; i < test.params.num_streams; i++)
        TRY(test.params.is_udp ? datagrams_introduce(&test, &test.stream[i], server) : connect_one(server, &test.stream[i].flow));
    TRY(soon(control, TEST_START));
    TRY(soon(control, TEST_RUNNING));
    TRY(measure());
    TRY(control_tell(control, TEST_END));
    TRY(soon(control, EXCHANGE_RESULTS));
    TRY(exchange_results(control));
    TRY(soon(control, DISPLAY_RESULTS));
    return control_tell(control, IPERF_DONE);
}

/* The server closes the control connection when it is done. */
static void close_all(struct flow *control, bool is_done)
{
    struct span got;
    for (size_t i = 0; i < STREAMS_MAX; i++)
        if (test.stream[i].flow)
            flow_close(test.stream[i].flow);
    datagrams_close(&test);
    if (is_done && flow_peek(control, &got, nanos_add(clock_now(), ANSWER_WITHIN)) != E_EOF)
        log_debug(iperf, "the server does not close the test");
    flow_close(control);
}

err client_run(struct stack *net, const struct endpoint *server, const struct params *params)
{
    struct flow *control;
    test = (struct test){ .net = net, .params = *params, .is_sender = !params->is_reverse };
    test.params.block_bytes = params->is_udp ? DATAGRAM_BYTES_USUAL : BLOCK_BYTES_MAX;
    make_cookie(MSPAN(test.cookie));
    TRY(connect_one(server, &control));
    err e = talk(control, server);
    close_all(control, e == OK);
    return e;
}
