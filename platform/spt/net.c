// SPDX-License-Identifier: ISC
/* net.c - network devices that keep frame boundaries: TAP, with or without virtio_net_hdr, and packet sockets. One
 * system call a frame; what came with the last one is remembered, so that a wait needs none while frames are left. */
#include "platform/spt/net.h"
#include "platform/common/vnet.h"
#include "platform/spt/linux_call.h"
#include <sys/epoll.h>

#define NET_PARTS_MAX (FRAME_PARTS_MAX + 1)

static const struct spt_net_ops packet_ops;

static const struct spt_net_ops *net_ops(unsigned handle)
{
    return guest_extension(handle)->net_kind == EXTENSION_NET_STREAM ? &spt_stream_ops : &packet_ops;
}
static bool has_vnet_header(unsigned handle)
{
    return guest_extension(handle)->net_kind == EXTENSION_NET_TAP_VIRTIO;
}
void spt_net_init(void)
{
    bool wants_frame = false;
    for (unsigned h = 1; h < guest.manifest->entries; h++) {
        if (guest_extension(h)->net_kind == EXTENSION_NET_STREAM)
            spt_stream_init(h);
        wants_frame |= guest_extension(h)->net_kind != EXTENSION_NET_NONE && spt_extension.version == 0;
    }
    if (wants_frame)
        guest.frame = guest_take_memory(FRAME_BYTES_MAX);
}

void spt_net_event(unsigned handle, uint32_t events)
{
    if (events & EPOLLOUT)
        spt_stream_may_write(handle);
    if (events & ~(uint32_t)EPOLLOUT)
        guest_set_ready(handle, true);
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames)
{
    (void)guest_device(handle, SOLO5_DEVICE_NET);
    struct lent l = { .buffers = { buffers, num_buffers }, .frames = { frames, max_frames },
                      .device = guest_extension(handle) };
    const struct spt_net_ops *ops = net_ops(handle);
    bool has_more = true;
    while (has_more && lent_may_begin(&l))
        has_more = ops->receive(handle, &l);
    guest_set_ready(handle, has_more);
    return l.num_frames;
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    (void)guest_device(handle, SOLO5_DEVICE_NET);
    const struct spt_net_ops *ops = net_ops(handle);
    SLICE(const struct tx_frame) list = { frames, num };
    size_t num_taken = 0;
    while (num_taken < num && ops->send(handle, &AT(list, num_taken)))
        num_taken++;
    return num_taken;
}

/* The vnet header, if any, and the frame's parts. */
struct net_parts {
    struct iovec part[NET_PARTS_MAX];
    size_t num;
};
/* A frame may need all the buffers that it can get, most need one, and the kernel looks at every part of a read. So one buffer
 * is offered, and behind it this place, from which the rest of a larger frame is copied to the buffers that it should have come to. */
static uint8_t spill[FRAME_BYTES_MAX];

static void receive_parts(unsigned handle, const struct lent *l, struct mspan header, struct net_parts *p)
{
    struct mspan first = AT(l->buffers, l->num_used);
    p->num = 0;
    if (has_vnet_header(handle))
        p->part[p->num++] = (struct iovec){ header.p, header.n };
    p->part[p->num++] = (struct iovec){ first.p, first.n };
    if (lent_to_begin(l) > 1)
        p->part[p->num++] = (struct iovec){ spill, sizeof spill };
}
static void take_spilled(const struct lent *l, size_t num_bytes)
{
    size_t first = AT(l->buffers, l->num_used).n;
    struct span left = span_first(SPAN(spill), num_bytes > first ? num_bytes - first : 0);
    for (size_t i = 1; left.n > 0; i++)
        left = span_skip(left, span_copy(AT(l->buffers, l->num_used + i), left));
}

/* false: there is no more. A frame with an impossible header is passed over. */
static bool receive_packet(unsigned handle, struct lent *l)
{
    uint8_t header[VNET_BYTES];
    struct net_parts parts UNINITIALIZED;
    struct frame_offload offload = { 0 };
    receive_parts(handle, l, MSPAN(header), &parts);
    size_t header_bytes = has_vnet_header(handle) ? VNET_BYTES : 0;
    long n = spt.way->read(guest_record(handle)->host_fd, (iovecs){ parts.part, parts.num });
    if (n == -EINTR)
        return true;
    if (n <= 0)
        return false;
    if ((size_t)n <= header_bytes)
        return true;
    size_t num_bytes = (size_t)n - header_bytes;
    take_spilled(l, num_bytes);
    if (header_bytes == 0 || vnet_decode(SPAN(header), num_bytes, &offload) == WIRE_OK)
        lent_received(l, num_bytes, offload);
    return true;
}

/* false: not taken, the device is full. */
static bool send_packet(unsigned handle, const struct tx_frame *frame)
{
    uint8_t header[VNET_BYTES];
    struct net_parts parts UNINITIALIZED;
    long n;
    parts.num = 0;
    REQUIRE(frame->num_parts <= FRAME_PARTS_MAX);
    if (has_vnet_header(handle)) {
        vnet_encode(MSPAN(header), &frame->offload);
        parts.part[parts.num++] = (struct iovec){ header, sizeof header };
    }
    for (size_t i = 0; i < frame->num_parts; i++)
        parts.part[parts.num++] = (struct iovec){ (void *)frame->part[i].p, frame->part[i].n };
    do
        n = spt.way->write(guest_record(handle)->host_fd, (iovecs){ parts.part, parts.num });
    while (n == -EINTR);
    return n != -EAGAIN && n != -ENOBUFS;
}

static const struct spt_net_ops packet_ops = { receive_packet, send_packet };
