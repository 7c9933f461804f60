// SPDX-License-Identifier: ISC
/* connect.c - connections that we open. */
#include "lib/stack/optional_v6.h"

err tcp_connect(struct stack *s, const struct endpoint *to, nanos deadline, struct flow **flow)
{
    return s->ops->tcp_connect(s, to, NULL, deadline, flow);
}

err host_may_connect(struct stack *s, const struct endpoint *to, struct ip *local)
{
    struct stack_host *via = host_via(host_of(s), &to->ip);
    if (host_is_group(via, &to->ip) || to->port == 0 || !host_local_for(via, &to->ip, local))
        return E_UNREACHABLE;
    return via->whole->is_over ? E_NOMEM : OK;
}

static err wait_connected(struct conn *c, nanos deadline)
{
    while (!c->is_connected) {
        TRY(c->tcp ? OK : E_CLOSED);
        TRY(conn_end_error(c));
        TRY(waitq_wait(&c->waiters, deadline));
    }
    return OK;
}

err host_await_connected(struct conn *c, nanos deadline, struct flow **flow)
{
    struct stack_host *h = c->host;
    host_output_due(h);
    err e = wait_connected(c, deadline);
    if (e == OK) {
        *flow = &c->flow;
        return OK;
    }
    if (c->tcp)
        tcp_abort(h->tcp, c->tcp, host_now(h));
    conn_close(c);
    return e;
}

err host_tcp_connect(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline, struct flow **flow)
{
    struct stack_host *h = host_of(s)->whole;
    struct ip local;
    *flow = NULL;
    TRY(host_may_connect(s, to, &local));
    struct tcp_conn *t = tcp_open(h->tcp, &local, to, NULL, host_now(h));
    if (!t)
        return E_NOMEM;
    struct conn *c = conn_open(h, t, NULL);
    if (choices)
        REQUIRE(s->ops->tcp_set(s, &c->flow, 0, choices) == OK);
    return host_await_connected(c, deadline, flow);
}
