// SPDX-License-Identifier: ISC
/* sockets.c - one fiber waits for all descriptors, which are in one epoll of the host, and for the timers. */
#include "lib/sockets/inside.h"
#include "runtime/clock.h"
#include "runtime/descriptor.h"
#include "runtime/heap.h"
#include "runtime/log.h"
#include <sys/epoll.h>
#include <unistd.h>

LOG_SOURCE(sockets);

enum { EVENTS = 64 };

static const struct stack_ops ops = {
    .tcp_listen = sockets_tcp_listen,
    .tcp_unlisten = sockets_tcp_unlisten,
    .tcp_connect = sockets_tcp_connect,
    .tcp_set = sockets_tcp_set,
    .udp_open = sockets_udp_open,
    .udp_connect = sockets_udp_connect,
    .udp_set = sockets_udp_set,
    .udp_join = sockets_udp_join,
    .udp_leave = sockets_udp_leave,
    .udp_send = sockets_udp_send,
    .udp_receive = sockets_udp_receive,
    .udp_close = sockets_udp_close,
};

static void news_of(struct watched *w)
{
    switch (w->kind) {
    case WATCHED_LISTENER:
        sockets_accept(LINKED(w, struct listener, watched));
        return;
    case WATCHED_CONN:
        sockets_news(LINKED(w, struct conn, watched));
        return;
    case WATCHED_UDP:
        waitq_wake_all(&LINKED(w, struct udp_port, watched)->readers);
        return;
    }
}

static void look(struct sockets *s)
{
    struct epoll_event event[EVENTS];
    for (int n = EVENTS; n == EVENTS;) {
        n = epoll_wait(s->epoll, event, EVENTS, 0);
        for (int i = 0; i < n; i++)
            news_of(event[i].data.ptr);
    }
}

/* Timers are set by workers, too, who then wake the fiber: it waits for the descriptors by another one. */
static err device_fiber(void *sockets)
{
    struct sockets *s = sockets;
    for (;;) {
        TRY(descriptor_wait(NEVER));
        look(s);
    }
}

static err timer_fiber(void *sockets)
{
    struct sockets *s = sockets;
    for (;;) {
        sockets_timers(s);
        err e = waitq_wait(&s->watcher, wheel_deadline(&s->wheel));
        if (e != OK && e != E_TIMEDOUT)
            return e;
    }
}

static err start(struct sockets *s)
{
    s->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (s->epoll < 0)
        return host_error();
    TRY(descriptor_watch(s->epoll));
    scope_open(&s->scope);
    TRY(fiber_go(&s->scope, device_fiber, s, "sockets"));
    TRY(fiber_go(&s->scope, timer_fiber, s, "timers"));
    for (unsigned i = 0; i < STACK_WORKERS; i++)
        TRY(fiber_go(&s->scope, sockets_worker_fiber, s, "worker"));
    return OK;
}

err sockets_open(struct stack **out)
{
    void *memory;
    *out = NULL;
    TRY(heap_alloc(sizeof(struct sockets), &memory));
    struct sockets *s = memory;
    s->stack = (struct stack){ .ops = &ops, .address = { ip_from_v4(0x7f000001), 8 } };
    for (size_t i = 0; i < SOCKETS_LISTENERS; i++)
        s->listener[i].watched.fd = -1;
    for (size_t i = 0; i < SOCKETS_CONNS; i++)
        s->conn[i].watched.fd = -1;
    for (size_t i = 0; i < SOCKETS_UDP_PORTS; i++)
        s->port[i] = (struct udp_port){ .udp = { &s->stack }, .watched = { WATCHED_UDP, -1 } };
    wheel_init(&s->wheel, clock_now());
    err e = start(s);
    if (e != OK) {
        sockets_close(&s->stack);
        return e;
    }
    log_info(sockets, "the host's sockets stand in for a network");
    *out = &s->stack;
    return OK;
}

void sockets_close(struct stack *stack)
{
    struct sockets *s = LINKED(stack, struct sockets, stack);
    scope_cancel(&s->scope);
    for (size_t i = 0; i < SOCKETS_CONNS; i++)
        sockets_conn_close(&s->conn[i]);
    for (size_t i = 0; i < SOCKETS_LISTENERS; i++)
        sockets_unwatch(&s->listener[i].watched);
    for (size_t i = 0; i < SOCKETS_UDP_PORTS; i++)
        sockets_udp_close(&s->port[i].udp);
    if (s->epoll >= 0)
        (void)close(s->epoll);
    descriptor_unwatch();
    heap_free(s);
}
