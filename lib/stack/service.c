// SPDX-License-Identifier: ISC
/* service.c - connections of services: at rest they are a place in two tables and perhaps a timer. With news they wait
 * in the ready list for a worker, which calls the service. The list is bounded by the number of connections. */
#include "lib/stack/host.h"
#include "runtime/log.h"

LOG_SOURCE(stack);

enum { STATE_ALIGNMENT = 16, STATES_HEAP_SHARE = 2 };     /* states of one service: at most half of what is free */

/* ---- Listening */

static struct listening **place_of(struct stack_host *h, uint16_t port)
{
    for (size_t i = 0; i < TCP_LISTENERS_MAX; i++)
        if (port == 0 ? !h->listening[i] : h->listening[i] && h->listening[i]->is_open && h->listening[i]->port == port)
            return &h->listening[i];
    return NULL;
}

struct listening *host_listening(struct stack_host *h, uint16_t port)
{
    struct listening **place = port != 0 ? place_of(h, port) : NULL;
    return place ? *place : NULL;
}

static void listening_free(struct listening *l)
{
    for (size_t i = 0; i < TCP_LISTENERS_MAX; i++)
        if (l->host->listening[i] == l)
            l->host->listening[i] = NULL;
    heap_free(l->free_states.p);
    heap_free(l->states.p);
    heap_free(l);
}

/* As many states as there can be connections, or as the heap has room for. */
static err allocate_states(struct listening *l)
{
    size_t num = l->host->conns.n, share = heap_stats().largest_free_bytes / STATES_HEAP_SHARE;
    l->state_bytes = (l->service->state_bytes + STATE_ALIGNMENT - 1) / STATE_ALIGNMENT * STATE_ALIGNMENT;
    num = size_min(num, share / (l->state_bytes + sizeof *l->free_states.p));
    if (num == 0)
        return E_NOMEM;
    TRY(HEAP_SLICE(num, &l->free_states));
    if (l->state_bytes > 0)
        TRY(HEAP_SLICE(num * l->state_bytes, &l->states));
    for (; l->num_free < num; l->num_free++)
        AT(l->free_states, l->num_free) = (uint32_t)(num - 1 - l->num_free);
    return OK;
}

err host_tcp_listen(struct stack *s, uint16_t port, struct service *service)
{
    struct stack_host *h = host_of(s)->whole;
    void *memory;
    if (port == 0)
        return E_INVALID;
    if (place_of(h, port))
        return E_IN_USE;
    struct listening **place = place_of(h, 0);
    if (!place)
        return E_NOMEM;
    TRY(heap_alloc(sizeof(struct listening), &memory));
    struct listening *l = memory;
    *l = (struct listening){ .host = h, .service = service, .port = port, .is_open = true };
    err e = allocate_states(l);
    if (e == OK && !tcp_open_listener(h->tcp, port, l))
        e = E_IN_USE;
    if (e != OK) {
        listening_free(l);
        return e;
    }
    *place = l;
    log_info(stack, "port %u serves up to %zu connections at once", port, l->num_free);
    return OK;
}

void host_tcp_unlisten(struct stack *s, uint16_t port)
{
    struct stack_host *h = host_of(s)->whole;
    struct listening **place = place_of(h, port);
    if (!place)
        return;
    struct listening *l = *place;
    tcp_close_listener(h->tcp, port);
    l->is_open = false;
    if (l->num_conns == 0)
        listening_free(l);
}

/* ---- A connection comes and goes */

static struct mspan state_of(const struct conn *c)
{
    const struct listening *l = c->listening;
    return mspan_first(mspan_sub(l->states, c->state_index * l->state_bytes, l->state_bytes), l->service->state_bytes);
}

static void let_rest(struct conn *c, nanos until)
{
    wheel_set(&c->host->wheel, &c->timer, until);
    list_push_back(&c->host->resting, &c->in_resting);
}

static void stop_resting(struct conn *c)
{
    wheel_clear(&c->host->wheel, &c->timer);
    list_remove(&c->in_resting);
}

/* The connection that has rested longest is reset, which its service is told as of any other end. */
static void give_way(struct stack_host *h, struct link *resting)
{
    count_up(&h->counters.gave_way);
    tcp_abort(h->tcp, LINKED(resting, struct conn, in_resting)->tcp, h->now);
}

/* Where few places are left for new connections, old ones give way. */
static void keep_places(struct stack_host *h, const struct listening *l)
{
    bool are_few = h->conns.n - h->num_conns <= h->conns.n / HOST_SHARE_OF_NEW ||
                   l->num_free <= l->free_states.n / HOST_SHARE_OF_NEW;
    struct link *oldest = are_few ? list_pop_front(&h->resting) : NULL;
    if (oldest)
        give_way(h, oldest);
}

/* Where few packets are left, those give way that hold some. Each look counts as a packet, so that there are few of them. */
void service_keep_packets(struct stack_host *h)
{
    size_t wanted = h->num_rx_all + h->packets->all.n / HOST_SHARE_OF_FIRST;
    struct link *oldest;
    for (size_t n = h->packets->num_free; n < wanted && (oldest = list_pop_front(&h->resting)); n++) {
        const struct tcp_conn *t = LINKED(oldest, struct conn, in_resting)->tcp;
        if (tcp_is_sent(t) && tcp_peek(t).n == 0)
            list_push_back(&h->resting, oldest);
        else
            give_way(h, oldest);
    }
}

/* A service without a state for it, or gone since, has no use for the connection. */
void service_accept(struct listening *l, struct tcp_conn *t)
{
    struct stack_host *h = l->host;
    keep_places(h, l);
    if (!l->is_open || l->num_free == 0) {
        count_up(&h->counters.refused_no_state);
        tcp_set_user(t, NULL);
        tcp_abort(h->tcp, t, h->now);
        tcp_release(h->tcp, t, h->now);
        return;
    }
    struct conn *c = conn_open(h, t, l);
    c->state_index = AT(l->free_states, --l->num_free);
    l->num_conns++;
    mspan_zero(state_of(c));
    c->is_connected = true;
    c->rest.until = nanos_add(h->now, l->service->first_bytes_within);
    let_rest(c, c->rest.until);
}

void service_forget(struct conn *c)
{
    struct listening *l = c->listening;
    if (!l)
        return;
    stop_resting(c);
    list_remove(&c->in_ready);
    AT(l->free_states, l->num_free++) = c->state_index;
    l->num_conns--;
    c->listening = NULL;
    if (!l->is_open && l->num_conns == 0)
        listening_free(l);
}

/* ---- Rest and work */

static void make_ready(struct conn *c, enum service_wake wake)
{
    if (link_is_in_list(&c->in_ready))
        return;
    stop_resting(c);
    c->wake = wake;
    list_push_back(&c->host->ready, &c->in_ready);
    (void)waitq_wake_one(&c->host->idle_workers);
}

void service_news(struct conn *c, unsigned news)
{
    if (news & TCP_ENDED)
        make_ready(c, SERVICE_BYTES);           /* so that the service sees its end */
    else if (c->rest.when_sent ? news & TCP_SENT : news & TCP_READABLE)
        make_ready(c, c->rest.when_sent ? SERVICE_SENT : SERVICE_BYTES);
}

void host_service_timers(struct stack_host *h)
{
    wheel_advance(&h->wheel, h->now);
    for (struct wheel_timer *t; (t = wheel_next_due(&h->wheel));)
        make_ready(LINKED(t, struct conn, timer), SERVICE_TIMEOUT);
}

static bool has_bytes(const struct conn *c)
{
    return tcp_peek(c->tcp).n > 0 || tcp_at_end(c->tcp);
}

/* What came about while the service ran is not lost. Bytes that it left alone do not call it again, but where it took some,
 * more may be there. */
static void rest(struct conn *c, const struct service_rest *r)
{
    c->rest = *r;
    if (conn_has_ended(c))
        make_ready(c, SERVICE_BYTES);
    else if (r->when_sent && tcp_is_sent(c->tcp))
        make_ready(c, SERVICE_SENT);
    else if (!r->when_sent && (c->has_news || (c->has_consumed && has_bytes(c))))
        make_ready(c, SERVICE_BYTES);
    else
        let_rest(c, r->until);
}

static void serve(struct conn *c)
{
    struct service *service = c->listening->service;
    struct endpoint peer = tcp_remote(c->tcp);
    bool knew_end = conn_has_ended(c);
    if (c->wake != SERVICE_SENT)
        c->has_news = false;
    c->has_consumed = false;
    c->is_running = true;
    struct service_rest r = service->ready(service, &c->flow, &peer, state_of(c), c->wake);
    c->is_running = false;
    if (!c->tcp)
        service_forget(c);
    else if (r.close || c->is_closing || knew_end)
        conn_close(c);
    else
        rest(c, &r);
}

/* The next worker is woken before the service runs, since that may block. */
err host_worker_fiber(void *host)
{
    struct stack_host *h = host;
    for (;;) {
        for (struct link *l; (l = list_pop_front(&h->ready));) {
            if (!list_is_empty(&h->ready))
                (void)waitq_wake_one(&h->idle_workers);
            serve(LINKED(l, struct conn, in_ready));
        }
        TRY(waitq_wait(&h->idle_workers, NEVER));
    }
}
