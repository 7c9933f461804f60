// SPDX-License-Identifier: ISC
/* conn.c - a TCP socket of the host as a flow. */
#include "lib/sockets/inside.h"
#include "base/checked.h"
#include "runtime/heap.h"
#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

static struct conn *conn_of(struct flow *f)
{
    return LINKED(f, struct conn, flow);
}

static err usable(const struct conn *c)
{
    return c->watched.fd >= 0 && !c->is_closing ? c->error : E_CLOSED;
}

/* ---- Received */

void sockets_conn_fill(struct conn *c)
{
    if (c->watched.fd < 0 || c->from < c->to || c->has_ended || c->error != OK)
        return;
    ssize_t n = recv(c->watched.fd, c->buffer.p, c->buffer.n, 0);
    c->from = 0;
    c->to = n > 0 ? (size_t)n : 0;
    if (n == 0)
        c->has_ended = true;
    else if (n < 0 && errno != EAGAIN && errno != EINTR)
        c->error = host_error();
}

static err conn_peek(struct flow *f, struct span *got, nanos deadline)
{
    struct conn *c = conn_of(f);
    *got = (struct span){ 0 };
    for (;;) {
        sockets_conn_fill(c);
        if (c->from < c->to && usable(c) == OK) {
            *got = span_of(mspan_sub(c->buffer, c->from, c->to - c->from));
            return OK;
        }
        TRY(usable(c));
        if (c->has_ended)
            return E_EOF;
        if (deadline == 0)
            return E_TIMEDOUT;
        TRY(waitq_wait(&c->waiters, deadline));
    }
}

static void conn_consume(struct flow *f, size_t n)
{
    struct conn *c = conn_of(f);
    c->from += size_min(n, c->to - c->from);
    c->has_consumed |= n > 0;
}

/* ---- Sent */

static err conn_write(struct flow *f, struct span bytes, nanos deadline)
{
    struct conn *c = conn_of(f);
    for (;;) {
        TRY(usable(c));
        if (c->is_shut)
            return E_CLOSED;
        if (bytes.n == 0)
            return OK;
        ssize_t n = send(c->watched.fd, bytes.p, bytes.n, MSG_NOSIGNAL);
        if (n >= 0)
            bytes = span_skip(bytes, (size_t)n);
        else if (errno == EAGAIN)
            TRY(waitq_wait(&c->waiters, deadline));
        else
            c->error = host_error();
    }
}

bool sockets_conn_is_sent(const struct conn *c)
{
    int left = 0;
    return ioctl(c->watched.fd, SIOCOUTQ, &left) != 0 || left == 0;
}

static err conn_shutdown(struct flow *f)
{
    struct conn *c = conn_of(f);
    TRY(usable(c));
    if (c->is_shut)
        return E_CLOSED;
    c->is_shut = true;
    return shutdown(c->watched.fd, SHUT_WR) == 0 ? OK : host_error();
}

static void conn_flow_close(struct flow *f)
{
    struct conn *c = conn_of(f);
    if (c->is_running)
        c->is_closing = true;
    else
        sockets_conn_close(c);
}

const struct flow_ops sockets_flow_ops = {
    .peek = conn_peek,
    .consume = conn_consume,
    .write = conn_write,
    .write_static = conn_write,
    .shutdown = conn_shutdown,
    .close = conn_flow_close,
};

/* ---- Open and close */

static struct conn *free_place(struct sockets *s)
{
    for (size_t i = 0; i < SOCKETS_CONNS; i++)
        if (s->conn[i].watched.fd < 0 && !s->conn[i].is_running)
            return &s->conn[i];
    return NULL;
}

struct conn *sockets_conn_open(struct sockets *s, int fd, struct listener *l)
{
    int on = 1;
    struct conn *c = free_place(s);
    struct watched w = { WATCHED_CONN, fd };
    if (!c) {
        sockets_unwatch(&w);
        return NULL;
    }
    *c = (struct conn){ .watched = w, .flow = { &sockets_flow_ops }, .sockets = s, .listener = l, .rest = { .until = NEVER } };
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    err e = HEAP_SLICE(SOCKETS_BUFFER_BYTES, &c->buffer);
    if (e == OK && l && l->service->state_bytes > 0)
        e = HEAP_SLICE(l->service->state_bytes, &c->state);
    if (e == OK)
        e = sockets_watch(s, &c->watched);
    if (e == OK)
        return c;
    c->listener = NULL;
    sockets_conn_close(c);
    return NULL;
}

/* Whatever a worker still uses goes when it comes back (sockets_forget). */
void sockets_conn_close(struct conn *c)
{
    if (c->watched.fd < 0)
        return;
    sockets_unwatch(&c->watched);
    waitq_wake_all(&c->waiters);
    if (!c->is_running)
        sockets_forget(c);
}

/* A socket that is connecting says that it can be written when it has ended well or badly. */
static err wait_connected(struct conn *c, nanos deadline)
{
    for (;;) {
        int why = 0;
        struct endpoint peer = host_peer(c->watched.fd);
        socklen_t n = sizeof why;
        if (getsockopt(c->watched.fd, SOL_SOCKET, SO_ERROR, &why, &n) != 0)
            return host_error();
        if (why != 0) {
            errno = why;
            return host_error();
        }
        if (peer.port != 0)
            return OK;
        TRY(waitq_wait(&c->waiters, deadline));
    }
}

err sockets_tcp_connect(struct stack *stack, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline,
                        struct flow **flow)
{
    struct sockets *s = LINKED(stack, struct sockets, stack);
    *flow = NULL;
    int fd = host_socket(SOCK_STREAM);
    if (fd < 0)
        return host_error();
    struct conn *c = sockets_conn_open(s, fd, NULL);
    if (!c)
        return E_NOMEM;
    err e = choices ? host_choose(fd, choices) : OK;
    if (e == OK)
        e = to->port == 0 ? E_UNREACHABLE : host_connect(fd, to);
    if (e == OK)
        e = wait_connected(c, deadline);
    if (e != OK) {
        sockets_conn_close(c);
        return e;
    }
    *flow = &c->flow;
    return OK;
}
