// SPDX-License-Identifier: ISC
/* reply.c - what a handler answers with (RFC 9112 sections 6 and 9): framing and persistence are decided here. */
#include "base/checked.h"
#include "base/list.h"
#include "lib/http_server/turn.h"

/* The connection goes on only where both sides know where this request and its answer end. */
static enum http_connection connection_of(struct exchange *x, enum http_framing framing, unsigned status)
{
    const struct http_request *r = x->public.request;
    bool is_delimited = framing != HTTP_FRAMING_NONE || !http_status_has_body(status) || r->method == HTTP_HEAD;
    x->persists = r->keep_alive && is_delimited && x->request_body.is_at_end;
    if (!x->persists)
        return HTTP_CONNECTION_CLOSE;
    return r->version_minor == 0 ? HTTP_CONNECTION_KEEP_ALIVE : HTTP_CONNECTION_DEFAULT;
}

/* Puts the head behind the answers that wait; what does not fit behind them is written after them. */
static err write_head(struct exchange *x, struct http_head *head)
{
    struct turn *t = x->turn;
    struct wr w = t->out;
    http_write_head(&w, head);
    if (w.full) {
        TRY(turn_flush(t));
        w = t->out;
        http_write_head(&w, head);
        if (w.full)
            return E_INVALID;
    }
    t->out = w;
    x->has_replied = true;
    x->request_body.expects_continue = false;       /* the answer says whether the body is wanted, and 100 would lie inside it */
    count_up(&t->server->stats.responses[head->status / 100]);
    return OK;
}

static err begin(struct exchange *x, struct http_head *head, enum http_framing framing, uint64_t num_bytes)
{
    REQUIRE(!x->has_replied && head->status >= 200);
    head->date = server_date(x->turn->server, x->turn->now);
    head->framing = http_status_has_body(head->status) ? framing : HTTP_FRAMING_NONE;
    head->content_length = num_bytes;
    head->connection = connection_of(x, head->framing, head->status);
    return write_head(x, head);
}

static bool sends_body(const struct exchange *x, unsigned status)
{
    return x->public.request->method != HTTP_HEAD && http_status_has_body(status);
}

static err reply_whole(struct http_exchange *exchange, struct http_head *head, struct span body,
                       err (*write)(struct turn *t, struct span bytes))
{
    struct exchange *x = LINKED(exchange, struct exchange, public);
    request_body_drain(&x->request_body);
    TRY(begin(x, head, HTTP_FRAMING_LENGTH, body.n));
    return sends_body(x, head->status) && body.n > 0 ? write(x->turn, body) : OK;
}

err http_reply(struct http_exchange *x, struct http_head *head, struct span body)
{
    return reply_whole(x, head, body, turn_write);
}

err http_reply_static(struct http_exchange *x, struct http_head *head, struct span body)
{
    return reply_whole(x, head, body, turn_write_static);
}

/* A client of HTTP/1.0 does not know chunks: its body ends with the connection. */
static enum http_framing stream_framing(const struct http_request *r, uint64_t num_bytes)
{
    if (num_bytes != HTTP_LENGTH_UNKNOWN)
        return HTTP_FRAMING_LENGTH;
    return r->version_minor == 0 ? HTTP_FRAMING_NONE : HTTP_FRAMING_CHUNKED;
}

err http_reply_stream(struct http_exchange *exchange, struct http_head *head, uint64_t num_bytes, struct flow **body)
{
    struct exchange *x = LINKED(exchange, struct exchange, public);
    enum http_framing framing = stream_framing(exchange->request, num_bytes);
    *body = &x->reply_body.flow;
    TRY(begin(x, head, framing, num_bytes));
    reply_body_init(&x->reply_body, x->turn, !sends_body(x, head->status), framing, num_bytes);
    x->is_streaming = true;
    return OK;
}

err http_reply_status(struct http_exchange *x, unsigned status)
{
    uint8_t text[64];
    struct http_head head = { .status = status, .content_type = TEXT("text/plain; charset=utf-8") };
    struct wr w = wr_of(MSPAN(text));
    wr_dec(&w, status);
    wr_u8(&w, ' ');
    wr_bytes(&w, http_reason(status));
    wr_u8(&w, '\n');
    return http_reply(x, &head, wr_done(&w));
}

err http_reply_allow(struct http_exchange *x, struct span methods)
{
    bool asks = x->request->method == HTTP_OPTIONS;
    struct http_head head = { .status = asks ? 204 : 405, .allow = methods,
                              .content_type = asks ? (struct span){ 0 } : TEXT("text/plain; charset=utf-8") };
    return http_reply(x, &head, asks ? (struct span){ 0 } : TEXT("405 Method Not Allowed\n"));
}
