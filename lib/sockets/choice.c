// SPDX-License-Identifier: ISC
/* choice.c - choices of connections, as options of the host's sockets. The host's own handshake offers what it offers. */
#include "lib/sockets/inside.h"
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

enum { KEEPALIVE_INTERVAL_S = 75, KEEPALIVE_PROBES = 9 };

static bool option(int fd, int level, int name, uint32_t value)
{
    return setsockopt(fd, level, name, &value, sizeof value) == 0;
}
err host_choose(int fd, const struct tcp_choices *c)
{
    if (c->no_timestamps || c->no_sack || c->no_window_scaling)
        return E_UNSUPPORTED;
    bool is_done = option(fd, IPPROTO_TCP, TCP_NODELAY, !c->nagle) && option(fd, IPPROTO_TCP, TCP_CORK, c->cork) &&
                   option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, c->user_timeout_ms) &&
                   option(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, c->unsent_mark_bytes) &&
                   option(fd, SOL_SOCKET, SO_KEEPALIVE, c->keepalive_idle_s > 0);
    if (is_done && c->keepalive_idle_s > 0)
        is_done = option(fd, IPPROTO_TCP, TCP_KEEPIDLE, c->keepalive_idle_s) &&
                  option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S) && option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
    if (is_done && c->mss_bytes > 0)
        is_done = option(fd, IPPROTO_TCP, TCP_MAXSEG, c->mss_bytes);
    if (is_done && c->send_budget_bytes > 0)
        is_done = option(fd, SOL_SOCKET, SO_SNDBUF, c->send_budget_bytes);
    return is_done ? OK : host_error();
}

/* Sockets that are accepted have the options of the one that listens. */
err sockets_tcp_set(struct stack *stack, struct flow *flow, uint16_t port, const struct tcp_choices *choices)
{
    struct sockets *s = LINKED(stack, struct sockets, stack);
    for (size_t i = 0; !flow && i < SOCKETS_LISTENERS; i++)
        if (s->listener[i].is_open && s->listener[i].port == port)
            return host_choose(s->listener[i].watched.fd, choices);
    if (!flow || flow->ops != &sockets_flow_ops)
        return E_INVALID;
    struct conn *c = LINKED(flow, struct conn, flow);
    return c->watched.fd >= 0 && !c->is_closing ? host_choose(c->watched.fd, choices) : E_INVALID;
}
