// SPDX-License-Identifier: ISC
/* http_client.h - for tests of HTTP services: a client at the other end of a flow in memory, a clock that stands still
 * until told, and the few calls of the runtime that a server makes. */
#ifndef CHECK_HTTP_CLIENT_H
#define CHECK_HTTP_CLIENT_H
#include "check/test.h"
#include "lib/http_server/server.h"
#include "runtime/clock.h"
#include "runtime/heap.h"
#include "runtime/log.h"

static nanos fake_now = 1000 * (nanos)NS_PER_S;
static size_t fake_allocations_left = SIZE_MAX;

nanos clock_now(void)
{
    return fake_now;
}
nanos clock_recent(void)
{
    return fake_now;
}
nanos clock_wall(void)
{
    return 784111777 * (nanos)NS_PER_S + (fake_now - 1000 * (nanos)NS_PER_S);
}
err heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n)
{
    *p = fake_allocations_left > 0 ? calloc(num, element_bytes) : NULL;
    *n = *p ? num : 0;
    fake_allocations_left -= *p != NULL;
    return *p ? OK : E_NOMEM;
}
void heap_free(void *p)
{
    free(p);
}
struct heap_stats heap_stats(void)
{
    return (struct heap_stats){ .largest_free_bytes = SIZE_MAX };
}
void log_line(struct log_source *s, enum log_level level, const char *format, ...)
{
    (void)s, (void)level, (void)format;
}

struct fake_flow {
    struct flow flow;
    uint8_t in[65536], out[1 << 20];
    size_t in_end, in_at, out_end;
    struct span later;          /* comes when the server waits for it */
    size_t piece;               /* the longest piece of a peek; 0: no limit */
    size_t consumable;
    size_t num_static_bytes;    /* of what was written */
    bool has_ended, is_reset, is_shut;
    bool is_full;               /* has room for no more than one answer */
    err write_error;
};

static err fake_peek(struct flow *flow, struct span *got, nanos deadline)
{
    struct fake_flow *f = (struct fake_flow *)flow;
    size_t n = f->in_end - f->in_at;
    *got = (struct span){ 0 };
    f->consumable = 0;
    if (f->is_reset)
        return E_RESET;
    if (n == 0 && deadline > 0 && f->later.n > 0) {
        f->in_end += n = span_copy(mspan_skip(MSPAN(f->in), f->in_end), f->later);
        f->later = (struct span){ 0 };
    }
    if (n == 0 && !f->has_ended && deadline > 0)
        fake_now = nanos_max(fake_now, deadline);
    if (n == 0)
        return f->has_ended ? E_EOF : E_TIMEDOUT;
    n = f->piece > 0 && f->piece < n ? f->piece : n;
    *got = span_sub(SPAN(f->in), f->in_at, n);
    f->consumable = n;
    return OK;
}
static void fake_consume(struct flow *flow, size_t n)
{
    struct fake_flow *f = (struct fake_flow *)flow;
    REQUIRE(n <= f->consumable);
    if (n > 0)
        memset(&f->in[f->in_at], '#', n);       /* who still looks at it sees */
    f->in_at += n;
    f->consumable = 0;
}
static err fake_write(struct flow *flow, struct span bytes, nanos deadline)
{
    struct fake_flow *f = (struct fake_flow *)flow;
    if (bytes.n == 0)
        return f->is_full ? E_TIMEDOUT : OK;
    REQUIRE(deadline > fake_now && !f->is_shut);
    if (f->write_error != OK)
        return f->write_error;
    f->out_end += span_copy(mspan_skip(MSPAN(f->out), f->out_end), bytes);
    return OK;
}
static err fake_write_static(struct flow *flow, struct span bytes, nanos deadline)
{
    ((struct fake_flow *)flow)->num_static_bytes += bytes.n;
    return fake_write(flow, bytes, deadline);
}
static err fake_shutdown(struct flow *flow)
{
    ((struct fake_flow *)flow)->is_shut = true;
    return OK;
}
static void fake_close(struct flow *flow)
{
    (void)flow;
}
static const struct flow_ops fake_ops = { fake_peek, fake_consume, fake_write, fake_write_static, fake_shutdown, fake_close };

/* One connection to a server as its stack has it. */
struct client {
    struct fake_flow flow;
    uint8_t state[256];
    struct service_rest rest;
    struct http_server *server;
};
static void client_init(struct client *c, struct http_server *server)
{
    memset(c, 0, sizeof *c);
    c->flow.flow.ops = &fake_ops;
    c->server = server;
}
static void wake(struct client *c, enum service_wake why)
{
    static const struct endpoint peer = { .port = 4711 };
    struct service *s = &c->server->service;
    REQUIRE(s->state_bytes <= sizeof c->state && !c->rest.close);
    c->rest = s->ready(s, &c->flow.flow, &peer, mspan_first(MSPAN(c->state), s->state_bytes), why);
}
/* Lets the server go on until it waits for the client. */
static void settle(struct client *c)
{
    for (unsigned i = 0; i < 1000 && !c->rest.close; i++) {
        if (c->rest.when_sent)
            wake(c, SERVICE_SENT);
        else if (c->rest.until == 0)
            wake(c, SERVICE_TIMEOUT);
        else
            return;
    }
}
static void client_receive(struct client *c, struct span bytes)
{
    struct fake_flow *f = &c->flow;
    if (f->in_at == f->in_end)
        f->in_at = f->in_end = 0;
    REQUIRE(bytes.n <= sizeof f->in - f->in_end);
    f->in_end += span_copy(mspan_skip(MSPAN(f->in), f->in_end), bytes);
    wake(c, SERVICE_BYTES);
    settle(c);
}
static void client_send(struct client *c, const char *text)
{
    client_receive(c, span_of_str(text));
}
UNUSED static void client_waits(struct client *c, nanos span)
{
    fake_now = nanos_add(fake_now, span);
    if (c->rest.until <= fake_now)
        wake(c, SERVICE_TIMEOUT);
}
/* What the server has written, once. */
static struct span client_got(struct client *c)
{
    struct span got = span_first(SPAN(c->flow.out), c->flow.out_end);
    c->flow.out_end = 0;
    return got;
}
static bool contains(struct span s, const char *part)
{
    return memmem(s.p, s.n, part, strlen(part)) != NULL;
}
UNUSED static bool ends_with(struct span s, const char *end)
{
    return s.n >= strlen(end) && span_eq(span_skip(s, s.n - strlen(end)), span_of_str(end));
}
UNUSED static unsigned count_of(struct span s, const char *part)
{
    unsigned num = 0;
    for (const uint8_t *at; (at = memmem(s.p, s.n, part, strlen(part))) != NULL; num++)
        s = span_skip(s, (size_t)(at - s.p) + 1);
    return num;
}
#define GOT(c, part)                                                                               \
    do {                                                                                           \
        struct span got_ = span_first(SPAN((c)->flow.out), (c)->flow.out_end);                     \
        if (!contains(got_, part))                                                                 \
            TEST_FAIL("\"%s\" is not in: %.*s", part, (int)got_.n, (const char *)got_.p);          \
    } while (0)

#endif
