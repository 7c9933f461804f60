// SPDX-License-Identifier: ISC
#include "platform/common/lent.h"

static bool has_offload(const struct extension_device *d, uint8_t offload)
{
    return d->net_kind == EXTENSION_NET_TAP_VIRTIO && (d->net_offloads & offload) != 0;
}

struct frame_features extension_features(const struct extension_device *d)
{
    bool checksum = has_offload(d, EXTENSION_OFFLOAD_CHECKSUM);
    return (struct frame_features){
        .send_checksum = checksum,
        .send_tso4 = has_offload(d, EXTENSION_OFFLOAD_TSO4),
        .send_tso6 = has_offload(d, EXTENSION_OFFLOAD_TSO6),
        .receive_checksum = checksum,
        .receive_coalesced = has_offload(d, EXTENSION_OFFLOAD_TSO4 | EXTENSION_OFFLOAD_TSO6),
    };
}

/* A frame that could be larger than what is left is not begun. */
size_t lent_to_begin(const struct lent *l)
{
    if (l->num_used >= l->buffers.n)
        return 1;
    struct frame_features f = extension_features(l->device);
    return frame_buffers_to_begin(AT(l->buffers, l->num_used).n, l->device->net_mtu, &f);
}

bool lent_may_begin(const struct lent *l)
{
    return l->num_frames < l->frames.n && l->buffers.n - l->num_used >= lent_to_begin(l);
}

void lent_received(struct lent *l, size_t num_bytes, struct frame_offload offload)
{
    struct rx_frame *f = &AT(l->frames, l->num_frames);
    *f = (struct rx_frame){ .num_bytes = num_bytes, .offload = offload };
    for (size_t left = num_bytes; left > 0; f->num_buffers++) {
        size_t room = AT(l->buffers, l->num_used + f->num_buffers).n;
        left -= room < left ? room : left;
    }
    l->num_used += f->num_buffers;
    l->num_frames++;
}

void lent_copy(struct lent *l, struct span frame, struct frame_offload offload)
{
    struct span rest = frame;
    for (size_t i = l->num_used; rest.n > 0 && i < l->buffers.n; i++)
        rest = span_skip(rest, span_copy(AT(l->buffers, i), rest));
    if (frame.n > 0 && rest.n == 0)
        lent_received(l, frame.n, offload);
}
