// SPDX-License-Identifier: ISC
/* wire.c - two fibers: one takes frames from the device and lets them wait, the other sends those whose time has come. */
#include "lib/wire/wire.h"
#include "base/checked.h"
#include "runtime/clock.h"
#include "runtime/heap.h"

enum { PER_MILLE = 1000, NUM_QUEUES = 4, BUFFER_BYTES = 2048 };

static struct wire *wire_of(struct net *n)
{
    return LINKED(n, struct wire, net);
}

/* ---- What becomes of a frame */

static bool happens(struct wire *w, uint32_t per_mille)
{
    w->random ^= w->random << 13;
    w->random ^= w->random >> 17;
    w->random ^= w->random << 5;
    return w->random % PER_MILLE < per_mille;
}

static void keep(struct wire *w, struct frame_queue *q, frame_parts parts, const struct frame_offload *offload, nanos at)
{
    struct frame_note note = { .at = at, .num_bytes = UINT32_MAX, .offload = *offload };
    if (!frame_queue_push(q, parts, &note))
        count_up(&w->counters.queue_full);
}

static void enter(struct wire *w, struct wire_way *way, frame_parts parts, const struct frame_offload *offload)
{
    nanos at = nanos_add(clock_now(), w->cfg.delay);
    bool is_lost = happens(w, w->cfg.loss), is_late = happens(w, w->cfg.reorder), is_twice = happens(w, w->cfg.duplicate);
    if (is_lost) {
        count_up(&w->counters.lost);
        return;
    }
    if (is_late) {
        count_up(&w->counters.reordered);
        keep(w, &way->late, parts, offload, nanos_add(at, nanos_max(w->cfg.delay, NS_PER_MS)));
    } else {
        keep(w, &way->queue, parts, offload, at);
    }
    if (is_twice) {
        count_up(&w->counters.duplicated);
        keep(w, &way->queue, parts, offload, at);
    }
}

/* The queue whose oldest frame leaves next. */
static struct frame_queue *next_of(struct wire_way *way, struct frame_note *note)
{
    struct frame_note late;
    bool has_late = frame_queue_next(&way->late, &late), has_one = frame_queue_next(&way->queue, note);
    if (!has_late || (has_one && note->at <= late.at))
        return has_one ? &way->queue : NULL;
    *note = late;
    return &way->late;
}

static nanos due_at(struct wire_way *way)
{
    struct frame_note note;
    return next_of(way, &note) ? note.at : NEVER;
}

/* ---- The device that it is */

static size_t receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    struct wire *w = wire_of(n);
    frame_buffers all = { buffers, num_buffers };
    SLICE(struct rx_frame) out = { frames, max_frames };
    size_t num = 0, used = 0;
    struct frame_note note;
    for (struct frame_queue *q; num < max_frames && frame_buffers_suffice(all, used, n->mtu, &n->features); num++) {
        q = next_of(&w->in, &note);
        if (!q || note.at > clock_now())
            break;
        AT(out, num) = (struct rx_frame){ .num_bytes = note.num_bytes, .offload = note.offload };
        AT(out, num).num_buffers = frame_queue_pop(q, all, used);
        used += AT(out, num).num_buffers;
    }
    return num;
}

static size_t send(struct net *n, const struct tx_frame *frames, size_t num)
{
    struct wire *w = wire_of(n);
    SLICE(const struct tx_frame) list = { frames, num };
    for (size_t i = 0; i < num; i++)
        enter(w, &w->out, (frame_parts){ AT(list, i).part, AT(list, i).num_parts }, &AT(list, i).offload);
    waitq_wake_all(&w->sender);
    return num;
}

static err wait(struct net *n, nanos deadline)
{
    struct wire *w = wire_of(n);
    for (;;) {
        nanos due = due_at(&w->in);
        if (due <= clock_now())
            return OK;
        err e = waitq_wait(&w->receivers, nanos_min(deadline, due));
        if (e != OK && !(e == E_TIMEDOUT && due <= clock_now()))
            return e;
    }
}

/* ---- Its fibers */

static void take(struct wire *w, const struct rx_frame *f)
{
    struct span whole = span_first(span_of(w->in_frame), f->num_bytes);
    enter(w, &w->in, (frame_parts){ &whole, 1 }, &f->offload);
    waitq_wake_all(&w->receivers);
}

/* The device fills buffers that lie behind each other, so that a frame is one piece where each is filled. */
static err receive_fiber(void *wire)
{
    struct wire *w = wire;
    struct mspan buffer[FRAME_PARTS_MAX];
    struct rx_frame f;
    for (size_t i = 0; i < FRAME_PARTS_MAX; i++)
        buffer[i] = mspan_sub(w->in_frame, i * BUFFER_BYTES, BUFFER_BYTES);
    for (;;) {
        while (net_receive(w->below, buffer, FRAME_PARTS_MAX, &f, 1) == 1)
            take(w, &f);
        TRY(net_wait(w->below, NEVER));
    }
}

/* false: the device is full. */
static bool give(struct wire *w, struct frame_queue *q, const struct frame_note *note)
{
    struct mspan room = mspan_first(w->out_frame, note->num_bytes);
    struct tx_frame f = { .part = { span_of(room) }, .num_parts = 1, .offload = note->offload };
    (void)frame_queue_pop(q, (frame_buffers){ &room, 1 }, 0);
    return net_send(w->below, &f, 1) == 1;
}

static err send_fiber(void *wire)
{
    struct wire *w = wire;
    for (;;) {
        struct frame_note note;
        struct frame_queue *q = next_of(&w->out, &note);
        if (q && note.at <= clock_now()) {
            if (!give(w, q, &note))
                count_up(&w->counters.device_full);
            continue;
        }
        err e = waitq_wait(&w->sender, q ? note.at : NEVER);
        if (e != OK && e != E_TIMEDOUT)
            return e;
    }
}

/* ---- Open and close */

err wire_open(struct net *below, const struct wire_config *cfg, struct wire *out)
{
    static const struct net_ops ops = { .receive = receive, .send = send, .wait = wait };
    size_t bytes = cfg->queue_bytes ? cfg->queue_bytes : WIRE_QUEUE_BYTES;
    if (cfg->loss > PER_MILLE || cfg->reorder > PER_MILLE || cfg->duplicate > PER_MILLE)
        return E_INVALID;
    *out = (struct wire){ .net = *below, .below = below, .cfg = *cfg, .random = cfg->seed ? cfg->seed : 1 };
    out->net.ops = &ops;
    out->net.nesting = 0;               /* its fibers call the device */
    TRY(HEAP_SLICE(NUM_QUEUES * bytes + 2 * WIRE_FRAME_BYTES, &out->memory));
    out->in.queue = frame_queue_of(mspan_sub(out->memory, 0, bytes));
    out->in.late = frame_queue_of(mspan_sub(out->memory, bytes, bytes));
    out->out.queue = frame_queue_of(mspan_sub(out->memory, 2 * bytes, bytes));
    out->out.late = frame_queue_of(mspan_sub(out->memory, 3 * bytes, bytes));
    out->in_frame = mspan_sub(out->memory, NUM_QUEUES * bytes, WIRE_FRAME_BYTES);
    out->out_frame = mspan_skip(out->memory, NUM_QUEUES * bytes + WIRE_FRAME_BYTES);
    scope_open(&out->scope);
    err e = fiber_go(&out->scope, receive_fiber, out, "wire-in");
    e = e == OK ? fiber_go(&out->scope, send_fiber, out, "wire-out") : e;
    if (e != OK)
        wire_close(out);
    return e;
}

void wire_close(struct wire *w)
{
    scope_cancel(&w->scope);
    heap_free(w->memory.p);
    *w = (struct wire){ 0 };
}
