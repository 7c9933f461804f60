// SPDX-License-Identifier: ISC
/* test_link.h - for tests: two network devices with a cable between them, in memory, in virtual time. A test chooses
 * their features, and may drop frames or look at them. A world below for the fibers comes along. */
#ifndef LIB_STACK_TEST_LINK_H
#define LIB_STACK_TEST_LINK_H
#define FAKE_STACKS 48
#include "base/checked.h"
#include "base/ring.h"
#include "check/fake_platform.h"
#include "check/test.h"
#include "interface/net.h"
#include "lib/random/random.h"
#include "lib/stack/stack.h"
#include "lib/stack/test_live.h"
#include "runtime/clock.h"
#include "runtime/heap.h"

#define LINK_FRAMES 512
#define STATIONS_MAX 4
#define LINK_FRAME_BYTES 66000

struct wire_frame {
    size_t num_bytes;
    struct frame_offload offload;
    uint8_t byte[LINK_FRAME_BYTES];
};
struct station {                /* a device; what it has received waits in the ring */
    struct net net;
    struct station *peer;
    struct ring ring;
    struct wire_frame *frame;
    struct waitq waiters;
    uint64_t num_sent, num_lost;
    uint64_t lose_every;        /* n: of what it sends, every n-th is lost */
    size_t black_hole_bytes;    /* larger frames vanish; 0: none do */
    bool is_full;               /* takes nothing */
};

static struct station *station_of(struct net *n)
{
    return LINKED(n, struct station, net);
}
static size_t station_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max)
{
    struct station *s = station_of(n);
    size_t num = 0, b = 0;
    for (; num < max && !ring_is_empty(&s->ring); num++) {
        if (!frame_buffers_suffice((frame_buffers){ buffers, num_buffers }, b, n->mtu, &n->features))
            break;
        struct wire_frame *f = &s->frame[ring_pop(&s->ring)];
        struct span left = { f->byte, f->num_bytes };
        frames[num] = (struct rx_frame){ .num_bytes = left.n, .offload = f->offload };
        for (; left.n > 0; b++, frames[num].num_buffers++)
            left = span_skip(left, span_copy(buffers[b], left));
    }
    return num;
}
static void deliver(struct station *to, const struct tx_frame *frame)
{
    if (ring_is_full(&to->ring))
        return;
    struct wire_frame *f = &to->frame[ring_push(&to->ring)];
    struct wr w = wr_of(MSPAN(f->byte));
    for (size_t i = 0; i < frame->num_parts; i++)
        wr_bytes(&w, frame->part[i]);
    REQUIRE(!w.full);
    f->num_bytes = wr_len(&w);
    f->offload = frame->offload;
    waitq_wake_all(&to->waiters);
}
static size_t bytes_of(const struct tx_frame *frame)
{
    size_t sum = 0;
    for (size_t i = 0; i < frame->num_parts; i++)
        sum += frame->part[i].n;
    return sum;
}
static size_t station_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    struct station *s = station_of(n);
    if (s->is_full)
        return 0;
    for (size_t i = 0; i < num; i++) {
        bool is_lost = (s->lose_every && ++s->num_sent % s->lose_every == 0) ||
                       (s->black_hole_bytes > 0 && bytes_of(&frames[i]) > s->black_hole_bytes);
        s->num_lost += is_lost;
        if (!is_lost)
            deliver(s->peer, &frames[i]);
    }
    return num;
}
static err station_wait(struct net *n, nanos deadline)
{
    struct station *s = station_of(n);
    return ring_is_empty(&s->ring) ? waitq_wait(&s->waiters, deadline) : OK;
}
static const struct net_ops station_ops = { station_receive, station_send, station_wait };

/* ---- Two stacks at its ends */

static struct station left_end, right_end;
static struct stack *left, *right;      /* 10.0.0.1 and 10.0.0.2 */
static struct frame_features features;
static uint16_t mtu;
static bool UNUSED has_ipv6;            /* they are fd00::1 and fd00::2 as well */

static void station_init(struct station *s, struct station *peer, uint8_t number)
{
    static struct wire_frame memory[STATIONS_MAX][LINK_FRAMES];
    *s = (struct station){ .net = { .ops = &station_ops, .mac = { { 2, 0, 0, 0, 0, number } }, .mtu = mtu, .features = features },
                           .peer = peer, .ring = ring_of(LINK_FRAMES), .frame = memory[number - 1] };
}
static err station_up(struct station *s, uint8_t number, struct stack **out)
{
    struct stack_config cfg = { .address = { ip_from_v4(0x0a000000u + number), 24 }, .heap_percent = 40 };
    if (has_ipv6)
        cfg.ipv6 = (struct ip_prefix){ { { 0xfd, [15] = number } }, 64 };
    return stack_open_dual(&s->net, &cfg, out);
}
static err test_body_run(void *body)
{
    TRY(random_init());
    station_init(&left_end, &right_end, 1);
    station_init(&right_end, &left_end, 2);
    TRY(station_up(&left_end, 1, &left));
    TRY(station_up(&right_end, 2, &right));
    ((void (*)(void))body)();
    stack_close(left);
    stack_close(right);
    return OK;
}
/* Runs the body on the first fiber, with both stacks up. */
UNUSED static void on_link(void (*body)(void))
{
    static uint8_t heap[24 << 20] __attribute__((aligned(64)));
    fresh_heap(MSPAN(heap));
    fake_reset();
    EQ(scheduler_run(test_body_run, (void *)body, "test"), OK);
    heap_check();
}
/* A test whose body runs there; fast: with everything that devices can do. */
#define LINK_TEST(name, has_offload)                                                                            \
    static void name##_body(void);                                                                              \
    TEST(name)                                                                                                  \
    {                                                                                                           \
        features = (struct frame_features){ has_offload, has_offload, false, has_offload, has_offload };        \
        mtu = 1500;                                                                                             \
        on_link(name##_body);                                                                                   \
    }                                                                                                           \
    static void name##_body(void)

#define LINK_TEST_V6(name)                          /* plain links, of both families */                               \
    static void name##_body(void);                                                                              \
    TEST(name)                                                                                                  \
    {                                                                                                           \
        features = (struct frame_features){ 0 };                                                                \
        mtu = 1500;                                                                                             \
        has_ipv6 = true;                                                                                        \
        on_link(name##_body);                                                                                   \
        has_ipv6 = false;                                                                                       \
    }                                                                                                           \
    static void name##_body(void)

UNUSED static struct endpoint at_right(uint16_t port)
{
    return (struct endpoint){ ip_from_v4(0x0a000002), port };
}

void platform_console_write(struct span text)
{
    (void)text;
}
err platform_entropy(struct mspan out)
{
    for (size_t i = 0; i < out.n; i++)
        mspan_put(out, i, (uint8_t)(i * 37 + 11));
    return OK;
}

#endif
