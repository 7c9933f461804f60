// SPDX-License-Identifier: ISC
/* net.c - network devices: which of the ways to the tender a device takes. */
#include "platform/hvt/hvt.h"


static bool has_net(void)
{
    for (unsigned h = 1; h < guest.manifest->entries; h++)
        if (guest_extension(h)->net_kind != EXTENSION_NET_NONE)
            return true;
    return false;
}

void hvt_net_init(void)
{
    if (hvt_extension.version != 0 || !has_net())
        return;
    guest.frame = guest_take_memory(FRAME_BYTES_MAX);
    if (hvt.ring)
        hvt_ring_init();
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames)
{
    (void)guest_device(handle, SOLO5_DEVICE_NET);
    struct lent l = { .buffers = { buffers, num_buffers }, .frames = { frames, max_frames },
                      .device = guest_extension(handle) };
    bool has_more = guest.ready >> handle & 1;      /* else the next wait says so, and a call would be an exit for nothing */
    while (has_more && lent_may_begin(&l)) {
        if (hvt_extension.version != 0)
            hvt_receive_batch(handle, &l, &has_more);
        else
            hvt_receive_single(handle, &l, &has_more);
    }
    guest_set_ready(handle, has_more);
    return l.num_frames;
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    (void)guest_device(handle, SOLO5_DEVICE_NET);
    return hvt_extension.version != 0 ? hvt_send_batch(handle, frames, num) : hvt_send_single(handle, frames, num);
}
