// SPDX-License-Identifier: ISC
/* http.c - a service of four paths: a page, so many random bytes, the request's body again, and the sum of its bytes. Bodies of any
 * length pass through a buffer of a page: none is held in memory. */
#include "http.h"
#include "base/writer.h"
#include "lib/http_server/server.h"
#include "lib/random/random.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(http);

#define PIECE_BYTES 2048u

static err page(struct http_exchange *x, struct span rest)
{
    struct http_head head = { .status = 200, .content_type = TEXT("text/html; charset=utf-8") };
    (void)rest;
    if (x->request->method != HTTP_GET && x->request->method != HTTP_HEAD)
        return http_reply_allow(x, TEXT("GET, HEAD"));
    return http_reply_static(x, &head, TEXT("<!DOCTYPE html>\n<title>http</title>\n<p>GET /random/100, POST /echo, POST /sum\n"));
}

/* The number at the end of a path; 0: none, or more than KEY_RANDOM_MAX. */
static uint64_t number_of(struct span digits)
{
    uint64_t v = 0;
    for (size_t i = 0; i < digits.n; i++) {
        uint8_t digit = (uint8_t)(span_at(digits, i) - '0');
        v = 10 * v + digit;
        if (digit > 9 || v > KEY_RANDOM_MAX)
            return 0;
    }
    return v;
}

static err random_bytes(struct http_exchange *x, struct span rest)
{
    uint8_t piece[PIECE_BYTES];
    struct flow *body;
    struct http_head head = { .status = 200, .content_type = TEXT("application/octet-stream") };
    uint64_t left = number_of(rest);
    if (x->request->method != HTTP_GET && x->request->method != HTTP_HEAD)
        return http_reply_allow(x, TEXT("GET, HEAD"));
    if (left == 0)
        return http_reply_status(x, 404);
    TRY(http_reply_stream(x, &head, left, &body));
    if (x->request->method == HTTP_HEAD)
        return OK;
    for (size_t n; left > 0; left -= n) {
        n = left < sizeof piece ? (size_t)left : sizeof piece;
        random_fill(mspan_first(MSPAN(piece), n));
        TRY(flow_write(body, span_first(SPAN(piece), n), NEVER));
    }
    return OK;
}

static err echo(struct http_exchange *x, struct span rest)
{
    uint8_t piece[PIECE_BYTES];
    struct flow *body;
    struct span first;
    struct http_head head = { .status = 200, .content_type = TEXT("application/octet-stream") };
    uint64_t num_bytes = x->request->is_chunked ? HTTP_LENGTH_UNKNOWN : x->request->content_length;
    err e;
    (void)rest;
    if (x->request->method != HTTP_POST)
        return http_reply_allow(x, TEXT("POST"));
    e = flow_peek(x->body, &first, NEVER);      /* a client that asks whether to send is told so before the answer begins */
    if (e != OK && e != E_EOF)
        return e;
    TRY(http_reply_stream(x, &head, num_bytes, &body));
    for (size_t n; (e = flow_read(x->body, MSPAN(piece), &n, NEVER)) == OK;)
        TRY(flow_write(body, span_first(SPAN(piece), n), NEVER));
    return e == E_EOF ? OK : e;
}

static err sum(struct http_exchange *x, struct span rest)
{
    uint8_t piece[PIECE_BYTES], line[24];
    struct wr w = wr_of(MSPAN(line));
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    uint64_t total = 0;
    err e;
    (void)rest;
    if (x->request->method != HTTP_POST)
        return http_reply_allow(x, TEXT("POST"));
    for (size_t n; (e = flow_read(x->body, MSPAN(piece), &n, NEVER)) == OK;)
        for (size_t i = 0; i < n; i++)
            total += span_at(SPAN(piece), i);
    if (e != E_EOF)
        return e;
    wr_dec(&w, total);
    wr_u8(&w, '\n');
    return http_reply(x, &head, wr_done(&w));
}

static const struct {
    struct span path;
    bool has_rest;
    err (*answer)(struct http_exchange *x, struct span rest);
} routes[] = {
    { TEXT_INIT("/"), false, page },
    { TEXT_INIT("/random/"), true, random_bytes },
    { TEXT_INIT("/echo"), false, echo },
    { TEXT_INIT("/sum"), false, sum },
};

static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct span path = x->request->path;
    (void)h;
    for (size_t i = 0; i < NUM_OF(routes); i++)
        if (routes[i].has_rest ? span_starts(path, routes[i].path) : span_eq(path, routes[i].path))
            return routes[i].answer(x, span_skip(path, routes[i].path.n));
    return http_reply_status(x, 404);
}

err http_main(struct stack *net)
{
    static struct http_handler handler = { .answer = answer };
    static struct http_server server;

    TRY(http_server_init(&server, &http_server_defaults, &handler));
    TRY(tcp_listen(net, arg_port(), &server.service));
    log_info(http, "http://%I:%u/", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
