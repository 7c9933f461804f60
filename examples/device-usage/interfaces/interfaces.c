// SPDX-License-Identifier: ISC
/* interfaces.c - one stack on two networks: the same server answers on both, and says who asked. */
#include "interfaces.h"
#include "base/writer.h"
#include "lib/http_server/server.h"
#include "lib/stack/stack.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(interfaces);

static err name_peer(struct http_handler *h, struct http_exchange *x)
{
    uint8_t line[64];
    struct wr w = wr_of(MSPAN(line));
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    (void)h;
    wr_bytes(&w, TEXT("you are "));
    ip_write(&w, &x->peer->ip);
    wr_u8(&w, '\n');
    return http_reply(x, &head, wr_done(&w));
}

err interfaces_main(struct stack *net)
{
    static struct http_handler handler = { .answer = name_peer };
    static struct http_server server;
    struct stack *s;

    TRY(http_server_init(&server, &http_server_defaults, &handler));
    TRY(tcp_listen(net, arg_port(), &server.service));
    for (size_t i = 0; (s = stack_interface(net, i)); i++)
        log_info(interfaces, "http://%I:%u/", &s->address.ip, arg_port());
    return stop_wait(NEVER);
}
