// SPDX-License-Identifier: ISC
/* service.c - services: a connection at rest is a descriptor that is watched; with news it waits for a worker. */
#include "lib/sockets/inside.h"
#include "runtime/clock.h"
#include "runtime/heap.h"
#include <sys/socket.h>

enum { BACKLOG = 128, ASK_AGAIN_MS = 2 };       /* the host does not say when all is acknowledged, so that it is asked */

/* ---- Listening */

static struct listener *listener_of(struct sockets *s, uint16_t port)
{
    for (size_t i = 0; i < SOCKETS_LISTENERS; i++)
        if (s->listener[i].is_open && s->listener[i].port == port)
            return &s->listener[i];
    return NULL;
}

static struct listener *free_listener(struct sockets *s)
{
    for (size_t i = 0; i < SOCKETS_LISTENERS; i++)
        if (!s->listener[i].is_open && s->listener[i].num_conns == 0)
            return &s->listener[i];
    return NULL;
}

static err listen_on(int fd, uint16_t port)
{
    int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    TRY(host_bind(fd, port));
    return listen(fd, BACKLOG) == 0 ? OK : host_error();
}

err sockets_tcp_listen(struct stack *stack, uint16_t port, struct service *service)
{
    struct sockets *s = LINKED(stack, struct sockets, stack);
    if (port == 0)
        return E_INVALID;
    if (listener_of(s, port))
        return E_IN_USE;
    struct listener *l = free_listener(s);
    if (!l)
        return E_NOMEM;
    int fd = host_socket(SOCK_STREAM);
    if (fd < 0)
        return host_error();
    *l = (struct listener){ .watched = { WATCHED_LISTENER, fd }, .sockets = s, .service = service, .port = port, .is_open = true };
    err e = listen_on(fd, port);
    e = e == OK ? sockets_watch(s, &l->watched) : e;
    if (e != OK)
        sockets_tcp_unlisten(stack, port);
    return e;
}

void sockets_tcp_unlisten(struct stack *stack, uint16_t port)
{
    struct listener *l = listener_of(LINKED(stack, struct sockets, stack), port);
    if (!l)
        return;
    sockets_unwatch(&l->watched);
    l->is_open = false;
}

void sockets_accept(struct listener *l)
{
    struct sockets *s = l->sockets;
    for (int fd; l->is_open && (fd = accept4(l->watched.fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        struct conn *c = sockets_conn_open(s, fd, l);
        if (!c)
            continue;
        c->peer = host_peer(fd);
        l->num_conns++;
        c->rest.until = nanos_add(clock_now(), l->service->first_bytes_within);
        wheel_set(&s->wheel, &c->timer, c->rest.until);
    }
}

void sockets_forget(struct conn *c)
{
    wheel_clear(&c->sockets->wheel, &c->timer);
    list_remove(&c->in_ready);
    if (c->listener)
        c->listener->num_conns--;
    c->listener = NULL;
    heap_free(c->buffer.p);
    heap_free(c->state.p);
    c->buffer = c->state = (struct mspan){ 0 };
    c->from = c->to = 0;
}

/* ---- Rest and work */

static void make_ready(struct conn *c, enum service_wake wake)
{
    if (link_is_in_list(&c->in_ready))
        return;
    wheel_clear(&c->sockets->wheel, &c->timer);
    c->wake = wake;
    list_push_back(&c->sockets->ready, &c->in_ready);
    (void)waitq_wake_one(&c->sockets->idle_workers);
}

static bool has_something(struct conn *c)
{
    sockets_conn_fill(c);
    return c->from < c->to || c->has_ended || c->error != OK;
}

void sockets_news(struct conn *c)
{
    c->has_news = true;
    waitq_wake_all(&c->waiters);
    if (!c->listener || c->is_running)
        return;
    if (c->error != OK || (!c->rest.when_sent && has_something(c)))
        make_ready(c, SERVICE_BYTES);
}

static void rest(struct conn *c, const struct service_rest *r)
{
    struct sockets *s = c->sockets;
    c->rest = *r;
    if (c->error != OK)
        make_ready(c, SERVICE_BYTES);
    else if (r->when_sent && sockets_conn_is_sent(c))
        make_ready(c, SERVICE_SENT);
    else if (r->when_sent)
        wheel_set(&s->wheel, &c->timer, nanos_min(r->until, nanos_add(clock_now(), from_ms(ASK_AGAIN_MS))));
    else if ((c->has_news || c->has_consumed) && has_something(c))
        make_ready(c, SERVICE_BYTES);
    else
        wheel_set(&s->wheel, &c->timer, r->until);
    (void)waitq_wake_one(&s->watcher);          /* it knows when to look next */
}

static void timed_out(struct conn *c)
{
    if (c->rest.when_sent && clock_now() < c->rest.until)
        rest(c, &(struct service_rest){ .when_sent = true, .until = c->rest.until });
    else
        make_ready(c, SERVICE_TIMEOUT);
}

void sockets_timers(struct sockets *s)
{
    wheel_advance(&s->wheel, clock_now());
    for (struct wheel_timer *t; (t = wheel_next_due(&s->wheel));)
        timed_out(LINKED(t, struct conn, timer));
}

static void serve(struct conn *c)
{
    struct service *service = c->listener->service;
    bool knew_end = c->error != OK;
    c->has_news = c->has_consumed = false;
    c->is_running = true;
    struct service_rest r = service->ready(service, &c->flow, &c->peer, c->state, c->wake);
    c->is_running = false;
    if (c->watched.fd < 0)
        sockets_forget(c);
    else if (r.close || c->is_closing || knew_end)
        sockets_conn_close(c);
    else
        rest(c, &r);
}

err sockets_worker_fiber(void *sockets)
{
    struct sockets *s = sockets;
    for (;;) {
        for (struct link *l; (l = list_pop_front(&s->ready));) {
            if (!list_is_empty(&s->ready))
                (void)waitq_wake_one(&s->idle_workers);
            serve(LINKED(l, struct conn, in_ready));
        }
        TRY(waitq_wait(&s->idle_workers, NEVER));
    }
}
