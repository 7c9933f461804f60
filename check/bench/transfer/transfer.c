// SPDX-License-Identifier: ISC
/* transfer.c - discard (RFC 863) and a source of the octets of an image, which a client asks for with its first octet. */
#include "transfer.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

enum { DISCARD = 9, SOURCE = 19, PIECE_BYTES = 1 << 20 };

static const uint8_t piece[PIECE_BYTES] = { 1 };

static struct service_rest discard(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                   enum service_wake why)
{
    struct span got;
    err e;
    (void)s, (void)peer, (void)state, (void)why;
    while ((e = flow_peek(flow, &got, 0)) == OK)
        flow_consume(flow, got.n);
    return (struct service_rest){ .close = e != E_TIMEDOUT, .until = NEVER };
}

static struct service_rest source(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                  enum service_wake why)
{
    (void)s, (void)peer, (void)state, (void)why;
    while (flow_write_static(flow, SPAN(piece), NEVER) == OK)
        ;
    return (struct service_rest){ .close = true };
}

err transfer_main(struct stack *net)
{
    static struct service in = { .ready = discard, .first_bytes_within = NEVER };
    static struct service out = { .ready = source, .first_bytes_within = NEVER };
    TRY(tcp_listen(net, DISCARD, &in));
    TRY(tcp_listen(net, SOURCE, &out));
    return stop_wait(NEVER);
}
