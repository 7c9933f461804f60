// SPDX-License-Identifier: ISC
/* two-networks.c - two stacks in one unikernel: everybody is greeted outside, and how many they were is said on the management
 * network alone. */
#include "two-networks.h"
#include "lib/http_server/server.h"
#include "runtime/fiber.h"
#include "runtime/log.h"
#include "base/writer.h"

LOG_SOURCE(two_networks);

static uint64_t num_greeted;

static err greet(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    (void)h;
    num_greeted++;
    return http_reply_static(x, &head, TEXT("hello\n"));
}

static err report(struct http_handler *h, struct http_exchange *x)
{
    uint8_t line[32];
    struct wr w = wr_of(MSPAN(line));
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    (void)h;
    wr_dec(&w, num_greeted);
    wr_bytes(&w, TEXT(" greeted\n"));
    return http_reply(x, &head, wr_done(&w));
}

err two_networks_main(struct stack *outside, struct stack *management)
{
    static struct http_handler greeter = { .answer = greet }, reporter = { .answer = report };
    static struct http_server public, inside;

    TRY(http_server_init(&public, &http_server_defaults, &greeter));
    TRY(http_server_init(&inside, &http_server_defaults, &reporter));
    TRY(tcp_listen(outside, arg_port(), &public.service));
    TRY(tcp_listen(management, arg_port(), &inside.service));
    log_info(two_networks, "http://%I:%u/, managed at http://%I:%u/", &outside->address.ip, arg_port(), &management->address.ip,
             arg_port());
    return stop_wait(NEVER);
}
