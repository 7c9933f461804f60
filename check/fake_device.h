// SPDX-License-Identifier: ISC
/* fake_device.h - for properties of devices before devices: the one below, in memory. A property says what comes over it; what is sent
 * over it stays until the property has looked. A heap and a world below for fibers come along. */
#ifndef CHECK_FAKE_DEVICE_H
#define CHECK_FAKE_DEVICE_H
#define TEST_OWN_PANIC
#include "check/any.h"
#include "check/fake_platform.h"
#include "check/fresh_heap.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "base/ring.h"
#include "base/writer.h"
#include "interface/net.h"
#include "runtime/clock.h"

#define DEVICE_FRAMES 64
#define DEVICE_FRAME_BYTES 600

struct device_frame {
    struct frame_offload offload;
    size_t num_bytes;
    uint8_t byte[DEVICE_FRAME_BYTES];
};
struct device_queue {
    struct ring ring;
    struct device_frame frame[DEVICE_FRAMES];
};
static struct {
    struct net net;
    struct device_queue in, out;
    struct waitq waiters;
    bool is_full;               /* takes nothing */
} device;

UNUSED static struct span device_bytes(const struct device_frame *f)
{
    return (struct span){ f->byte, f->num_bytes };
}
/* The parts, one behind the other; false: there is no room. */
static bool device_put(struct device_queue *q, const struct span *parts, size_t num_parts, const struct frame_offload *offload)
{
    if (ring_is_full(&q->ring))
        return false;
    struct device_frame *f = &q->frame[ring_push(&q->ring)];
    struct wr w = wr_of(MSPAN(f->byte));
    for (size_t i = 0; i < num_parts; i++)
        wr_bytes(&w, parts[i]);
    CHECK(!w.full);
    f->num_bytes = wr_len(&w);
    f->offload = *offload;
    return true;
}
/* The oldest; NULL: there is none. */
static struct device_frame *device_take(struct device_queue *q)
{
    return ring_is_empty(&q->ring) ? NULL : &q->frame[ring_pop(&q->ring)];
}
/* A frame comes; false: the device has no room for it. */
UNUSED static bool device_deliver(struct span bytes, const struct frame_offload *offload)
{
    bool has_room = device_put(&device.in, &bytes, 1, offload);
    waitq_wake_all(&device.waiters);
    return has_room;
}
static size_t device_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max)
{
    size_t num = 0, used = 0;
    (void)n;
    while (num < max && frame_buffers_suffice((frame_buffers){ buffers, num_buffers }, used, n->mtu, &n->features)) {
        const struct device_frame *f = device_take(&device.in);
        if (!f)
            break;
        struct span left = device_bytes(f);
        frames[num] = (struct rx_frame){ .num_bytes = left.n, .offload = f->offload };
        for (; left.n > 0; used++, frames[num].num_buffers++)
            left = span_skip(left, span_copy(buffers[used], left));
        num++;
    }
    return num;
}
static size_t device_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    size_t i = 0;
    (void)n;
    while (!device.is_full && i < num && device_put(&device.out, frames[i].part, frames[i].num_parts, &frames[i].offload))
        i++;
    return i;
}
static err device_wait_in(struct net *n, nanos deadline)
{
    (void)n;
    return ring_is_empty(&device.in.ring) ? waitq_wait(&device.waiters, deadline) : OK;
}
/* One frame out of a device above; false: none is there. */
UNUSED static bool device_above(struct net *n, struct device_frame *out)
{
    struct rx_frame f = { 0 };
    struct mspan buffer = MSPAN(out->byte);
    if (net_receive(n, &buffer, 1, &f, 1) == 0)
        return false;
    CHECK(f.num_bytes <= buffer.n && f.num_buffers == (f.num_bytes > 0));
    out->num_bytes = f.num_bytes;
    out->offload = f.offload;
    return true;
}
/* Lets fibers go on, for so long. */
UNUSED static void device_pause(nanos span)
{
    (void)!sleep_until(nanos_add(fake.now, span));
}

/* Runs body(script) on a fiber over a fresh device; what was allocated is free afterwards. */
static void device_run(err (*body)(void *script), struct span script)
{
    static const struct net_ops ops = { device_receive, device_send, device_wait_in };
    static uint8_t memory[1 << 20] __attribute__((aligned(64)));
    fresh_heap(MSPAN(memory));
    fake_reset();
    memset(&device, 0, sizeof device);
    device.net = (struct net){ .ops = &ops, .mac = { { 2, 0, 0, 0, 0, 1 } }, .mtu = 500 };
    device.in.ring = device.out.ring = ring_of(DEVICE_FRAMES);
    CHECK(scheduler_run(body, &script, "property") == OK);
    heap_check();
    CHECK(heap_stats().num_blocks == 0);
}
void platform_console_write(struct span text)
{
    (void)text;
}

#endif
