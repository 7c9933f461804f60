// SPDX-License-Identifier: ISC
/* vlan.c - tags off what comes, and on to what goes. */
#include "lib/vlan/vlan.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "runtime/heap.h"

enum {
    STATIONS_BYTES = 12,                /* destination and source: the tag follows */
    TAG_PROTOCOL = 0x8100,
    ID_MASK = 0xfff,
    PRIORITY_SHIFT = 13,
    BUFFER_BYTES = 2048,
};

static struct vlan *vlan_of(struct net *n)
{
    return LINKED(n, struct vlan, net);
}

/* ---- In */

static struct vlan *port_of(struct vlan_trunk *t, uint16_t id)
{
    for (size_t i = 0; i < VLAN_PORTS; i++)
        if (t->port[i] && t->port[i]->id == id)
            return t->port[i];
    return NULL;
}

/* The work that was left to us counts from the start of the frame. */
static struct frame_offload moved(const struct frame_offload *o, int by)
{
    struct frame_offload m = *o;
    if (o->needs_checksum)
        m.checksum_start = (uint16_t)(o->checksum_start + by);
    if (o->gso != FRAME_GSO_NONE)
        m.header_bytes = (uint16_t)(o->header_bytes + by);
    return m;
}

/* false: work begins before the tag ends, which no device can mean. */
static bool is_behind_tag(const struct frame_offload *o)
{
    const unsigned end = STATIONS_BYTES + VLAN_TAG_BYTES;
    return (!o->needs_checksum || o->checksum_start >= end) && (o->gso == FRAME_GSO_NONE || o->header_bytes >= end);
}

static void deliver(struct vlan_trunk *t, uint16_t id, frame_parts parts, const struct frame_offload *offload)
{
    struct vlan *v = port_of(t, id);
    struct frame_note note = { .num_bytes = UINT32_MAX, .offload = *offload };
    if (!v) {
        count_up(&t->counters.unknown_id);
        return;
    }
    if (!frame_queue_push(&v->queue, parts, &note))
        count_up(&t->counters.queue_full);
    waitq_wake_all(&v->receivers);
}

static void take(struct vlan_trunk *t, const struct rx_frame *f)
{
    struct span whole = span_first(span_of(t->frame), f->num_bytes);
    struct cur c = cur_of(whole);
    struct span stations = cur_bytes(&c, STATIONS_BYTES);
    uint16_t type = cur_u16(&c);
    if (c.err == WIRE_OK && type != TAG_PROTOCOL) {
        deliver(t, VLAN_UNTAGGED, (frame_parts){ &whole, 1 }, &f->offload);
        return;
    }
    uint16_t id = cur_u16(&c) & ID_MASK;
    struct span parts[] = { stations, cur_rest(&c) };
    struct frame_offload offload = moved(&f->offload, -VLAN_TAG_BYTES);
    if (c.err == WIRE_OK && id <= VLAN_ID_MAX && is_behind_tag(&f->offload))
        deliver(t, id, (frame_parts){ parts, NUM_OF(parts) }, &offload);
    else
        count_up(&t->counters.malformed);
}

/* The buffers lie behind each other, so that a frame is one piece. */
static err receive_fiber(void *trunk)
{
    struct vlan_trunk *t = trunk;
    struct mspan buffer[FRAME_PARTS_MAX];
    struct rx_frame f;
    for (size_t i = 0; i < FRAME_PARTS_MAX; i++)
        buffer[i] = mspan_sub(t->frame, i * BUFFER_BYTES, BUFFER_BYTES);
    for (;;) {
        while (net_receive(t->below, buffer, FRAME_PARTS_MAX, &f, 1) == 1)
            take(t, &f);
        TRY(net_wait(t->below, NEVER));
    }
}

static size_t receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    struct vlan *v = vlan_of(n);
    frame_buffers all = { buffers, num_buffers };
    SLICE(struct rx_frame) out = { frames, max_frames };
    size_t num = 0, used = 0;
    struct frame_note note;
    for (; num < max_frames && frame_buffers_suffice(all, used, n->mtu, &n->features) && frame_queue_next(&v->queue, &note); num++) {
        AT(out, num) = (struct rx_frame){ .num_bytes = note.num_bytes, .offload = note.offload };
        AT(out, num).num_buffers = frame_queue_pop(&v->queue, all, used);
        used += AT(out, num).num_buffers;
    }
    return num;
}

static err wait(struct net *n, nanos deadline)
{
    struct vlan *v = vlan_of(n);
    return v->queue.num > 0 ? OK : waitq_wait(&v->receivers, deadline);
}

/* ---- Out */

/* The tag between the stations and the type, which lie in the first part. false: the device is full. */
static bool send_tagged(struct vlan *v, const struct tx_frame *frame)
{
    uint8_t tag[VLAN_TAG_BYTES];
    SLICE(const struct span) parts = { frame->part, frame->num_parts };
    struct span first = parts.n > 0 ? AT(parts, 0) : (struct span){ 0 };
    struct tx_frame f = { .part = { span_first(first, STATIONS_BYTES), SPAN(tag), span_skip(first, STATIONS_BYTES) }, .num_parts = 3,
                          .offload = moved(&frame->offload, VLAN_TAG_BYTES) };
    if (first.n < STATIONS_BYTES || parts.n + 2 > FRAME_PARTS_MAX) {
        count_up(&v->trunk->counters.scattered);
        return true;
    }
    mspan_u16(MSPAN(tag), 0, TAG_PROTOCOL);
    mspan_u16(MSPAN(tag), 2, (uint16_t)(v->priority << PRIORITY_SHIFT | v->id));
    for (size_t i = 1; i < parts.n; i++)
        f.part[f.num_parts++] = AT(parts, i);
    return net_send(v->trunk->below, &f, 1) == 1;
}

static size_t send(struct net *n, const struct tx_frame *frames, size_t num)
{
    struct vlan *v = vlan_of(n);
    SLICE(const struct tx_frame) list = { frames, num };
    size_t num_sent = 0;
    if (v->id == VLAN_UNTAGGED)
        return net_send(v->trunk->below, frames, num);
    while (num_sent < num && send_tagged(v, &AT(list, num_sent)))
        num_sent++;
    return num_sent;
}

/* ---- Open and close */

err vlan_trunk_open(struct net *below, struct vlan_trunk *out)
{
    *out = (struct vlan_trunk){ .below = below };
    if (below->nesting > 1)
        return E_INVALID;
    TRY(HEAP_SLICE(FRAME_PARTS_MAX * BUFFER_BYTES, &out->frame));
    scope_open(&out->scope);
    err e = fiber_go(&out->scope, receive_fiber, out, "vlan");
    if (e != OK)
        vlan_trunk_close(out);
    return e;
}

void vlan_trunk_close(struct vlan_trunk *t)
{
    scope_cancel(&t->scope);
    heap_free(t->frame.p);
    *t = (struct vlan_trunk){ 0 };
}

static size_t free_port(const struct vlan_trunk *t)
{
    size_t i = 0;
    while (i < VLAN_PORTS && t->port[i])
        i++;
    return i;
}

err vlan_open(struct vlan_trunk *t, uint16_t id, uint8_t priority, struct vlan *out)
{
    static const struct net_ops ops = { .receive = receive, .send = send, .wait = wait };
    size_t place = free_port(t);
    *out = (struct vlan){ 0 };
    if (id > VLAN_ID_MAX || priority > 7)
        return E_INVALID;
    if (port_of(t, id))
        return E_IN_USE;
    if (place == VLAN_PORTS)
        return E_NOMEM;
    *out = (struct vlan){ .net = *t->below, .trunk = t, .id = id, .priority = priority };
    out->net.ops = &ops;
    out->net.nesting = 2;
    out->net.mtu = (uint16_t)(t->below->mtu - (id == VLAN_UNTAGGED ? 0 : VLAN_TAG_BYTES));
    TRY(HEAP_SLICE(VLAN_QUEUE_BYTES, &out->memory));
    out->queue = frame_queue_of(out->memory);
    t->port[place] = out;
    return OK;
}

void vlan_close(struct vlan *v)
{
    if (!v->trunk)
        return;
    for (size_t i = 0; i < VLAN_PORTS; i++)
        if (v->trunk->port[i] == v)
            v->trunk->port[i] = NULL;
    heap_free(v->memory.p);
    *v = (struct vlan){ 0 };
}
