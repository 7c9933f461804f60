// SPDX-License-Identifier: ISC
/* server.c - each connection shows a cookie first. One that does so while no test runs is the control connection of a new test, which its
 * call sees through to the end in a straight line; those with the same cookie are its streams. A stream that receives rests between its
 * bytes; one that sends keeps its call, and with it a worker of the stack. */
#include "server.h"
#include "datagrams.h"
#include "base/list.h"
#include "lib/stack/stack.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(iperf);

#define SENDERS_MAX (STACK_WORKERS - 2u)    /* one worker is the test's, and one says to others that it runs */
#define SILENCE_MAX (30 * NS_PER_S)

struct connection {                     /* all zero when it was accepted */
    uint8_t cookie[COOKIE_BYTES];
    uint8_t num_gathered;
    bool is_stream;
    uint8_t index;
    uint32_t test_number;
    nanos cookie_until;
};

/* ---- The test, by the call of its control connection */

static err join_streams(struct server *s, struct flow *control, const struct ip *client)
{
    nanos deadline = nanos_add(clock_now(), ANSWER_WITHIN);
    if (s->test.params.is_udp) {
        TRY(datagrams_open(&s->test, s->port));
        TRY(control_tell(control, CREATE_STREAMS));
        return datagrams_join(&s->test, client, deadline);
    }
    s->phase = JOINING;
    TRY(control_tell(control, CREATE_STREAMS));
    while (s->num_joined < s->test.params.num_streams)
        TRY(waitq_wait(&s->news, deadline));
    return OK;
}

/* Until the client says something; E_TIMEDOUT: it does not, and nothing moves either. */
static err wait_for_client(struct server *s, struct flow *control)
{
    struct span got;
    for (;;) {
        uint64_t before = test_bytes(&s->test);
        err e = flow_peek(control, &got, nanos_add(clock_now(), SILENCE_MAX));
        if (e != E_TIMEDOUT || test_bytes(&s->test) == before)
            return e;
    }
}

static err measure(struct server *s, struct flow *control)
{
    struct scope scope CLEANUP(scope_cancel);
    struct span got;
    err e = E_TIMEDOUT;
    scope_open(&scope);
    TRY(control_tell(control, TEST_START));
    TRY(control_tell(control, TEST_RUNNING));
    test_begin(&s->test);
    if (s->test.params.is_udp)
        TRY(fiber_go(&scope, s->test.is_sender ? datagrams_send : datagrams_receive, &s->test, "datagrams"));
    s->phase = BUSY;
    waitq_wake_all(&s->news);
    if (s->test.params.omit_s > 0)
        e = flow_peek(control, &got, nanos_add(clock_now(), from_s(s->test.params.omit_s)));
    if (e == E_TIMEDOUT) {
        test_begin(&s->test);
        e = wait_for_client(s, control);
    }
    test_end(&s->test);
    TRY(e);
    return control_expect(control, TEST_END, 0);
}

static err exchange_results(struct server *s, struct flow *control, const struct endpoint *client)
{
    uint8_t room[REPORT_BYTES_MAX];
    struct json message;
    struct results theirs;
    TRY(control_tell(control, EXCHANGE_RESULTS));
    TRY(control_receive(control, MSPAN(s->message), &message));
    TRY(results_read(&message, s->test.params.is_udp, &theirs));
    struct span line = test_describe(&s->test, &theirs, MSPAN(room));
    struct json_writer ours = json_writer(MSPAN(s->message));
    results_write(&ours, &s->test);
    TRY(control_send(control, &ours));
    TRY(control_tell(control, DISPLAY_RESULTS));
    log_info(iperf, "%I: %b", &client->ip, &line);
    s->phase = ENDING;
    return control_expect(control, IPERF_DONE, nanos_add(clock_now(), ANSWER_WITHIN));
}

static err run(struct server *s, struct flow *control, const struct endpoint *client)
{
    struct test *t = &s->test;
    struct json message;
    TRY(control_tell(control, PARAM_EXCHANGE));
    TRY(control_receive(control, MSPAN(s->message), &message));
    enum refusal why = params_read(&message, &t->params);
    if (why == REFUSED_NOT && t->params.is_reverse && !t->params.is_udp && t->params.num_streams > SENDERS_MAX)
        why = REFUSED_NUM_STREAMS;
    if (why != REFUSED_NOT) {
        log_info(iperf, "%I: refused: %s", &client->ip, refusal_name(why));
        return control_refuse(control, why);
    }
    t->is_sender = t->params.is_reverse;
    TRY(join_streams(s, control, &client->ip));
    TRY(measure(s, control));
    return exchange_results(s, control, client);
}

static void run_test(struct server *s, struct flow *control, const struct endpoint *client, struct span cookie)
{
    s->phase = BUSY;
    s->test_number++;
    s->num_joined = 0;
    s->test = (struct test){ .net = s->test.net };
    (void)span_copy(MSPAN(s->test.cookie), cookie);
    err e = run(s, control, client);
    if (e != OK)
        log_info(iperf, "%I: the test ends early: %s", &client->ip, err_name(e));
    s->test.is_running = false;
    datagrams_close(&s->test);
    s->phase = ENDING;
    waitq_wake_all(&s->news);
    while (s->num_sending > 0 && waitq_wait(&s->news, NEVER) == OK)
        ;
    s->phase = FREE;
    waitq_wake_all(&s->news);
}

/* ---- Streams */

static struct service_rest close_it(void)
{
    return (struct service_rest){ .close = true };
}

static struct service_rest receive(struct server *s, const struct connection *c, struct flow *flow)
{
    struct span got;
    bool is_ours = c->test_number == s->test_number && s->phase != FREE;
    err e;
    while ((e = flow_peek(flow, &got, 0)) == OK) {
        if (is_ours && s->test.is_running)
            s->test.stream[c->index].num_bytes += got.n;
        flow_consume(flow, got.n);
    }
    return is_ours && e == E_TIMEDOUT ? (struct service_rest){ .until = nanos_add(clock_now(), SILENCE_MAX) } : close_it();
}

/* Where the test does not begin, nothing is sent. */
static err send(struct server *s, struct stream *stream)
{
    while (s->phase == JOINING)
        TRY(waitq_wait(&s->news, NEVER));
    return stream_send(&s->test, stream);
}

static struct service_rest send_all(struct server *s, struct stream *stream, struct flow *flow)
{
    s->num_sending++;
    stream->flow = flow;
    err e = send(s, stream);
    if (e != OK)
        log_debug(iperf, "a stream ends: %s", err_name(e));
    stream->flow = NULL;
    s->num_sending--;
    waitq_wake_all(&s->news);
    return close_it();
}

static struct service_rest join(struct server *s, struct connection *c, struct flow *flow)
{
    c->is_stream = true;
    c->test_number = s->test_number;
    c->index = (uint8_t)s->num_joined++;
    waitq_wake_all(&s->news);
    return s->test.is_sender ? send_all(s, &s->test.stream[c->index], flow) : receive(s, c, flow);
}

/* ---- Connections */

/* E_TIMEDOUT: there is not all of the cookie yet. */
static err gather_cookie(struct connection *c, struct flow *flow)
{
    while (c->num_gathered < COOKIE_BYTES) {
        struct span got;
        TRY(flow_peek(flow, &got, 0));
        size_t n = span_copy(mspan_skip(MSPAN(c->cookie), c->num_gathered), got);
        flow_consume(flow, n);
        c->num_gathered = (uint8_t)(c->num_gathered + n);
    }
    return OK;
}

/* A client that is done may be followed by the next one sooner than we know. */
static err wait_for_end(struct server *s)
{
    nanos deadline = nanos_add(clock_now(), ANSWER_WITHIN);
    while (s->phase == ENDING)
        TRY(waitq_wait(&s->news, deadline));
    return s->phase == FREE ? OK : E_IN_USE;
}

static struct service_rest deny(struct flow *flow)
{
    if (control_tell(flow, ACCESS_DENIED) != OK)
        log_debug(iperf, "one that was not waited for is gone");
    return close_it();
}

static struct service_rest serve(struct server *s, struct connection *c, struct flow *flow, const struct endpoint *peer)
{
    if (c->is_stream)
        return receive(s, c, flow);
    err e = gather_cookie(c, flow);
    if (e == E_TIMEDOUT) {
        c->cookie_until = c->cookie_until ? c->cookie_until : nanos_add(clock_now(), ANSWER_WITHIN);
        return (struct service_rest){ .until = c->cookie_until };
    }
    if (e != OK)
        return close_it();
    if (s->phase == JOINING && s->num_joined < s->test.params.num_streams && span_eq(SPAN(c->cookie), SPAN(s->test.cookie)))
        return join(s, c, flow);
    if (wait_for_end(s) != OK)
        return deny(flow);
    run_test(s, flow, peer, SPAN(c->cookie));
    return close_it();
}

static struct service_rest ready(struct service *service, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                 enum service_wake why)
{
    struct connection c;
    (void)span_copy(MSPAN_OF(c), span_of(state));
    struct service_rest r = why == SERVICE_TIMEOUT ? close_it() : serve(LINKED(service, struct server, service), &c, flow, peer);
    (void)span_copy(state, SPAN_OF(c));
    return r;
}

void server_init(struct server *s, struct stack *net, uint16_t port)
{
    *s = (struct server){
        .port = port,
        .service = { .ready = ready, .state_bytes = sizeof(struct connection), .first_bytes_within = ANSWER_WITHIN },
        .test = { .net = net },
    };
}
