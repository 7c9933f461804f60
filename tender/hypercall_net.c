// SPDX-License-Identifier: ISC
/* hypercall_net.c - many frames a call, both ways: abi/hvt_extension.h. The lists are copied in before anything is done with them, and
 * a received frame's bytes go only to parts that were checked. */
#include "base/checked.h"
#include "tender/hypercall_parts.h"

struct batch {                                      /* one of the call's lists */
    const struct hypercall_guest *g;
    unsigned handle;
    struct hvt_list *list;
    uint32_t to_begin, packed_at;                   /* receive: as the call has it; packed: where the next frame begins */
    bool has_header, is_packed;
    struct hvt_frame frame[HVT_FRAMES_MAX];
    struct hvt_part part[HVT_PARTS_MAX];
    uint32_t num_used;                              /* of the parts */
    struct iovec vector[HVT_FRAME_PARTS_MAX + 1];   /* of the frame under way */
    size_t num_vector;
};

/* false: the guest's fault */
static bool batch_open(struct batch *b, const struct hypercall_guest *g, const struct hvt_net *call, struct hvt_list *list)
{
    struct span frames, parts;
    uint64_t frames_bytes = (uint64_t)list->num_frames * sizeof b->frame[0];
    uint64_t parts_bytes = (uint64_t)list->num_parts * sizeof b->part[0];
    b->g = g;
    b->handle = (unsigned)call->handle;
    b->list = list;
    b->num_used = b->packed_at = 0;
    b->has_header = g->devices->extension[call->handle].net_kind == EXTENSION_NET_TAP_VIRTIO;
    b->is_packed = (call->flags & HVT_NET_PACKED) != 0;
    b->to_begin = b->is_packed ? u32_max(1, call->to_begin) : u32_max(1, u32_min(call->to_begin, HVT_FRAME_PARTS_MAX));
    if (list->num_frames > HVT_FRAMES_MAX || list->num_parts > HVT_PARTS_MAX ||
        !guest_readable(g, list->frames, frames_bytes, &frames) || !guest_readable(g, list->parts, parts_bytes, &parts))
        return false;
    (void)span_copy(MSPAN_OF(b->frame), frames);
    (void)span_copy(MSPAN_OF(b->part), parts);
    list->num_done = 0;
    return true;
}

static void begin_vector(struct batch *b, struct hvt_frame *f)
{
    b->num_vector = 0;
    if (b->has_header)
        b->vector[b->num_vector++] = (struct iovec){ f->vnet_header, sizeof f->vnet_header };
}
static iovecs vector_of(const struct batch *b)
{
    return (iovecs){ b->vector, b->num_vector };
}

/* ---- Sending */

static bool add_sent_parts(struct batch *b, uint32_t num_parts)
{
    if (num_parts > HVT_FRAME_PARTS_MAX || num_parts > b->list->num_parts - b->num_used)
        return false;
    for (uint32_t i = 0; i < num_parts; i++) {
        const struct hvt_part *p = &b->part[b->num_used++];
        struct span bytes;
        if (!guest_readable(b->g, p->data, p->num_bytes, &bytes))
            return false;
        b->vector[b->num_vector++] = (struct iovec){ (void *)bytes.p, bytes.n };
    }
    return true;
}

/* Until the device is full. NULL, or what the guest did. */
static const char *send_list(const struct hypercall_guest *g, struct hvt_net *call)
{
    struct batch b UNINITIALIZED;
    struct hvt_list *list = &call->send;
    if (!batch_open(&b, g, call, list))
        return "sent a list of frames that is too long or lies outside memory";
    for (; list->num_done < list->num_frames; list->num_done++) {
        struct hvt_frame *f = &b.frame[list->num_done];
        begin_vector(&b, f);
        if (!add_sent_parts(&b, f->num_parts))
            return "sent a frame whose parts lie outside memory";
        if (g->host->net_write(b.handle, vector_of(&b)) == HOST_NET_NOW_NOT)
            break;
    }
    return NULL;
}

/* ---- Receiving */

static bool add_lent_part(struct batch *b, uint64_t address, uint32_t num_bytes)
{
    struct mspan bytes;
    if (!guest_writable(b->g, address, num_bytes, &bytes))
        return false;
    b->vector[b->num_vector++] = (struct iovec){ bytes.p, bytes.n };
    return true;
}

/* The parts of one frame: those that it takes to begin, since no frame needs more. */
static bool add_lent_parts(struct batch *b)
{
    bool is_good = true;
    if (b->is_packed)
        return add_lent_part(b, b->part[0].data + b->packed_at, b->to_begin);
    for (uint32_t i = 0; i < b->to_begin && is_good; i++)
        is_good = add_lent_part(b, b->part[b->num_used + i].data, b->part[b->num_used + i].num_bytes);
    return is_good;
}

/* Notes a frame of num_bytes behind its header, which fills the next parts. */
static void note_frame(struct batch *b, struct hvt_frame *f, size_t num_bytes)
{
    size_t left = num_bytes;
    *f = (struct hvt_frame){ .num_bytes = (uint32_t)num_bytes, .num_parts = b->is_packed };
    b->packed_at += (uint32_t)num_bytes;
    for (; !b->is_packed && left > 0 && b->num_used < b->list->num_parts; f->num_parts++) {
        size_t room = b->part[b->num_used++].num_bytes;
        left -= room < left ? room : left;
    }
}

/* false: there is no more */
static bool receive_one(struct batch *b)
{
    struct hvt_frame *f = &b->frame[b->list->num_done];
    struct hvt_frame header = { 0 };
    size_t num_bytes = 0, header_bytes = b->has_header ? HVT_VNET_BYTES : 0;
    if (b->has_header)
        b->vector[0].iov_base = header.vnet_header;
    enum host_net result = b->g->host->net_read(b->handle, vector_of(b), &num_bytes);
    if (result != HOST_NET_OK)
        return false;
    if (num_bytes > header_bytes) {
        note_frame(b, f, num_bytes - header_bytes);
        memcpy(f->vnet_header, header.vnet_header, sizeof f->vnet_header);
        b->list->num_done++;
    }
    return true;
}

static bool may_begin(const struct batch *b)
{
    const struct hvt_list *l = b->list;
    uint32_t left = b->is_packed ? l->num_parts > 0 ? b->part[0].num_bytes - b->packed_at : 0 : l->num_parts - b->num_used;
    return l->num_done < l->num_frames && left >= b->to_begin;
}

/* Until there is nothing, or no room. NULL, or what the guest did. */
static const char *receive_list(const struct hypercall_guest *g, struct hvt_net *call)
{
    struct batch b UNINITIALIZED;
    struct mspan frames;
    bool has_more = true;
    if (!batch_open(&b, g, call, &call->receive) ||
        !guest_writable(g, call->receive.frames, (uint64_t)call->receive.num_frames * sizeof b.frame[0], &frames))
        return "received into a list that is too long or lies outside memory";
    while (has_more && may_begin(&b)) {
        begin_vector(&b, &b.frame[call->receive.num_done]);
        if (!add_lent_parts(&b))
            return "received a frame to where it may not write";
        has_more = receive_one(&b);
    }
    call->has_more = has_more;
    (void)span_copy(frames, SPAN_OF(b.frame));
    return NULL;
}

struct hypercall_result hypercall_net_exchange(const struct hypercall_guest *g, void *arguments)
{
    struct hvt_net *call = arguments;
    const char *fault;
    call->ret = SOLO5_EINVAL;
    if (!guest_device(g, call->handle, SOLO5_DEVICE_NET))
        return hypercall_done;
    fault = send_list(g, call);
    if (!fault && (call->flags & HVT_NET_WAIT) != 0)
        call->ready_set = g->host->poll(call->timeout_nsecs);
    if (!fault)
        fault = receive_list(g, call);
    call->ret = SOLO5_OK;
    return fault ? guest_fault(fault) : hypercall_done;
}
