// SPDX-License-Identifier: ISC
/* network.c - a TCP service: logs the peer and its first bytes, then closes the connection. */
#include "network.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(network);

static struct service_rest ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                 enum service_wake why)
{
    struct span bytes;
    (void)s;
    (void)state;
    if (why == SERVICE_BYTES && flow_peek(flow, &bytes, 0) == OK) {
        log_info(network, "%zu bytes from %I:%u: %b", bytes.n, &peer->ip, peer->port, &bytes);
        flow_consume(flow, bytes.n);
    }
    return (struct service_rest){ .close = true };
}

err network_main(struct stack *net)
{
    static struct service service = { .ready = ready, .first_bytes_within = 10ull * NS_PER_S };

    TRY(tcp_listen(net, arg_port(), &service));
    log_info(network, "listening on %I:%u", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
