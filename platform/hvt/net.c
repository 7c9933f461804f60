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
    if (!has_net())
        return;
    if (hvt_extension.version != 0) {
        hvt_exchange_init();
        return;
    }
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
    if (hvt_extension.version != 0)
        hvt_receive_exchange(handle, &l);
    else
        hvt_receive_single(handle, &l);
    return l.num_frames;
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    (void)guest_device(handle, SOLO5_DEVICE_NET);
    return hvt_extension.version != 0 ? hvt_send_exchange(handle, frames, num) : hvt_send_single(handle, frames, num);
}
