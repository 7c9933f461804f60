// SPDX-License-Identifier: ISC
/* body.c - bodies as flows: of a request (RFC 9112 section 6, RFC 9110 section 10.1.1), with its limits of size and
 * time, and of an answer, chunked or of a length said before. */
#include "base/checked.h"
#include "base/list.h"
#include "lib/http_server/turn.h"
#include "runtime/clock.h"

/* ---- Of a request */

static err body_fails(struct request_body *b, err e, unsigned status)
{
    b->failure = e;
    b->status = status;
    return e;
}

/* A body may pause for head_within, and must come at HTTP_BODY_RATE_MIN beyond that. */
static nanos rate_deadline(const struct request_body *b)
{
    nanos grace = b->turn->server->config.head_within;
    return nanos_add(nanos_add(b->began, grace), from_ms(b->num_read / (HTTP_BODY_RATE_MIN / 1024) * 1000 / 1024));
}

/* Before it waits for the client, the client gets what it may wait for. */
static err let_client_go_on(struct request_body *b)
{
    if (b->expects_continue)
        TRY(turn_write(b->turn, TEXT("HTTP/1.1 100 Continue\r\n\r\n")));
    b->expects_continue = false;
    return turn_flush(b->turn);
}

static err connection_peek(struct request_body *b, struct span *got, nanos deadline)
{
    err e = flow_peek(b->turn->flow, got, 0);
    if (e == E_TIMEDOUT && deadline > 0) {
        TRY(let_client_go_on(b));
        e = flow_peek(b->turn->flow, got, nanos_min(deadline, rate_deadline(b)));
    }
    if (e == E_EOF)
        return body_fails(b, E_RESET, 400);     /* RFC 9112 section 8: it is incomplete */
    if (e == E_TIMEDOUT && clock_now() >= rate_deadline(b))
        return body_fails(b, E_TIMEDOUT, 408);
    if (e != OK && e != E_TIMEDOUT)
        b->failure = e;
    return e;
}

/* Passes the framing of chunks until there is data; E_EOF at the end. */
static err next_chunk(struct request_body *b, nanos deadline)
{
    while (b->pending == 0) {
        struct span in, data;
        size_t num_used;
        TRY(connection_peek(b, &in, deadline));
        enum http_err verdict = http_chunked_input(&b->chunked, in, &num_used, &data);
        b->pending = data.n;
        flow_consume(b->turn->flow, num_used - data.n);
        if (verdict == HTTP_BAD_CHUNK) {
            count_up(&b->turn->server->stats.refused[HTTP_BAD_CHUNK]);
            return body_fails(b, E_INVALID, http_err_status(HTTP_BAD_CHUNK));
        }
        if (verdict == HTTP_OK) {
            b->is_at_end = true;
            return E_EOF;
        }
        if (b->num_read + b->pending > b->turn->server->config.max_body_bytes) {
            count_up(&b->turn->server->stats.refused[HTTP_BODY_TOO_LARGE]);
            return body_fails(b, E_REFUSED, http_err_status(HTTP_BODY_TOO_LARGE));
        }
    }
    return OK;
}

static err request_body_peek(struct flow *f, struct span *got, nanos deadline)
{
    struct request_body *b = LINKED(f, struct request_body, flow);
    *got = (struct span){ 0 };
    if (b->failure != OK)
        return b->failure;
    if (b->is_at_end)
        return E_EOF;
    if (b->is_chunked)
        TRY(next_chunk(b, deadline));
    struct span in;
    TRY(connection_peek(b, &in, deadline));
    *got = span_first(in, (size_t)b->pending);
    return OK;
}

static void request_body_consume(struct flow *f, size_t n)
{
    struct request_body *b = LINKED(f, struct request_body, flow);
    REQUIRE(n <= b->pending);
    flow_consume(b->turn->flow, n);
    b->pending -= n;
    b->num_read += n;
    b->is_at_end = !b->is_chunked && b->pending == 0;
}

static err request_body_write(struct flow *f, struct span bytes, nanos deadline)
{
    (void)f, (void)bytes, (void)deadline;
    return E_UNSUPPORTED;
}

static err no_shutdown(struct flow *f)
{
    (void)f;
    return OK;
}

static void no_close(struct flow *f)
{
    (void)f;
}

void request_body_init(struct request_body *b, struct turn *t, const struct http_request *r)
{
    static const struct flow_ops ops = {
        .peek = request_body_peek, .consume = request_body_consume, .write = request_body_write,
        .write_static = request_body_write, .shutdown = no_shutdown, .close = no_close,
    };
    *b = (struct request_body){
        .flow.ops = &ops, .turn = t, .is_chunked = r->is_chunked, .expects_continue = r->expects_continue,
        .is_at_end = !http_has_body(r), .pending = r->content_length, .began = t->now,
    };
    if (r->content_length > t->server->config.max_body_bytes) {
        count_up(&t->server->stats.refused[HTTP_BODY_TOO_LARGE]);
        (void)body_fails(b, E_REFUSED, http_err_status(HTTP_BODY_TOO_LARGE));
    }
}

void request_body_drain(struct request_body *b)
{
    struct span got;
    uint64_t limit = b->num_read + HTTP_DRAIN_BYTES_MAX;
    while (!b->is_at_end && b->num_read < limit && request_body_peek(&b->flow, &got, 0) == OK)
        request_body_consume(&b->flow, got.n);
}

/* ---- Of an answer */

static err reply_body_peek(struct flow *f, struct span *got, nanos deadline)
{
    (void)f, (void)deadline;
    *got = (struct span){ 0 };
    return E_UNSUPPORTED;
}

static void reply_body_consume(struct flow *f, size_t n)
{
    (void)f;
    REQUIRE(n == 0);
}

static err write_chunk_size(struct turn *t, size_t n)
{
    uint8_t line[18];
    size_t at = sizeof line;
    line[--at] = '\n';
    line[--at] = '\r';
    for (size_t v = n; v > 0; v >>= 4)
        line[--at] = span_at(TEXT("0123456789abcdef"), v & 15);
    return turn_write(t, span_skip(SPAN(line), at));
}

/* The deadline is the server's own: without room within write_within the client counts as gone. */
static err write_part(struct reply_body *b, struct span bytes, err (*write)(struct turn *t, struct span bytes))
{
    if (b->is_bounded && bytes.n > b->left)
        return E_RANGE;
    b->left -= b->is_bounded ? bytes.n : 0;
    if (b->is_discarded || bytes.n == 0)
        return OK;
    if (b->is_chunked)
        TRY(write_chunk_size(b->turn, bytes.n));
    err e = write(b->turn, bytes);
    if (e != OK)
        return e;
    return b->is_chunked ? turn_write(b->turn, TEXT("\r\n")) : OK;
}

static err reply_body_write(struct flow *f, struct span bytes, nanos deadline)
{
    (void)deadline;
    return write_part(LINKED(f, struct reply_body, flow), bytes, turn_write);
}

static err reply_body_write_static(struct flow *f, struct span bytes, nanos deadline)
{
    (void)deadline;
    return write_part(LINKED(f, struct reply_body, flow), bytes, turn_write_static);
}

void reply_body_init(struct reply_body *b, struct turn *t, bool is_discarded, enum http_framing framing, uint64_t num_bytes)
{
    static const struct flow_ops ops = {
        .peek = reply_body_peek, .consume = reply_body_consume, .write = reply_body_write,
        .write_static = reply_body_write_static, .shutdown = no_shutdown, .close = no_close,
    };
    *b = (struct reply_body){
        .flow.ops = &ops, .turn = t, .is_discarded = is_discarded, .is_chunked = framing == HTTP_FRAMING_CHUNKED,
        .is_bounded = framing == HTTP_FRAMING_LENGTH, .left = num_bytes,
    };
}

err reply_body_end(struct reply_body *b)
{
    if (b->is_discarded)
        return OK;
    if (b->is_bounded && b->left > 0)
        return E_INVALID;
    return b->is_chunked ? turn_write(b->turn, TEXT("0\r\n\r\n")) : OK;
}
