// SPDX-License-Identifier: ISC
/* server.c - connections from turn to turn (RFC 9112 section 9): requests are gathered, parsed and answered in
 * order; between turns a connection waits for bytes, for the acknowledgement of what was sent, or for the client's
 * end (section 9.6). The timers: until, once, says when that must have happened. */
#include "base/checked.h"
#include "base/list.h"
#include "lib/http_server/turn.h"
#include "runtime/clock.h"
#include "runtime/heap.h"
#include "runtime/log.h"

LOG_SOURCE(http);

enum { BUFFERS_SHARE = 8, BUFFERS_LEAST = 2 };

const struct http_server_config http_server_defaults = {
    .num_buffers = 64, .max_body_bytes = 1 << 20, .head_within = 10ull * NS_PER_S, .idle_within = 60ull * NS_PER_S,
    .write_within = 30ull * NS_PER_S, .linger_within = 5ull * NS_PER_S,
};

/* ---- What the server has once */

bool buffer_borrow(struct http_server *s, struct http_conn *c)
{
    if (s->num_free == 0)
        return false;
    c->buffer = AT(s->free, --s->num_free) + 1;
    c->num_gathered = 0;
    return true;
}

void buffer_give_back(struct http_server *s, struct http_conn *c)
{
    if (c->buffer == 0)
        return;
    AT(s->free, s->num_free++) = c->buffer - 1;
    c->buffer = c->num_gathered = 0;
}

struct mspan buffer_of(struct http_server *s, const struct http_conn *c)
{
    REQUIRE(c->buffer > 0);
    return mspan_sub(s->buffers, (c->buffer - 1) * HTTP_HEAD_BYTES_MAX, HTTP_HEAD_BYTES_MAX);
}

struct span server_date(struct http_server *s, nanos now)
{
    if (now >= s->date_until) {
        nanos wall = clock_wall();
        struct wr w = wr_of(MSPAN(s->date));
        http_write_date(&w, wall / NS_PER_S);
        s->date_until = nanos_add(now, NS_PER_S - wall % NS_PER_S);
    }
    return SPAN(s->date);
}

/* ---- Writing */

static nanos write_deadline(const struct turn *t)
{
    return nanos_add(clock_recent(), t->server->config.write_within);
}

err turn_flush(struct turn *t)
{
    struct span bytes = wr_done(&t->out);
    t->out = wr_of(t->out.all);
    t->conn.num_unsent += bytes.n;
    return bytes.n == 0 ? OK : flow_write(t->flow, bytes, write_deadline(t));
}

err turn_write(struct turn *t, struct span bytes)
{
    if (bytes.n > t->out.room.n)
        TRY(turn_flush(t));
    if (bytes.n <= t->out.room.n) {
        wr_bytes(&t->out, bytes);
        return OK;
    }
    t->conn.num_unsent += bytes.n;
    return flow_write(t->flow, bytes, write_deadline(t));
}

err turn_write_static(struct turn *t, struct span bytes)
{
    if (bytes.n <= HTTP_COPY_BYTES_MAX)
        return turn_write(t, bytes);
    TRY(turn_flush(t));
    t->conn.num_unsent += bytes.n;
    return flow_write_static(t->flow, bytes, write_deadline(t));
}

static void exchange_init(struct exchange *x, struct turn *t, const struct http_request *r)
{
    x->public = (struct http_exchange){ .request = r, .body = &x->request_body.flow, .peer = t->peer };
    x->turn = t;
    x->has_replied = x->is_streaming = x->persists = false;
}

/* ---- How a turn ends */

static struct service_rest turn_over(struct turn *t)
{
    buffer_give_back(t->server, &t->conn);
    return (struct service_rest){ .close = true, .until = NEVER };
}

static struct service_rest connection_lost(struct turn *t)
{
    count_up(&t->server->stats.lost);
    return turn_over(t);
}

/* How long sending so many bytes may take. */
static nanos send_limit(const struct turn *t)
{
    return nanos_add(t->server->config.write_within, from_ms(t->conn.num_unsent / (HTTP_SEND_RATE_MIN / 1024) * 1000 / 1024));
}

/* RFC 9112 section 9.6: a close with bytes unread resets the connection, and the client may lose the answer; so our
 * end is sent first, and what still comes is dropped for a while. */
static struct service_rest linger(struct turn *t)
{
    struct http_conn *c = &t->conn;
    struct span got;
    err e;
    while ((e = flow_peek(t->flow, &got, 0)) == OK && c->num_drained <= HTTP_LINGER_BYTES_MAX) {
        c->num_drained += u32_saturate(got.n);
        flow_consume(t->flow, got.n);
    }
    if (e != E_TIMEDOUT || clock_now() >= c->until)
        return turn_over(t);
    return (struct service_rest){ .until = c->until };
}

static struct service_rest finish(struct turn *t)
{
    if (turn_flush(t) != OK || flow_shutdown(t->flow) != OK)
        return connection_lost(t);
    buffer_give_back(t->server, &t->conn);
    nanos limit = t->conn.num_unsent > HTTP_UNSENT_BYTES_MAX ? send_limit(t) : 0;
    t->conn.is_lingering = true;
    t->conn.until = nanos_add(clock_now(), nanos_add(limit, t->server->config.linger_within));
    return linger(t);
}

/* An answer without a request that can be handled; the connection ends with it. */
static struct service_rest refuse(struct turn *t, unsigned status)
{
    struct http_request none = { .method = HTTP_GET, .version_minor = 1 };
    struct exchange x UNINITIALIZED;
    exchange_init(&x, t, &none);
    request_body_init(&x.request_body, t, &none);
    log_debug(http, "%I: refused with %u", &t->peer->ip, status);
    if (http_reply_status(&x.public, status) != OK)
        return connection_lost(t);
    return finish(t);
}

static struct service_rest refuse_request(struct turn *t, enum http_err e)
{
    count_up(&t->server->stats.refused[e]);
    log_debug(http, "%I: %s", &t->peer->ip, http_err_name(e));
    return refuse(t, http_err_status(e));
}

static struct service_rest time_is_up(struct turn *t)
{
    if (t->conn.buffer == 0) {
        count_up(&t->server->stats.timeouts_idle);
        return turn_over(t);
    }
    count_up(&t->server->stats.timeouts_head);
    return refuse(t, 408);
}

/* What was sent is more than the client reads, or than the stack has memory for: the next answer might block. */
static bool has_slow_reader(const struct turn *t)
{
    size_t num_unsent = t->conn.num_unsent + wr_len(&t->out);
    return num_unsent >= HTTP_UNSENT_BYTES_MAX || (num_unsent > 0 && flow_write(t->flow, (struct span){ 0 }, 0) == E_TIMEDOUT);
}

static struct service_rest rest(struct turn *t, bool is_sending)
{
    nanos began = clock_recent();
    if (turn_flush(t) != OK)
        return connection_lost(t);
    if (t->has_answered)
        t->conn.until = nanos_add(began, t->server->config.idle_within);
    if (is_sending) {
        t->conn.is_sending = true;
        t->conn.until = nanos_add(began, send_limit(t));
    }
    return (struct service_rest){ .when_sent = is_sending, .until = t->conn.until };
}

/* ---- Requests */

enum step { STEP_AGAIN, STEP_WAIT, STEP_END, STEP_FINISH, STEP_LOST, STEP_NO_BUFFER, STEP_REFUSE };

/* After the handler: the answer is made whole, or the connection cannot go on. */
static enum step conclude(struct exchange *x, err e)
{
    struct turn *t = x->turn;
    if (x->request_body.status == 408)
        count_up(&t->server->stats.timeouts_body);
    if (!x->has_replied) {
        if (e == E_CANCELED || e == E_RESET)
            return STEP_LOST;
        log_debug(http, "%I: the handler did not reply: %s", &t->peer->ip, err_name(e));
        e = http_reply_status(&x->public, x->request_body.status ? x->request_body.status : 500);
    }
    if (e == OK && x->is_streaming)
        e = reply_body_end(&x->reply_body);
    if (e != OK)
        return STEP_LOST;
    return x->persists && x->request_body.is_at_end ? STEP_AGAIN : STEP_FINISH;
}

static enum step answer(struct turn *t, const struct http_request *r)
{
    struct http_server *s = t->server;
    struct exchange x UNINITIALIZED;
    exchange_init(&x, t, r);
    request_body_init(&x.request_body, t, r);
    count_up(&s->stats.requests);
    t->has_answered = true;
    return conclude(&x, s->handler->answer(s->handler, &x.public));
}

/* The head goes on in, or moves to, a buffer: it is not all there, or its fields must outlive the reading of a body. */
static enum step gather(struct turn *t, struct span in, enum http_err *verdict)
{
    struct http_conn *c = &t->conn;
    if (c->buffer == 0) {
        if (!buffer_borrow(t->server, c))
            return STEP_NO_BUFFER;
        c->until = nanos_add(t->now, t->server->config.head_within);
        t->has_answered = false;
    }
    size_t before = c->num_gathered;
    struct mspan buffer = buffer_of(t->server, c);
    size_t after = before + span_copy(mspan_skip(buffer, before), in);
    struct http_request r UNINITIALIZED;
    REQUIRE(after > before);
    *verdict = http_request_parse(span_first(span_of(buffer), after), before, &r);
    c->num_gathered = (uint32_t)after;
    if (*verdict == HTTP_MORE) {
        flow_consume(t->flow, after - before);
        return STEP_AGAIN;
    }
    if (*verdict != HTTP_OK)
        return STEP_REFUSE;
    flow_consume(t->flow, r.head_bytes - before);
    enum step step = answer(t, &r);
    buffer_give_back(t->server, c);
    return step;
}

/* A head in one piece without a body is answered where it lies. */
static enum step next_request(struct turn *t, enum http_err *verdict)
{
    struct span in;
    struct http_request r UNINITIALIZED;
    err e = flow_peek(t->flow, &in, 0);
    if (e != OK)
        return e == E_TIMEDOUT ? STEP_WAIT : e == E_EOF ? STEP_END : STEP_LOST;
    if (t->conn.buffer > 0)
        return gather(t, in, verdict);
    *verdict = http_request_parse(in, 0, &r);
    if (*verdict == HTTP_MORE || (*verdict == HTTP_OK && http_has_body(&r)))
        return gather(t, in, verdict);
    if (*verdict != HTTP_OK)
        return STEP_REFUSE;
    enum step step = answer(t, &r);
    if (step != STEP_LOST)
        flow_consume(t->flow, r.head_bytes);
    return step;
}

/* Only answers count for the end of a turn, so that it never ends with a buffer held while bytes are left: the last
 * turn of a connection that was aborted gives its buffer back. */
static struct service_rest serve(struct turn *t)
{
    for (unsigned num_answered = 0; num_answered < HTTP_REQUESTS_PER_TURN;) {
        enum http_err verdict = HTTP_OK;
        if (has_slow_reader(t))
            return rest(t, true);
        switch (next_request(t, &verdict)) {
        case STEP_AGAIN:
            num_answered += t->has_answered;
            break;
        case STEP_WAIT:
            return t->has_answered || clock_now() < t->conn.until ? rest(t, false) : time_is_up(t);
        case STEP_END:
            return turn_flush(t) == OK ? turn_over(t) : connection_lost(t);
        case STEP_FINISH:
            return finish(t);
        case STEP_LOST:
            return connection_lost(t);
        case STEP_NO_BUFFER:
            count_up(&t->server->stats.no_buffer);
            return refuse(t, 503);
        case STEP_REFUSE:
            return refuse_request(t, verdict);
        }
    }
    struct service_rest r = rest(t, has_slow_reader(t));
    if (!r.close && !r.when_sent)
        r.until = 0;            /* at once, after the others */
    return r;
}

/* Waits on for the acknowledgement of what was sent, unless it came. */
static struct service_rest still_sending(struct turn *t)
{
    struct span got;
    err e = flow_peek(t->flow, &got, 0);
    if (e != OK && e != E_TIMEDOUT && e != E_EOF)
        return connection_lost(t);
    if (t->now < t->conn.until)
        return (struct service_rest){ .when_sent = true, .until = t->conn.until };
    count_up(&t->server->stats.timeouts_send);
    return turn_over(t);
}

static struct service_rest take_turn(struct turn *t, enum service_wake why)
{
    struct http_conn *c = &t->conn;
    if (c->is_lingering)
        return linger(t);
    if (why == SERVICE_SENT)
        c->num_unsent = 0;
    if (c->is_sending && why != SERVICE_SENT)
        return still_sending(t);
    if (c->is_sending || !c->is_started) {
        bool is_idle = c->is_started && c->buffer == 0;
        nanos limit = is_idle ? t->server->config.idle_within : t->server->config.head_within;
        c->until = why == SERVICE_TIMEOUT ? t->now : nanos_add(t->now, limit);
    }
    c->is_sending = false;
    c->is_started = true;
    return serve(t);
}

static struct service_rest ready(struct service *service, struct flow *flow, const struct endpoint *peer,
                                 struct mspan state, enum service_wake why)
{
    uint8_t out[HTTP_OUT_BYTES] UNINITIALIZED;      /* 4 KiB to clear would cost more than a request */
    struct turn t = { .server = LINKED(service, struct http_server, service), .flow = flow, .peer = peer, .now = clock_recent(),
                      .out = wr_of(MSPAN(out)) };
    REQUIRE(state.n >= sizeof t.conn);
    (void)span_copy(MSPAN_OF(t.conn), span_of(state));
    struct service_rest r = take_turn(&t, why);
    (void)span_copy(state, SPAN_OF(t.conn));
    return r;
}

/* No more than an eighth of the memory that is left, but enough to serve one slow client beside another. */
static size_t num_buffers_for(const struct http_server_config *config)
{
    size_t fit = heap_stats().largest_free_bytes / BUFFERS_SHARE / HTTP_HEAD_BYTES_MAX;
    return size_min(config->num_buffers, size_max(fit, BUFFERS_LEAST));
}

err http_server_init(struct http_server *s, const struct http_server_config *config, struct http_handler *handler)
{
    REQUIRE(config->num_buffers <= UINT32_MAX / HTTP_HEAD_BYTES_MAX);
    *s = (struct http_server){
        .service = { .ready = ready, .state_bytes = sizeof(struct http_conn), .first_bytes_within = config->head_within },
        .handler = handler, .config = *config,
    };
    size_t num = num_buffers_for(config);
    TRY(HEAP_SLICE(num * HTTP_HEAD_BYTES_MAX, &s->buffers));
    err e = HEAP_SLICE(num, &s->free);
    if (e != OK) {
        heap_free(s->buffers.p);
        *s = (struct http_server){ 0 };
        return e;
    }
    while (s->num_free < num) {
        AT(s->free, s->num_free) = (uint32_t)s->num_free;
        s->num_free++;
    }
    return OK;
}
