// SPDX-License-Identifier: ISC
/* net.c - network devices: which of the ways to the tender a device takes. */
#include "platform/hvt/hvt.h"

#define FRAME_BYTES_MAX (65535u + LENT_ETHERNET_BYTES)

static bool has_net(void)
{
    for (unsigned h = 1; h < hvt.manifest->entries && h < SOLO5_RECORDS_MAX; h++)
        if (hvt_extension.device[h].net_kind != EXTENSION_NET_NONE)
            return true;
    return false;
}

void hvt_net_init(void)
{
    if (hvt_extension.version != 0 || !has_net())
        return;
    hvt.frame = hvt_take_memory(FRAME_BYTES_MAX);
    if (hvt.ring)
        hvt_ring_init();
}

err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    TRY(record_find(hvt.manifest, name, SOLO5_DEVICE_NET, handle));
    const struct extension_device *d = &hvt_extension.device[*handle];
    *info = (struct platform_net_info){ .mtu = d->net_mtu, .features = extension_features(d) };
    (void)span_copy(MSPAN(info->mac), SPAN(hvt_record(*handle)->net.mac));
    return OK;
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames)
{
    REQUIRE(hvt_record(handle)->type == SOLO5_DEVICE_NET && hvt_record(handle)->is_attached);
    struct lent l = { .buffers = { buffers, num_buffers }, .frames = { frames, max_frames },
                      .device = &hvt_extension.device[handle] };
    bool has_more = true;
    while (has_more && lent_may_begin(&l)) {
        if (hvt_extension.version != 0)
            hvt_receive_batch(handle, &l, &has_more);
        else
            hvt_receive_single(handle, &l, &has_more);
    }
    hvt_set_ready(handle, has_more);
    return l.num_frames;
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    REQUIRE(hvt_record(handle)->type == SOLO5_DEVICE_NET && hvt_record(handle)->is_attached);
    return hvt_extension.version != 0 ? hvt_send_batch(handle, frames, num) : hvt_send_single(handle, frames, num);
}
