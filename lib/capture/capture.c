// SPDX-License-Identifier: ISC
/* capture.c - the device, and what is read from it. */
#include "lib/capture/inside.h"
#include "base/checked.h"
#include "base/cursor.h"
#include "runtime/clock.h"
#include "runtime/heap.h"

enum { STATIONS_BYTES = 12, TYPE_IPV4 = 0x0800, TYPE_IPV6 = 0x86dd, PROTOCOL_TCP = 6, IPV6_HEADER_BYTES = 40 };

static struct capture *capture_of(struct net *n)
{
    return LINKED(n, struct capture, net);
}

/* ---- What is remembered */

/* Behind plain IP headers, within the first part. */
static bool has_port(struct span frame, uint16_t port)
{
    struct cur c = cur_of(frame);
    (void)cur_bytes(&c, STATIONS_BYTES);
    uint16_t type = cur_u16(&c);
    struct span ip = cur_rest(&c);
    if (ip.n < IPV6_HEADER_BYTES || (type != TYPE_IPV4 && type != TYPE_IPV6))
        return false;
    bool is_v4 = type == TYPE_IPV4;
    if (span_at(ip, is_v4 ? 9 : 6) != PROTOCOL_TCP)
        return false;
    struct span tcp = span_skip(ip, is_v4 ? (size_t)(span_at(ip, 0) & 15) * 4 : IPV6_HEADER_BYTES);
    return tcp.n >= 4 && (span_u16(tcp, 0) == port || span_u16(tcp, 2) == port);
}

static void remember(struct capture *c, frame_parts parts, enum pcapng_direction direction)
{
    struct frame_note note = { .at = clock_wall(), .num_bytes = c->cfg.snap_bytes, .tag = direction };
    if (!c->is_read || (c->cfg.without_port != 0 && parts.n > 0 && has_port(AT(parts, 0), c->cfg.without_port)))
        return;
    if (!frame_queue_push(&c->queue, parts, &note)) {
        count_up(&c->num_dropped);
        return;
    }
    count_up(&c->num_captured);
    waitq_wake_all(&c->reader);
}

/* ---- The device */

static size_t receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    struct capture *c = capture_of(n);
    SLICE(const struct mspan) all = { buffers, num_buffers };
    size_t num = net_receive(c->below, buffers, num_buffers, frames, max_frames), at = 0;
    SLICE(const struct rx_frame) list = { frames, num };
    for (size_t i = 0; i < num; i++) {
        struct span parts[FRAME_PARTS_MAX];
        size_t left = AT(list, i).num_bytes, num_parts = 0;
        for (; left > 0 && num_parts < FRAME_PARTS_MAX; left -= parts[num_parts++].n)
            parts[num_parts] = span_first(span_of(AT(all, at + num_parts)), left);
        remember(c, (frame_parts){ parts, num_parts }, PCAPNG_INBOUND);
        at += AT(list, i).num_buffers;
    }
    return num;
}

static size_t send(struct net *n, const struct tx_frame *frames, size_t num)
{
    struct capture *c = capture_of(n);
    SLICE(const struct tx_frame) list = { frames, num };
    size_t num_sent = net_send(c->below, frames, num);
    for (size_t i = 0; i < num_sent; i++)
        remember(c, (frame_parts){ AT(list, i).part, AT(list, i).num_parts }, PCAPNG_OUTBOUND);
    return num_sent;
}

static err wait(struct net *n, nanos deadline)
{
    return net_wait(capture_of(n)->below, deadline);
}

err capture_open(struct net *below, const struct capture_config *cfg, struct capture *out)
{
    static const struct net_ops ops = { .receive = receive, .send = send, .wait = wait };
    *out = (struct capture){ .net = *below, .below = below, .cfg = *cfg };
    if (cfg->snap_bytes > CAPTURE_SNAP_MAX_BYTES || below->nesting > 0)
        return E_INVALID;
    out->net.ops = &ops;
    out->net.nesting = 1;
    out->cfg.snap_bytes = cfg->snap_bytes ? cfg->snap_bytes : CAPTURE_SNAP_BYTES;
    size_t bytes = cfg->buffer_bytes ? cfg->buffer_bytes : CAPTURE_BUFFER_BYTES, packet = out->cfg.snap_bytes + PCAPNG_PACKET_BYTES;
    TRY(HEAP_SLICE(bytes + packet + out->cfg.snap_bytes, &out->memory));
    out->queue = frame_queue_of(mspan_first(out->memory, bytes));
    out->packet = mspan_sub(out->memory, bytes, packet + out->cfg.snap_bytes);
    return OK;
}

static err block_fiber(void *capture)
{
    struct capture *c = capture;
    return capture_to_block(c, c->block);
}

err capture_open_to(struct net *below, struct block *block, struct capture *out)
{
    TRY(capture_open(below, &(struct capture_config){ 0 }, out));
    out->block = block;
    scope_open(&out->scope);
    err e = fiber_go(&out->scope, block_fiber, out, "capture");
    if (e != OK)
        capture_close(out);
    return e;
}

void capture_close(struct capture *c)
{
    scope_cancel(&c->scope);
    heap_free(c->memory.p);
    *c = (struct capture){ 0 };
}

/* ---- What is read */

struct span capture_head(struct capture *c)
{
    struct wr w = wr_of(c->packet);
    pcapng_write_head(&w, c->cfg.snap_bytes);
    return wr_done(&w);
}

bool capture_next(struct capture *c, struct span *out)
{
    struct frame_note note;
    struct mspan frame = mspan_first(c->packet, c->cfg.snap_bytes);
    struct wr w = wr_of(mspan_skip(c->packet, c->cfg.snap_bytes));
    *out = (struct span){ 0 };
    if (!frame_queue_next(&c->queue, &note))
        return false;
    (void)frame_queue_pop(&c->queue, (frame_buffers){ &frame, 1 }, 0);
    pcapng_write_packet(&w, &(struct pcapng_packet){ .time = note.at, .direction = note.tag, .whole_bytes = note.whole_bytes,
                                                     .bytes = span_first(span_of(frame), note.num_bytes),
                                                     .num_dropped = c->num_dropped - c->dropped_before });
    c->dropped_before = c->num_dropped;
    *out = wr_done(&w);
    return true;
}

err capture_begin(struct capture *c)
{
    if (c->is_read)
        return E_IN_USE;
    c->is_read = true;
    return OK;
}

void capture_end(struct capture *c)
{
    struct span packet;
    c->is_read = false;
    while (capture_next(c, &packet))
        ;
}
