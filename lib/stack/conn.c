// SPDX-License-Identifier: ISC
/* conn.c - a TCP connection as a flow: fibers wait where the engine only says "not now". */
#include "lib/stack/optional.h"
#include "lib/stack/optional_v6.h"

#define LOOK_AGAIN (10 * (nanos)NS_PER_MS)

static struct conn *conn_of_flow(struct flow *f)
{
    return LINKED(f, struct conn, flow);
}

bool conn_has_ended(const struct conn *c)
{
    return tcp_why(c->tcp) != TCP_ALIVE;
}

err conn_end_error(const struct conn *c)
{
    switch (tcp_why(c->tcp)) {
    case TCP_ALIVE:
        break;
    case TCP_END_ORDERLY:
        return E_CLOSED;
    case TCP_END_RESET:
    case TCP_END_TIMEOUT:
        return E_RESET;
    case TCP_END_REFUSED:
        return E_REFUSED;
    case TCP_END_UNREACHABLE:
        return E_UNREACHABLE;
    }
    return OK;
}

/* Before each step of a flow: the connection can still be used. */
static err usable(const struct conn *c)
{
    return c->tcp && !c->is_closing ? OK : E_CLOSED;
}

static err conn_peek(struct flow *f, struct span *got, nanos deadline)
{
    struct conn *c = conn_of_flow(f);
    *got = (struct span){ 0 };
    for (;;) {
        TRY(usable(c));
        *got = tcp_peek(c->tcp);
        if (got->n > 0)
            return OK;
        if (tcp_at_end(c->tcp))
            return E_EOF;
        TRY(conn_end_error(c));
        if (deadline == 0)
            return E_TIMEDOUT;
        TRY(waitq_wait(&c->waiters, deadline));
    }
}

static void conn_consume(struct flow *f, size_t n)
{
    struct conn *c = conn_of_flow(f);
    if (usable(c) != OK || n == 0)
        return;
    c->has_consumed = true;
    tcp_consume(c->host->tcp, c->tcp, n, host_now(c->host));
    host_output_due(c->host);           /* a window may have opened */
}

/* May bytes be written, and if not, why? */
static err writable(const struct conn *c)
{
    TRY(usable(c));
    TRY(conn_end_error(c));
    return c->is_shut ? E_CLOSED : OK;
}

/* Until the engine has news of room. A connection with nothing under way has none to come: there the packets were lacking. */
static err wait_for_room(struct conn *c, nanos deadline)
{
    if (!tcp_is_sent(c->tcp))
        return waitq_wait(&c->waiters, deadline);
    nanos again = nanos_add(clock_now(), LOOK_AGAIN);
    err e = waitq_wait(&c->waiters, nanos_min(deadline, again));
    return e == E_TIMEDOUT && again < deadline ? OK : e;
}

static err conn_write(struct flow *f, struct span bytes, nanos deadline)
{
    struct conn *c = conn_of_flow(f);
    size_t num_asked = bytes.n > 0 ? 0 : FLOW_ROOM_BYTES;
    for (;;) {
        TRY(writable(c));
        bytes = span_skip(bytes, tcp_write(c->host->tcp, c->tcp, bytes, host_now(c->host)));
        host_output_due(c->host);
        if (bytes.n == 0 && (num_asked == 0 || tcp_has_room(c->host->tcp, c->tcp, num_asked)))
            return OK;
        TRY(wait_for_room(c, deadline));
    }
}

static err conn_write_static(struct flow *f, struct span bytes, nanos deadline)
{
    struct conn *c = conn_of_flow(f);
    if (bytes.n == 0)
        return writable(c);
    for (;;) {
        TRY(writable(c));
        bool is_taken = tcp_write_static(c->host->tcp, c->tcp, bytes, host_now(c->host));
        host_output_due(c->host);
        if (is_taken)
            return OK;
        TRY(wait_for_room(c, deadline));
    }
}

static err conn_shutdown(struct flow *f)
{
    struct conn *c = conn_of_flow(f);
    TRY(writable(c));
    c->is_shut = true;
    tcp_shutdown(c->host->tcp, c->tcp, host_now(c->host));
    host_output_due(c->host);
    return OK;
}

/* A service still has the connection until its call returns. */
static void conn_flow_close(struct flow *f)
{
    struct conn *c = conn_of_flow(f);
    if (c->is_running)
        c->is_closing = true;
    else
        conn_close(c);
}

const struct flow_ops conn_flow_ops = {
    .peek = conn_peek,
    .consume = conn_consume,
    .write = conn_write,
    .write_static = conn_write_static,
    .shutdown = conn_shutdown,
    .close = conn_flow_close,
};

/* ---- Open and close */

struct conn *conn_open(struct stack_host *h, struct tcp_conn *t, struct listening *l)
{
    struct conn *c = &AT(h->conns, tcp_index(h->tcp, t));
    REQUIRE(!c->tcp);
    *c = (struct conn){ .flow = { &conn_flow_ops }, .host = h, .tcp = t, .listening = l, .rest = { .until = NEVER } };
    tcp_set_user(t, c);
    h->num_conns++;
    return c;
}

void conn_close(struct conn *c)
{
    if (!c->tcp)
        return;
    struct tcp_conn *t = c->tcp;
    if (!c->is_running)             /* its worker still uses the state, and will see that the connection is gone */
        service_forget(c);
    c->tcp = NULL;
    c->host->num_conns--;
    waitq_wake_all(&c->waiters);
    tcp_set_user(t, NULL);
    tcp_release(c->host->tcp, t, host_now(c->host));
    host_output_due(c->host);
}

/* ---- News of the engine */

/* The neighbour has just shown that it hears us (RFC 1122 section 2.3.2.1). */
static void confirm_neighbour(struct stack_host *h, const struct tcp_conn *t)
{
    struct endpoint remote = tcp_remote(t);
    if (host_of_conn)
        h = host_of_conn(h, t);
    host_confirm(h, &remote.ip);
}

static void conn_news(struct conn *c, unsigned news)
{
    if (news & TCP_CONNECTED)
        c->is_connected = true;
    if (news & (TCP_READABLE | TCP_ENDED))
        c->has_news = true;
    waitq_wake_all(&c->waiters);
    if (c->listening && !c->is_running)
        service_news(c, news);
}

void host_tcp_news(struct stack_host *h)
{
    unsigned news;
    for (struct tcp_conn *t; (t = tcp_poll(h->tcp, &news));) {
        if (news & (TCP_READABLE | TCP_SENT | TCP_CONNECTED))
            confirm_neighbour(h, t);
        if (news & TCP_ACCEPTED)
            service_accept(tcp_user(t), t);
        struct conn *c = &AT(h->conns, tcp_index(h->tcp, t));
        if (c->tcp == t)
            conn_news(c, news & ~(unsigned)TCP_ACCEPTED);
    }
}
