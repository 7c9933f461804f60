// SPDX-License-Identifier: ISC
/* echo_service.h - a service that says once what it hears and closes, one that goes on until its peer has finished, and whether a
 * flow to either has that answer. */
#ifndef CHECK_ECHO_SERVICE_H
#define CHECK_ECHO_SERVICE_H
#include "interface/stack.h"
#include "runtime/clock.h"

static struct service_rest echo_ready(struct service *service, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    (void)service, (void)peer, (void)state, (void)why;
    while (flow_peek(flow, &got, 0) == OK) {
        if (flow_write(flow, got, in_s(10)) != OK)
            return (struct service_rest){ .close = true };
        flow_consume(flow, got.n);
    }
    return (struct service_rest){ .close = true };
}
UNUSED static struct service echo = { .ready = echo_ready, .state_bytes = 8, .first_bytes_within = 5 * (nanos)NS_PER_S };

static struct service_rest patient_ready(struct service *service, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                         enum service_wake why)
{
    struct service_rest r = echo_ready(service, flow, peer, state, why);
    struct span more;
    r.close = flow_peek(flow, &more, 0) != E_TIMEDOUT;
    r.until = NEVER;
    return r;
}
UNUSED static struct service patient = { .ready = patient_ready, .state_bytes = 8, .first_bytes_within = 5 * (nanos)NS_PER_S };

/* Closes the flow, which leads there. */
UNUSED static bool is_echoed_by(struct flow *f)
{
    struct span got;
    bool is_right = flow_write(f, TEXT("some words"), in_s(10)) == OK && flow_peek(f, &got, in_s(10)) == OK &&
                    span_eq(got, TEXT("some words"));
    flow_close(f);
    return is_right;
}

#endif
