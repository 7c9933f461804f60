// SPDX-License-Identifier: ISC
/* choice.c - what an application chooses for its TCP connections (interface/choices.h), and what is known of one. */
#include "lib/stack/host.h"

err tcp_set(struct stack *s, struct flow *flow, const struct tcp_choices *choices)
{
    return s->ops->tcp_set(s, flow, 0, choices);
}
err tcp_set_port(struct stack *s, uint16_t port, const struct tcp_choices *choices)
{
    return s->ops->tcp_set(s, NULL, port, choices);
}
err tcp_connect_with(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline, struct flow **flow)
{
    return s->ops->tcp_connect(s, to, choices, deadline, flow);
}

static err set_port(struct stack_host *h, uint16_t port, const struct tcp_choices *choices)
{
    if (!host_listening(h, port))
        return E_INVALID;
    tcp_choose_for_port(h->tcp, port, choices);
    return OK;
}
/* NULL: it is no connection of this stack, or none any more. */
static struct conn *conn_of(const struct stack_host *h, struct flow *flow)
{
    struct conn *c = flow->ops == &conn_flow_ops ? LINKED(flow, struct conn, flow) : NULL;
    return c && c->host == h && c->tcp && !c->is_closing ? c : NULL;
}
err host_tcp_set(struct stack *s, struct flow *flow, uint16_t port, const struct tcp_choices *choices)
{
    struct stack_host *h = host_of(s)->whole;
    if (!flow)
        return set_port(h, port, choices);
    struct conn *c = conn_of(h, flow);
    if (!c)
        return E_INVALID;
    tcp_choose(h->tcp, c->tcp, choices, host_now(h));
    host_output_due(h);
    return OK;
}

err stack_tcp_info(struct stack *s, struct flow *flow, struct tcp_info *info, struct tcp_times *times)
{
    struct stack_host *h = host_of(s)->whole;
    struct conn *c = conn_of(h, flow);
    if (!c)
        return E_INVALID;
    *info = tcp_info(h->tcp, c->tcp);
    *times = tcp_times(c->tcp, host_now(h));
    return OK;
}
