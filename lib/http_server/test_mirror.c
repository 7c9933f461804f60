// SPDX-License-Identifier: ISC
/* A handler that answers while the body comes. */
#include "check/http_client.h"

static err mirror(struct http_handler *h, struct http_exchange *x)
{
    uint8_t piece[64];
    size_t got;
    struct http_head head = { .status = 200 };
    struct flow *body;
    err e;
    (void)h;
    TRY(http_reply_stream(x, &head, HTTP_LENGTH_UNKNOWN, &body));
    while ((e = flow_read(x->body, MSPAN(piece), &got, NEVER)) == OK)
        TRY(flow_write(body, span_first(SPAN(piece), got), NEVER));
    return e == E_EOF ? OK : e;
}

static struct http_server server;
static struct client client;

static void start(void)
{
    static struct http_handler handler = { mirror };
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    EQ(http_server_init(&server, &http_server_defaults, &handler), OK);
    client_init(&client, &server);
}

TEST(a_body_comes_back_as_it_is_read)
{
    start();
    client_send(&client, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc");
    TRUE(contains(client_got(&client), "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"));
}
TEST(no_hundred_lies_inside_an_answer_that_has_begun)
{
    start();
    client_send(&client, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    struct span got = client_got(&client);
    TRUE(contains(got, "HTTP/1.1 200 OK") && !contains(got, "100 Continue"));
}

TEST_MAIN
