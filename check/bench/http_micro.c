// SPDX-License-Identifier: ISC
/* http_micro.c - what an HTTP request costs without a network: nanoseconds for parsing a head, and for a whole turn
 * of the server with the files handler (peek, parse, find, answer 1 KB). The least of several rounds: what the
 * code takes when nobody else wants the CPU. */
#include "lib/http_files/files.h"
#include "runtime/clock.h"
#include "runtime/heap.h"
#include "runtime/log.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 20, REPEATS = 100000 };

static nanos stopwatch(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (nanos)t.tv_sec * NS_PER_S + (nanos)t.tv_nsec;
}

/* ---- The runtime that the server needs */
nanos clock_now(void)
{
    return NS_PER_S;
}
nanos clock_recent(void)
{
    return NS_PER_S;
}
nanos clock_wall(void)
{
    return NS_PER_S;
}
err heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n)
{
    *p = calloc(num, element_bytes);
    *n = num;
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
void panic(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

/* ---- A store of one page and a flow that brings the same bytes again */
static uint8_t page[1024];

static err page_find(struct kv *kv, struct span key, struct kv_value *out)
{
    (void)kv;
    if (!span_eq(key, TEXT("index.html")))
        return E_NOT_FOUND;
    *out = (struct kv_value){ .num_bytes = sizeof page, .bytes = SPAN(page) };
    return OK;
}
static struct span input, left;
static size_t num_written;

static err source_peek(struct flow *f, struct span *got, nanos deadline)
{
    (void)f, (void)deadline;
    *got = left;
    return left.n > 0 ? OK : E_TIMEDOUT;
}
static void source_consume(struct flow *f, size_t n)
{
    (void)f;
    left = span_skip(left, n);
}
static err sink_write(struct flow *f, struct span bytes, nanos deadline)
{
    (void)f, (void)deadline;
    num_written += bytes.n;
    return OK;
}
static err nothing(struct flow *f)
{
    (void)f;
    return OK;
}
static const struct flow_ops source_ops = { source_peek, source_consume, sink_write, sink_write, nothing, NULL };

static void parse_once(void)
{
    struct http_request r;
    if (http_request_parse(input, 0, &r) != HTTP_OK)
        abort();
    __asm__ volatile("" : : "r"(&r) : "memory");
}

static struct http_server server;
static uint8_t state[256];

static void turn_once(void)
{
    static struct flow flow = { &source_ops };
    static const struct endpoint peer;
    left = input;
    struct service_rest rest = server.service.ready(&server.service, &flow, &peer, MSPAN(state), SERVICE_SENT);
    if (rest.close)
        abort();
}

static void measure(const char *what, const char *request, void (*once)(void))
{
    nanos best = NEVER;
    memset(state, 0, sizeof state);
    input = span_of_str(request);
    for (unsigned round = 0; round < ROUNDS; round++) {
        nanos began = stopwatch();
        for (unsigned i = 0; i < REPEATS; i++)
            once();
        best = nanos_min(best, stopwatch() - began);
    }
    printf("%-28s %4zu bytes %6.1f ns\n", what, input.n, (double)best / REPEATS);
}

#define WRK "GET / HTTP/1.1\r\nHost: 10.0.0.2:80\r\n\r\n"
#define CURL "GET /index.html HTTP/1.1\r\nHost: 10.0.0.2:8080\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n"
#define BROWSER                                                                                                            \
    "GET /index.html HTTP/1.1\r\nHost: www.example.org\r\n"                                                                \
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n"                              \
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8\r\n"                   \
    "Accept-Language: en-US,en;q=0.5\r\nAccept-Encoding: gzip, deflate, br\r\nConnection: keep-alive\r\n"                  \
    "Upgrade-Insecure-Requests: 1\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: none\r\n\r\n"

int main(void)
{
    static const struct kv_ops ops = { page_find, NULL, NULL };
    static struct kv kv = { &ops };
    static struct http_files files;
    http_files_init(&files, &kv);
    if (http_server_init(&server, &http_server_defaults, &files.handler) != OK)
        return 1;
    measure("parse, as wrk sends", WRK, parse_once);
    measure("parse, as curl sends", CURL, parse_once);
    measure("parse, as a browser sends", BROWSER, parse_once);
    measure("turn, as wrk sends", WRK, turn_once);
    measure("turn, as a browser sends", BROWSER, turn_once);
    return num_written == 0;
}
