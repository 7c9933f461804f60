// SPDX-License-Identifier: ISC
/* datagrams.c - sending at a rate, and counting what comes of it as iperf3 counts (jitter: RFC 3550 appendix A.8). */
#include "datagrams.h"
#include "base/checked.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"

#define INTRODUCTION 0x39383736u        /* iperf3 writes these in the order of its own machine, and reads them so */
#define ANSWER 0x36373839u
#define WORD_BYTES 4u
#define TIME_BYTES 8u
#define AT_ONCE 64u                     /* of one stream, before others have their turn */
#define ARREARS_MAX (100 * (nanos)NS_PER_MS)    /* what was missed before is not made up for */

/* ---- Introductions */

err datagrams_introduce(struct test *t, struct stream *s, const struct endpoint *server)
{
    uint8_t word[WORD_BYTES];
    size_t n;
    s->test = t;
    s->peer = *server;
    TRY(udp_open(t->net, 0, &s->udp));
    TRY(udp_connect(s->udp, server));
    mspan_u32(MSPAN(word), 0, INTRODUCTION);
    TRY(udp_send(s->udp, server, SPAN(word)));
    return udp_receive(s->udp, MSPAN(word), &n, &s->peer, nanos_add(clock_now(), ANSWER_WITHIN));
}

err datagrams_open(struct test *t, uint16_t port)
{
    return udp_open(t->net, port, &t->udp);
}

static struct stream *stream_of(struct test *t, const struct endpoint *peer)
{
    for (size_t i = 0; i < t->params.num_streams; i++)
        if (t->stream[i].peer.port == peer->port && ip_eq(&t->stream[i].peer.ip, &peer->ip))
            return &t->stream[i];
    return NULL;
}

/* What is left of an earlier test is too long, and what a stranger sends is no introduction. */
err datagrams_join(struct test *t, const struct ip *client, nanos deadline)
{
    for (size_t i = 0; i < t->params.num_streams;) {
        struct stream *s = &t->stream[i];
        struct endpoint from;
        uint8_t word[WORD_BYTES];
        size_t n;
        TRY(udp_receive_at(t->udp, MSPAN(word), &n, &from, &s->local, deadline));
        if (n != sizeof word || !ip_eq(&from.ip, client) || stream_of(t, &from))
            continue;
        s->peer = from;
        s->udp = t->udp;
        mspan_u32(MSPAN(word), 0, ANSWER);
        TRY(udp_send_from(s->udp, &s->local, &s->peer, SPAN(word)));
        i++;
    }
    return OK;
}

/* ---- Sending */

/* Behind the time of eight bytes, which are seconds and microseconds. */
static size_t counter_bytes(const struct test *t)
{
    return t->params.has_long_counters ? 8 : 4;
}

static err send_one(struct test *t, struct stream *s, nanos now)
{
    static uint8_t block[DATAGRAM_BYTES_MAX];
    struct mspan out = mspan_first(MSPAN(block), t->params.block_bytes);
    mspan_u32(out, 0, (uint32_t)(now / NS_PER_S));
    mspan_u32(out, 4, (uint32_t)(now % NS_PER_S / NS_PER_US));
    s->num_datagrams++;
    if (t->params.has_long_counters)
        mspan_u32(out, 8, (uint32_t)(s->num_datagrams >> 32));
    mspan_u32(out, counter_bytes(t) + 4, (uint32_t)s->num_datagrams);
    s->num_bytes += out.n;
    return s->udp == t->udp ? udp_send_from(s->udp, &s->local, &s->peer, span_of(out)) : udp_send(s->udp, &s->peer, span_of(out));
}

/* Of one stream what is due by now; *next: when more of it is. */
static err send_due(struct test *t, struct stream *s, nanos *next)
{
    nanos now = clock_now(), bits = t->params.block_bytes * 8;
    nanos interval = t->params.bits_per_second ? bits * NS_PER_S / t->params.bits_per_second : 0;
    s->send_at = nanos_max(s->send_at, nanos_sub(now, interval + ARREARS_MAX));
    for (unsigned i = 0; i < AT_ONCE && s->send_at <= now; i++) {
        TRY(send_one(t, s, now));
        s->send_at = nanos_add(s->send_at, interval);
    }
    *next = nanos_min(*next, interval ? s->send_at : now);
    return OK;
}

err datagrams_send(void *test)
{
    struct test *t = test;
    for (size_t i = 0; i < t->params.num_streams; i++)
        t->stream[i].send_at = clock_now();
    while (t->is_running) {
        nanos next = NEVER;
        for (size_t i = 0; i < t->params.num_streams; i++)
            TRY(send_due(t, &t->stream[i], &next));
        TRY(next <= clock_now() ? fiber_yield() : sleep_until(next));
    }
    return OK;
}

/* ---- Receiving */

/* How much later than the one before it came, measured by when both were sent; the clocks need not agree. */
static void count_delay(struct stream *s, uint64_t sent_us)
{
    uint64_t delay_us = clock_now() / NS_PER_US - sent_us, more = delay_us - s->delay_us, less = s->delay_us - delay_us;
    uint64_t varies_ns = nanos_min(nanos_min(more, less), UINT32_MAX) * NS_PER_US;
    if (s->has_delay)
        s->jitter_ns = s->jitter_ns - s->jitter_ns / 16 + varies_ns / 16;
    s->delay_us = delay_us;
    s->has_delay = true;
}

static void count(struct test *t, struct stream *s, struct span head, size_t num_bytes)
{
    size_t bytes = counter_bytes(t);
    if (!t->is_running || head.n < TIME_BYTES + bytes)
        return;
    uint64_t high = bytes == 8 ? span_u32(head, 8) : 0, number = high << 32 | span_u32(head, bytes + 4);
    if (number > INT64_MAX)
        return;
    s->num_bytes += num_bytes;
    if (number > s->num_datagrams) {
        s->num_lost += number - s->num_datagrams - 1;
        s->num_datagrams = number;
    } else {
        s->num_late++;
        s->num_lost -= s->num_lost > 0;         /* what was missing is here */
    }
    count_delay(s, (uint64_t)span_u32(head, 0) * 1000000 + span_u32(head, 4));
}

static err receive(struct test *t, struct udp *udp, struct stream *only)
{
    for (;;) {
        uint8_t head[16];
        struct endpoint from;
        size_t n;
        err e = udp_receive(udp, MSPAN(head), &n, &from, NEVER);
        if (e == E_REFUSED)                     /* the network says so of what we sent */
            continue;
        TRY(e);
        struct stream *s = only ? only : stream_of(t, &from);
        if (s)
            count(t, s, span_first(SPAN(head), n), n);
    }
}
err datagrams_receive(void *test)
{
    struct test *t = test;
    return receive(t, t->udp, NULL);
}
err datagrams_receive_one(void *stream)
{
    struct stream *s = stream;
    return receive(s->test, s->udp, s);
}

void datagrams_close(struct test *t)
{
    for (size_t i = 0; i < STREAMS_MAX; i++) {
        struct stream *s = &t->stream[i];
        if (s->udp && s->udp != t->udp)
            udp_close(s->udp);
        s->udp = NULL;
    }
    if (t->udp)
        udp_close(t->udp);
    t->udp = NULL;
}
