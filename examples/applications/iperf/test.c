// SPDX-License-Identifier: ISC
/* test.c - parameters and results as JSON, and the counting in between. */
#include "test.h"
#include "base/checked.h"
#include "lib/stack/stack.h"
#include "lib/tcp/tcp.h"
#include "runtime/clock.h"
#include "runtime/log.h"

#define READS_WITHIN (30 * NS_PER_S)    /* some of what is sent */

static const struct span unnamed;

/* ---- Parameters */

static bool is_true(const struct json *message, struct span name)
{
    return json_member(message, name).kind == JSON_TRUE;
}

/* `fallback` where it is not there; false: it is, and not between the limits. */
static bool read_number(const struct json *message, struct span name, uint64_t fallback, uint64_t min, uint64_t max, uint64_t *out)
{
    struct json v = json_member(message, name);
    *out = fallback;
    return v.kind == JSON_NONE || (json_u64(&v, out) && *out >= min && *out <= max);
}

enum refusal params_read(const struct json *message, struct params *out)
{
    *out = (struct params){ .is_reverse = is_true(message, TEXT("reverse")) };
    if (message->kind != JSON_OBJECT)
        return REFUSED_PARAMETERS;
    out->is_udp = is_true(message, TEXT("udp"));
    out->has_long_counters = json_member(message, TEXT("udp_counters_64bit")).kind != JSON_NONE;
    if (is_true(message, TEXT("tcp")) == out->is_udp || is_true(message, TEXT("bidirectional")))
        return REFUSED_UNIMPLEMENTED;
    if (!read_number(message, TEXT("parallel"), 1, 1, STREAMS_MAX, &out->num_streams))
        return REFUSED_NUM_STREAMS;
    if (!read_number(message, TEXT("omit"), 0, 0, OMIT_S_MAX, &out->omit_s))
        return REFUSED_OMIT;
    if (!read_number(message, TEXT("time"), 0, 0, UINT64_MAX, &out->seconds) ||
        !read_number(message, TEXT("bandwidth"), 0, 0, UINT64_MAX, &out->bits_per_second) ||
        !(out->is_udp ? read_number(message, TEXT("len"), DATAGRAM_BYTES_USUAL, DATAGRAM_BYTES_MIN, DATAGRAM_BYTES_MAX, &out->block_bytes)
                      : read_number(message, TEXT("len"), BLOCK_BYTES_MAX, 1, UINT64_MAX, &out->block_bytes)))
        return REFUSED_PARAMETERS;
    return REFUSED_NOT;
}

void params_write(struct json_writer *j, const struct params *p)
{
    json_begin(j, unnamed, '{');
    json_put_true(j, p->is_udp ? TEXT("udp") : TEXT("tcp"));
    json_put_int(j, TEXT("omit"), (int64_t)p->omit_s);
    json_put_int(j, TEXT("time"), (int64_t)p->seconds);
    json_put_int(j, TEXT("parallel"), (int64_t)p->num_streams);
    json_put_int(j, TEXT("len"), (int64_t)p->block_bytes);
    if (p->is_udp)
        json_put_int(j, TEXT("bandwidth"), (int64_t)p->bits_per_second);
    if (p->is_reverse)
        json_put_true(j, TEXT("reverse"));
    json_end(j, '}');
}

/* ---- The test */

/* Asks TCP how far the sent streams are; of one that has ended the last answer holds. */
static void look_at_streams(struct test *t)
{
    struct tcp_info info;
    struct tcp_times times;
    for (size_t i = 0; t->is_sender && i < t->params.num_streams; i++) {
        struct stream *s = &t->stream[i];
        if (!s->flow || stack_tcp_info(t->net, s->flow, &info, &times) != OK)
            continue;
        s->num_bytes = s->num_queued - size_min(info.queued_bytes, s->num_queued);
        s->num_sent_again = info.num_sent_again;
    }
}

void test_begin(struct test *t)
{
    look_at_streams(t);
    for (size_t i = 0; i < t->params.num_streams; i++) {
        struct stream *s = &t->stream[i];
        s->num_omitted = s->num_bytes;
        s->num_datagrams_omitted = s->num_datagrams;
        s->num_lost_omitted = s->num_lost;
        s->jitter_ns = 0;
    }
    t->began = clock_now();
    t->is_running = true;
}

void test_end(struct test *t)
{
    look_at_streams(t);
    t->lasted = nanos_sub(clock_now(), t->began);
    t->is_running = false;
}

static uint64_t bytes_of(const struct stream *s)
{
    return s->num_bytes - s->num_omitted;
}

static uint64_t sum_of(const struct test *t)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < t->params.num_streams; i++)
        sum += bytes_of(&t->stream[i]);
    return sum;
}

uint64_t test_bytes(struct test *t)
{
    look_at_streams(t);
    return sum_of(t);
}

err stream_send(struct test *t, struct stream *s)
{
    static uint8_t zeros[BLOCK_BYTES_MAX];
    struct span block = span_first(SPAN(zeros), t->params.block_bytes);
    while (t->is_running) {
        TRY(flow_write_static(s->flow, block, nanos_add(clock_now(), READS_WITHIN)));
        s->num_queued += block.n;
    }
    return OK;
}

/* ---- Results */

/* iperf3's numbers of streams: 1, 3, 4, 5 and so on. */
static int64_t id_of(size_t i)
{
    return i == 0 ? 1 : (int64_t)i + 2;
}

static void stream_write(struct json_writer *j, const struct test *t, size_t i)
{
    const struct stream *s = &t->stream[i];
    json_begin(j, unnamed, '{');
    json_put_int(j, TEXT("id"), id_of(i));
    json_put_int(j, TEXT("bytes"), (int64_t)bytes_of(s));
    json_put_int(j, TEXT("retransmits"), t->is_sender && !t->params.is_udp ? (int64_t)s->num_sent_again : -1);
    json_put_micro(j, TEXT("jitter"), s->jitter_ns / NS_PER_US);
    json_put_int(j, TEXT("errors"), (int64_t)s->num_lost);
    json_put_int(j, TEXT("omitted_errors"), (int64_t)s->num_lost_omitted);
    json_put_int(j, TEXT("packets"), (int64_t)s->num_datagrams);
    json_put_int(j, TEXT("omitted_packets"), (int64_t)s->num_datagrams_omitted);
    json_put_int(j, TEXT("start_time"), 0);
    json_put_micro(j, TEXT("end_time"), t->lasted / NS_PER_US);
    json_end(j, '}');
}

void results_write(struct json_writer *j, const struct test *t)
{
    json_begin(j, unnamed, '{');
    json_put_int(j, TEXT("cpu_util_total"), 0);     /* an image does not know */
    json_put_int(j, TEXT("cpu_util_user"), 0);
    json_put_int(j, TEXT("cpu_util_system"), 0);
    json_put_int(j, TEXT("sender_has_retransmits"), t->is_sender && !t->params.is_udp ? 1 : -1);
    json_begin(j, TEXT("streams"), '[');
    for (size_t i = 0; i < t->params.num_streams; i++)
        stream_write(j, t, i);
    json_end(j, ']');
    json_end(j, '}');
}

/* More than there was before the time that counts is nothing. */
static void take_omitted(const struct json *stream, struct span name, uint64_t *sum)
{
    uint64_t n;
    struct json v = json_member(stream, name);
    if (json_u64(&v, &n))
        *sum -= nanos_min(n, *sum);
}
static bool add_member(const struct json *stream, struct span name, uint64_t *sum)
{
    uint64_t n;
    struct json v = json_member(stream, name);
    return json_u64(&v, &n) && u64_add(*sum, n, sum);
}

err results_read(const struct json *message, bool is_udp, struct results *out)
{
    struct json list = json_member(message, TEXT("streams")), stream;
    struct span unused;
    *out = (struct results){ 0 };
    if (list.kind != JSON_ARRAY)
        return E_INVALID;
    for (struct json_items i = json_items(&list); json_next(&i, &unused, &stream);) {
        if (!add_member(&stream, TEXT("bytes"), &out->num_bytes))
            return E_INVALID;
        if (is_udp && (!add_member(&stream, TEXT("packets"), &out->num_datagrams) || !add_member(&stream, TEXT("errors"), &out->num_lost)))
            return E_INVALID;
        take_omitted(&stream, TEXT("omitted_packets"), &out->num_datagrams);
        take_omitted(&stream, TEXT("omitted_errors"), &out->num_lost);
        if (out->jitter.n == 0)
            out->jitter = span_first(json_member(&stream, TEXT("jitter")).text, JITTER_BYTES_MAX);
    }
    return OK;
}

/* What the receiver has counted. */
static void describe_loss(struct wr *w, const struct test *t, const struct results *others)
{
    struct results ours = *others;
    uint8_t room[JITTER_BYTES_MAX];
    struct json_writer jitter = json_writer(MSPAN(room));
    if (!t->is_sender) {
        json_put_micro(&jitter, unnamed, t->stream[0].jitter_ns / NS_PER_US);
        ours = (struct results){ .jitter = wr_done(&jitter.w) };
        for (size_t i = 0; i < t->params.num_streams; i++) {
            ours.num_datagrams += t->stream[i].num_datagrams - t->stream[i].num_datagrams_omitted;
            ours.num_lost += t->stream[i].num_lost - nanos_min(t->stream[i].num_lost, t->stream[i].num_lost_omitted);
        }
    }
    format(w, "; %lu of %lu datagrams lost, jitter %b s", ours.num_lost, ours.num_datagrams, &ours.jitter);
}

struct span test_describe(const struct test *t, const struct results *others, struct mspan room)
{
    struct wr w = wr_of(room);
    uint64_t sum = sum_of(t), us = nanos_max(t->lasted / NS_PER_US, 1), tenths = sum / us * 80 + sum % us * 80 / us;
    format(&w, "%s %lu bytes in %lu.%03lu s, %lu.%lu Mbit/s; the other side %s %lu", t->is_sender ? "sent" : "received", sum,
           us / 1000000, us / 1000 % 1000, tenths / 10, tenths % 10, t->is_sender ? "received" : "sent", others->num_bytes);
    if (t->params.is_udp)
        describe_loss(&w, t, others);
    return wr_done(&w);
}
