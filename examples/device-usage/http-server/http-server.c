// SPDX-License-Identifier: ISC
/* http-server.c - the smallest HTTP server: one handler, which says who asked for what. */
#include "http-server.h"
#include "lib/http_server/server.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(http_server);

static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct flow *body;
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    (void)h;
    TRY(http_reply_stream(x, &head, HTTP_LENGTH_UNKNOWN, &body));
    if (x->request->method == HTTP_HEAD)
        return OK;
    TRY(flow_write(body, http_method_name(x->request->method), NEVER));
    TRY(flow_write_static(body, TEXT(" "), NEVER));
    TRY(flow_write(body, x->request->target, NEVER));
    return flow_write_static(body, TEXT("\n"), NEVER);
}

err http_server_main(struct stack *net)
{
    static struct http_handler handler = { .answer = answer };
    static struct http_server server;

    TRY(http_server_init(&server, &http_server_defaults, &handler));
    TRY(tcp_listen(net, arg_port(), &server.service));
    log_info(http_server, "http://%I:%u/", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
