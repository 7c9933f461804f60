// SPDX-License-Identifier: ISC
/* fast_connect.c - fast open of connections that we open. */
#include "lib/stack/host.h"

/* What of it was not taken yet; where that fails there is no flow. */
static err write_rest(struct flow **flow, struct span rest, nanos deadline)
{
    err e = rest.n > 0 ? flow_write(*flow, rest, deadline) : OK;
    if (e != OK) {
        flow_close(*flow);
        *flow = NULL;
    }
    return e;
}

err stack_connect_fast(struct stack *s, const struct endpoint *to, struct span first, enum stack_cookies cookies, nanos deadline,
                       struct flow **flow)
{
    struct ip local;
    *flow = NULL;
    if (!host_is_ours_to_open(s)) {
        TRY(tcp_connect(s, to, deadline, flow));
        return write_rest(flow, first, deadline);
    }
    struct stack_host *h = host_of(s)->whole;
    TRY(host_use_fast_open(h));
    TRY(host_may_connect(s, to, &local));
    struct tcp_conn *t = tcp_open_fast(h->tcp, &local, to, NULL, cookies == STACK_NO_COOKIES, host_now(h));
    if (!t)
        return E_NOMEM;
    struct conn *c = conn_open(h, t, NULL);
    size_t n = tcp_write(h->tcp, t, first, host_now(h));
    TRY(host_await_connected(c, deadline, flow));
    return write_rest(flow, span_skip(first, n), deadline);
}
