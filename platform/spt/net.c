// SPDX-License-Identifier: ISC
/* net.c - network devices that keep frame boundaries: TAP, with or without virtio_net_hdr, and packet sockets. One
 * system call a frame; what came with the last one is remembered, so that a wait needs none while frames are left. */
#include "platform/spt/net.h"
#include "platform/common/tx_frame.h"
#include "platform/common/vnet.h"
#include "platform/spt/linux_call.h"
#include <sys/epoll.h>
#include <sys/uio.h>

#define VECTOR_BYTES_MIN (8u << 10)

_Static_assert(sizeof(struct span) == sizeof(struct iovec) && offsetof(struct span, n) == offsetof(struct iovec, iov_len),
               "spans are the kernel's vector");

static const struct spt_net_ops packet_ops;

static const struct spt_net_ops *net_ops(unsigned handle)
{
    return guest_extension(handle)->net_kind == EXTENSION_NET_STREAM ? &spt_stream_ops : &packet_ops;
}
static size_t header_bytes_of(unsigned handle)
{
    return guest_extension(handle)->net_kind == EXTENSION_NET_TAP_VIRTIO ? VNET_BYTES : 0;
}
void spt_net_init(void)
{
    bool has_packets = false;
    for (unsigned h = 1; h < guest.manifest->entries; h++) {
        if (guest_extension(h)->net_kind == EXTENSION_NET_STREAM)
            spt_stream_init(h);
        else
            has_packets |= guest_extension(h)->net_kind != EXTENSION_NET_NONE;
    }
    if (has_packets)
        guest.frame = guest_take_memory(VNET_BYTES + FRAME_BYTES_MAX);
}

void spt_net_event(unsigned handle, uint32_t events)
{
    if (events & EPOLLOUT)
        net_ops(handle)->flush(handle);
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
    ops->flush(handle);
    return num_taken;
}

/* false: there is no more. A frame with an impossible header is passed over. */
static bool receive_packet(unsigned handle, struct lent *l)
{
    struct frame_offload offload = { 0 };
    long n = linux_call3(LINUX_READ, guest_record(handle)->host_fd, (long)guest.frame.p, (long)guest.frame.n);
    if (n == -EINTR)
        return true;
    if (n <= 0)
        return false;
    struct span header = span_first(span_of(guest.frame), (size_t)n), frame = span_skip(header, header_bytes_of(handle));
    if (frame.n == header.n || vnet_decode(header, frame.n, &offload) == WIRE_OK)
        lent_copy(l, frame, offload);
    return true;
}

/* false: not taken, the device is full. A large frame goes out as it lies; of others the copy costs less than the kernel's
 * look at every part. */
static bool send_packet(unsigned handle, const struct tx_frame *frame)
{
    static struct span vector[1 + FRAME_PARTS_MAX];
    size_t header_bytes = header_bytes_of(handle), num_bytes = tx_frame_bytes(frame);
    long call = LINUX_WRITE, from = (long)guest.frame.p, num = (long)(header_bytes + num_bytes), n;
    if (num_bytes == 0 || num_bytes > FRAME_BYTES_MAX)
        return true;                    /* no network takes it */
    if (num_bytes >= VECTOR_BYTES_MIN && (spt_extension.features & SPT_VECTORS)) {
        vector[0] = span_first(span_of(guest.frame), header_bytes);
        (void)span_copy(mspan_skip(MSPAN(vector), sizeof *vector), SPAN(frame->part));
        call = LINUX_WRITEV, from = (long)vector, num = (long)(1 + frame->num_parts);
    } else {
        (void)tx_frame_copy(mspan_skip(guest.frame, header_bytes), frame);
    }
    if (header_bytes > 0)
        vnet_encode(guest.frame, &frame->offload);
    do
        n = linux_call3(call, guest_record(handle)->host_fd, from, num);
    while (n == -EINTR);
    return n != -EAGAIN && n != -ENOBUFS;
}

static void flush_packets(unsigned handle)
{
    (void)handle;                       /* none is kept */
}

static const struct spt_net_ops packet_ops = { receive_packet, send_packet, flush_packets };
