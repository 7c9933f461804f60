// SPDX-License-Identifier: ISC
/* A server between hostile clients and a handler that does all that it may: two connections, whose bytes come in pieces, with pauses,
 * with an end or a reset. What comes out are responses that HTTP allows, and every buffer comes back. */
#define TEST_OWN_PANIC
#include "check/http_client.h"
#include "base/cursor.h"
#include "check/any.h"

static struct http_server server;
static struct client clients[2];
static uint8_t constant[5000];

/* Bodies are read and written to; what is asked of them the wrong way round is refused. */
static void misuse(struct flow *request, struct flow *reply)
{
    struct span got;
    CHECK(flow_write(request, TEXT("x"), NEVER) == E_UNSUPPORTED && flow_shutdown(request) == OK);
    CHECK(flow_peek(reply, &got, NEVER) == E_UNSUPPORTED && got.n == 0);
    flow_consume(reply, 0);
    flow_close(request);
    flow_close(reply);
}

/* Reads the request's body, and replies in the way that the path says. */
static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain"), .etag = TEXT("\"1\""), .accepts_ranges = true };
    uint8_t kind = x->request->path.n > 1 ? span_at(x->request->path, 1) : 0, bytes[100];
    struct flow *body;
    size_t n;
    (void)h;
    if (kind & 1)
        while (flow_read(x->body, MSPAN(bytes), &n, NEVER) == OK)
            ;
    switch (kind >> 1 & 7) {
    case 0:
        return http_reply_static(x, &head, SPAN(constant));
    case 1:
        TRY(http_reply_stream(x, &head, HTTP_LENGTH_UNKNOWN, &body));
        misuse(x->body, body);
        TRY(flow_write(body, (struct span){ 0 }, NEVER));
        TRY(flow_write(body, x->request->target, NEVER));
        return flow_write_static(body, SPAN(constant), NEVER);
    case 2:
        TRY(http_reply_stream(x, &head, 10, &body));
        return flow_write(body, x->request->path, NEVER);
    case 3:
        return http_reply_status(x, 404);
    case 4:
        return http_reply_allow(x, TEXT("GET"));
    case 5:
        head.etag = SPAN(constant);             /* a head that no buffer holds */
        return kind & 16 ? E_IO : kind & 32 ? OK : http_reply(x, &head, SPAN(constant));
    case 6:
        head.status = 204;
        return http_reply(x, &head, (struct span){ 0 });
    default:
        return kind & 16 ? http_reply_static(x, &head, span_first(SPAN(constant), 700)) : http_reply(x, &head, x->request->path);
    }
}
static struct http_handler handler = { answer };

static void check_output(struct client *c)
{
    struct span got = client_got(c);
    CHECK(got.n == 0 || c->flow.num_static_bytes > 0 || contains(got, "HTTP/1.1 ") || c->rest.close || c->state[0]);
}
/* So many requests at once, of which the script says little. */
static void pipeline(struct client *c, struct cur *script)
{
    static const char *const methods[4] = { "GET", "HEAD", "OPTIONS", "POST" };
    static const char *const ends[4] = { "\r\n", "Connection: close\r\n\r\n", "Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
                                         "Transfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n" };
    uint8_t about = cur_u8(script), path = cur_u8(script), num = cur_u8(script);
    char text[16000];
    size_t n = 0;
    for (unsigned i = 0; i <= num % 64u && n < sizeof text - 200; i++)
        n += (size_t)snprintf(text + n, sizeof text - n, "%s /%c HTTP/1.%d\r\nHost: a\r\n%s", methods[about & 3], ' ' + 1 + path % 94,
                              !(about & 16), ends[about >> 2 & 3]);
    client_receive(c, span_first(span_of_str(text), n));
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    struct client *c = &clients[what & 1];
    if (c->rest.close)
        client_init(c, &server);
    c->flow.piece = what >> 1 & 3;
    switch (what >> 3 & 7) {
    case 0: {
        size_t n = cur_u8(script);
        client_receive(c, cur_bytes(script, n < script->left.n ? n : script->left.n));
        break;
    }
    case 1:
        c->flow.later = cur_bytes(script, cur_u8(script) % 32);
        break;
    case 2:
        client_waits(c, (nanos)cur_u8(script) * NS_PER_S);
        break;
    case 3:
        c->flow.has_ended = true;
        wake(c, SERVICE_BYTES);
        settle(c);
        break;
    case 4:
        c->flow.is_reset = true;
        wake(c, SERVICE_BYTES);
        break;
    case 5:
        c->flow.write_error = what & 64 ? E_TIMEDOUT : OK;
        c->flow.is_full = what & 128;
        break;
    case 6:
        pipeline(c, script);
        break;
    default:
        client_receive(c, span_first(script->left, 64));
        (void)cur_bytes(script, script->left.n < 64 ? script->left.n : 64);
    }
    check_output(c);
}

PROPERTY(prop_http_server, 1200)
{
    struct http_server_config config = http_server_defaults;
    struct cur script = cur_of(in);
    memset(constant, 'e', sizeof constant);
    config.num_buffers = 1;
    config.max_body_bytes = cur_u8(&script) & 1 ? 500 : 20;
    fake_now = 1000 * (nanos)NS_PER_S;
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    CHECK(http_server_init(&server, &config, &handler) == OK);
    client_init(&clients[0], &server);
    client_init(&clients[1], &server);
    while (cur_more(&script))
        step(&script);
    for (size_t i = 0; i < 2; i++) {
        clients[i].flow.is_reset = true;
        if (!clients[i].rest.close)
            wake(&clients[i], SERVICE_BYTES);
    }
    CHECK(server.num_free == server.free.n);
}
