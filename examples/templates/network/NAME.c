// SPDX-License-Identifier: ISC
/* @NAME@.c - a TCP service: gives the first bytes of a connection back, and closes it. */
#include "@NAME@.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(@IDENTIFIER@);

static struct service_rest ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                 enum service_wake why)
{
    struct span bytes;
    (void)s;
    (void)state;
    if (why == SERVICE_BYTES && flow_peek(flow, &bytes, 0) == OK) {
        log_info(@IDENTIFIER@, "%zu bytes from %I", bytes.n, &peer->ip);
        if (flow_write(flow, bytes, in_s(5)) == OK)
            flow_consume(flow, bytes.n);
    }
    return (struct service_rest){ .close = true };
}

err @IDENTIFIER@_main(struct stack *net)
{
    static struct service service = { .ready = ready, .first_bytes_within = 10ull * NS_PER_S };

    TRY(tcp_listen(net, arg_port(), &service));
    log_info(@IDENTIFIER@, "listening on %I:%u", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
