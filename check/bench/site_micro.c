// SPDX-License-Identifier: ISC
/* site_micro.c - a website and its client, each with its stack, over a cable in memory: REQUESTS requests for a page of 1 KB on
 * one connection. What it costs in instructions is the same on every run; check/bench/hardening counts them. */
#include "lib/http_server/server.h"
#include "lib/stack/test_link.h"

static uint8_t page[1024];
static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200 };
    (void)h;
    return http_reply_static(x, &head, SPAN(page));
}

LINK_TEST(requests, true)
{
    static struct http_server server;
    static struct http_handler handler = { answer };
    struct endpoint to = at_right(80);
    struct flow *f;
    struct span got;
    const char *said = getenv("REQUESTS");
    unsigned long num = said ? strtoul(said, NULL, 10) : 1;
    EQ(http_server_init(&server, &http_server_defaults, &handler), OK);
    EQ(tcp_listen(right, 80, &server.service), OK);
    EQ(tcp_connect(left, &to, in_s(1), &f), OK);
    for (; num > 0; num--) {
        EQ(flow_write(f, TEXT("GET /1k.html HTTP/1.1\r\nHost: 10.0.0.2\r\n\r\n"), in_s(1)), OK);
        for (size_t num_bytes = 0; num_bytes < sizeof page; num_bytes += got.n, flow_consume(f, got.n))
            EQ(flow_peek(f, &got, in_s(1)), OK);
    }
    flow_close(f);
    heap_free(server.buffers.p);
    heap_free(server.free.p);
}
TEST_MAIN
