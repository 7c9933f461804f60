// SPDX-License-Identifier: ISC
/* net_batch.c - Morgana's calls: many frames each, in parts and with the header of their offloads. */
#include "base/checked.h"
#include "platform/common/vnet.h"
#include "platform/hvt/hvt.h"

_Static_assert(VNET_BYTES == HVT_VNET_BYTES && FRAME_PARTS_MAX == HVT_FRAME_PARTS_MAX, "the extension says so");

static struct hvt_part parts[HVT_PARTS_MAX];
static struct hvt_frame frames[HVT_FRAMES_MAX];

static struct hvt_net net_call(unsigned handle, size_t num_frames, size_t num_parts)
{
    return (struct hvt_net){ .handle = handle, .frames = (uintptr_t)frames, .parts = (uintptr_t)parts,
                             .num_frames = (uint32_t)num_frames, .num_parts = (uint32_t)num_parts, .ret = SOLO5_EINVAL };
}

/* A frame whose header is impossible is handed up as an empty one, which every stack drops: its buffers are filled. */
static void hand_up(struct lent *l, const struct hvt_frame *f)
{
    struct rx_frame *out = &AT(l->frames, l->num_frames++);
    *out = (struct rx_frame){ .num_bytes = f->num_bytes, .num_buffers = f->num_parts };
    if (l->device->net_kind == EXTENSION_NET_TAP_VIRTIO &&
        vnet_decode(SPAN(f->vnet_header), f->num_bytes, &out->offload) != WIRE_OK)
        out->num_bytes = 0;
    l->num_used += f->num_parts;
}

void hvt_receive_batch(unsigned handle, struct lent *l, bool *has_more)
{
    size_t num_parts = size_min(l->buffers.n - l->num_used, NUM_OF(parts));
    for (size_t i = 0; i < num_parts; i++) {
        struct mspan b = AT(l->buffers, l->num_used + i);
        parts[i] = (struct hvt_part){ .data = (uintptr_t)b.p, .num_bytes = (uint32_t)b.n };
    }
    struct hvt_net n = net_call(handle, size_min(l->frames.n - l->num_frames, NUM_OF(frames)), num_parts);
    n.parts_to_begin = (uint32_t)lent_to_begin(l);
    hvt_call(HVT_NET_RECEIVE, &n);
    *has_more = n.ret == SOLO5_OK && n.has_more;
    for (size_t i = 0; n.ret == SOLO5_OK && i < n.num_done && i < NUM_OF(frames); i++)
        hand_up(l, &frames[i]);
}

static size_t add_parts(size_t num_parts, const struct tx_frame *frame)
{
    for (size_t i = 0; i < frame->num_parts; i++)
        parts[num_parts + i] = (struct hvt_part){ .data = (uintptr_t)frame->part[i].p, .num_bytes = (uint32_t)frame->part[i].n };
    return num_parts + frame->num_parts;
}

/* As many frames as one call takes, from the first; how many the device took. */
static size_t send_some(unsigned handle, const struct tx_frame *first, size_t num, size_t *num_asked)
{
    SLICE(const struct tx_frame) list = { first, num };
    size_t num_frames = 0, num_parts = 0;
    for (; num_frames < size_min(num, NUM_OF(frames)); num_frames++) {
        const struct tx_frame *f = &AT(list, num_frames);
        REQUIRE(f->num_parts <= FRAME_PARTS_MAX);
        if (num_parts + f->num_parts > NUM_OF(parts))
            break;
        frames[num_frames] = (struct hvt_frame){ .num_parts = (uint16_t)f->num_parts };
        vnet_encode(MSPAN(frames[num_frames].vnet_header), &f->offload);
        num_parts = add_parts(num_parts, f);
    }
    struct hvt_net n = net_call(handle, num_frames, num_parts);
    hvt_call(HVT_NET_SEND, &n);
    *num_asked = num_frames;
    return n.ret == SOLO5_OK ? size_min(n.num_done, num_frames) : num_frames;
}

size_t hvt_send_batch(unsigned handle, const struct tx_frame *first, size_t num)
{
    SLICE(const struct tx_frame) list = { first, num };
    size_t num_taken = 0, num_asked = 0, num_now = 0;
    while (num_taken < num && num_now == num_asked) {
        num_now = send_some(handle, &AT(list, num_taken), num - num_taken, &num_asked);
        num_taken += num_now;
    }
    return num_taken;
}
