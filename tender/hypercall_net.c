// SPDX-License-Identifier: ISC
/* hypercall_net.c - many frames a call: abi/hvt_extension.h. The lists are copied in before anything is done with them, and
 * a received frame's bytes go only to parts that were checked. */
#include "base/checked.h"
#include "tender/hypercall_parts.h"

struct batch {
    const struct hypercall_guest *g;
    struct hvt_net *call;
    bool has_header;
    struct mspan guest_frames;
    struct hvt_frame frame[HVT_FRAMES_MAX];
    struct hvt_part part[HVT_PARTS_MAX];
    uint32_t num_used;                              /* of the parts */
    struct iovec vector[HVT_FRAME_PARTS_MAX + 1];   /* of the frame under way */
    size_t num_vector;
};

/* false: the guest's fault */
static bool batch_open(struct batch *b, const struct hypercall_guest *g, struct hvt_net *call)
{
    struct span parts;
    uint64_t frames_bytes = (uint64_t)call->num_frames * sizeof b->frame[0];
    uint64_t parts_bytes = (uint64_t)call->num_parts * sizeof b->part[0];
    b->g = g;
    b->call = call;
    b->num_used = 0;
    b->has_header = g->devices->extension[call->handle].net_kind == EXTENSION_NET_TAP_VIRTIO;
    if (call->num_frames > HVT_FRAMES_MAX || call->num_parts > HVT_PARTS_MAX ||
        !guest_writable(g, call->frames, frames_bytes, &b->guest_frames) ||
        !guest_readable(g, call->parts, parts_bytes, &parts))
        return false;
    (void)span_copy(MSPAN_OF(b->frame), span_of(b->guest_frames));
    (void)span_copy(MSPAN_OF(b->part), parts);
    call->num_done = 0;
    call->has_more = 0;
    call->ret = SOLO5_OK;
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
    if (num_parts > HVT_FRAME_PARTS_MAX || num_parts > b->call->num_parts - b->num_used)
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

struct hypercall_result hypercall_net_send(const struct hypercall_guest *g, void *arguments)
{
    struct hvt_net *call = arguments;
    struct batch b UNINITIALIZED;
    call->ret = SOLO5_EINVAL;
    if (!guest_device(g, call->handle, SOLO5_DEVICE_NET))
        return hypercall_done;
    if (!batch_open(&b, g, call))
        return guest_fault("sent a list of frames that is too long or lies outside memory");
    for (; call->num_done < call->num_frames; call->num_done++) {
        struct hvt_frame *f = &b.frame[call->num_done];
        begin_vector(&b, f);
        if (!add_sent_parts(&b, f->num_parts))
            return guest_fault("sent a frame whose parts lie outside memory");
        if (g->host->net_write((unsigned)call->handle, vector_of(&b)) == HOST_NET_NOW_NOT)
            return hypercall_done;
    }
    call->has_more = 1;
    return hypercall_done;
}

/* ---- Receiving */

static uint32_t parts_to_begin(const struct batch *b)
{
    return u32_max(1, u32_min(b->call->parts_to_begin, HVT_FRAME_PARTS_MAX));
}

/* The parts of one frame: those that it takes to begin, since no frame needs more. */
static bool add_lent_parts(struct batch *b)
{
    for (uint32_t i = 0; i < parts_to_begin(b); i++) {
        const struct hvt_part *p = &b->part[b->num_used + i];
        struct mspan bytes;
        if (!guest_writable(b->g, p->data, p->num_bytes, &bytes))
            return false;
        b->vector[b->num_vector++] = (struct iovec){ bytes.p, bytes.n };
    }
    return true;
}

/* Notes a frame of num_bytes behind its header, which fills the next parts. */
static void note_frame(struct batch *b, struct hvt_frame *f, size_t num_bytes)
{
    size_t left = num_bytes;
    *f = (struct hvt_frame){ .num_bytes = (uint32_t)num_bytes };
    for (; left > 0 && b->num_used < b->call->num_parts; f->num_parts++) {
        size_t room = b->part[b->num_used++].num_bytes;
        left -= room < left ? room : left;
    }
}

/* false: there is no more */
static bool receive_one(struct batch *b)
{
    struct hvt_frame *f = &b->frame[b->call->num_done];
    struct hvt_frame header = { 0 };
    size_t num_bytes = 0, header_bytes = b->has_header ? HVT_VNET_BYTES : 0;
    if (b->has_header)
        b->vector[0].iov_base = header.vnet_header;
    enum host_net result = b->g->host->net_read((unsigned)b->call->handle, vector_of(b), &num_bytes);
    if (result != HOST_NET_OK)
        return false;
    if (num_bytes > header_bytes) {
        note_frame(b, f, num_bytes - header_bytes);
        memcpy(f->vnet_header, header.vnet_header, sizeof f->vnet_header);
        b->call->num_done++;
    }
    return true;
}

static bool may_begin(const struct batch *b)
{
    return b->call->num_done < b->call->num_frames && b->call->num_parts - b->num_used >= parts_to_begin(b);
}

struct hypercall_result hypercall_net_receive(const struct hypercall_guest *g, void *arguments)
{
    struct hvt_net *call = arguments;
    struct batch b UNINITIALIZED;
    bool has_more = true;
    call->ret = SOLO5_EINVAL;
    if (!guest_device(g, call->handle, SOLO5_DEVICE_NET))
        return hypercall_done;
    if (!batch_open(&b, g, call))
        return guest_fault("received into a list that is too long or lies outside memory");
    while (has_more && may_begin(&b)) {
        begin_vector(&b, &b.frame[call->num_done]);
        if (!add_lent_parts(&b))
            return guest_fault("received a frame to where it may not write");
        has_more = receive_one(&b);
    }
    call->has_more = has_more;
    (void)span_copy(b.guest_frames, SPAN_OF(b.frame));
    return hypercall_done;
}
