// SPDX-License-Identifier: ISC
/* net.c - network devices that keep frame boundaries: TAP, with or without virtio_net_hdr, and packet sockets. One
 * system call a frame; what came with the last one is remembered, so that a wait needs none while frames are left. */
#include "platform/spt/net.h"
#include "platform/common/vnet.h"
#include "platform/spt/linux_call.h"
#include <sys/epoll.h>

#define ETHERNET_BYTES 18u          /* with a VLAN tag */
#define FRAME_BYTES_MAX (65535u + ETHERNET_BYTES)
#define NET_PARTS_MAX (FRAME_PARTS_MAX + 1)

static const struct spt_net_ops packet_ops;

static const struct spt_net_ops *net_ops(unsigned handle)
{
    return spt_extension.device[handle].net_kind == SPT_NET_STREAM ? &spt_stream_ops : &packet_ops;
}
static bool has_vnet_header(unsigned handle)
{
    return spt_extension.device[handle].net_kind == SPT_NET_TAP_VIRTIO;
}
static bool has_offload(unsigned handle, enum spt_net_offload o)
{
    return has_vnet_header(handle) && spt_extension.device[handle].net_offloads & o;
}

void spt_net_init(void)
{
    bool wants_frame = false;
    for (unsigned h = 1; h < spt.boot->manifest->entries && h < SOLO5_RECORDS_MAX; h++) {
        if (spt_extension.device[h].net_kind == SPT_NET_STREAM)
            spt_stream_init(h);
        wants_frame |= spt_extension.device[h].net_kind != SPT_NET_NONE && spt_extension.version == 0;
    }
    if (wants_frame)
        spt.frame = spt_take_memory(FRAME_BYTES_MAX);
}

void spt_net_event(unsigned handle, uint32_t events)
{
    if (events & EPOLLOUT)
        spt_stream_may_write(handle);
    if (events & ~(uint32_t)EPOLLOUT)
        spt_set_ready(handle, true);
}

err platform_net_find(struct span name, unsigned *handle, struct platform_net_info *info)
{
    TRY(spt_find(name, SOLO5_DEVICE_NET, handle));
    const struct solo5_record *r = spt_record(*handle);
    bool checksum = has_offload(*handle, SPT_OFFLOAD_CHECKSUM);
    *info = (struct platform_net_info){
        .mtu = spt_extension.device[*handle].net_mtu,
        .features = {
            .send_checksum = checksum,
            .send_tso4 = has_offload(*handle, SPT_OFFLOAD_TSO4),
            .send_tso6 = has_offload(*handle, SPT_OFFLOAD_TSO6),
            .receive_checksum = checksum,
            .receive_coalesced = has_offload(*handle, SPT_OFFLOAD_TSO4) || has_offload(*handle, SPT_OFFLOAD_TSO6),
        },
    };
    (void)span_copy(MSPAN(info->mac), SPAN(r->net.mac));
    return OK;
}

size_t platform_net_receive(unsigned handle, const struct mspan *buffers, size_t num_buffers,
                            struct rx_frame *frames, size_t max_frames)
{
    REQUIRE(spt_record(handle)->type == SOLO5_DEVICE_NET && spt_record(handle)->is_attached);
    struct spt_receive r = { .handle = handle, .buffers = { buffers, num_buffers }, .frames = { frames, max_frames } };
    const struct spt_net_ops *ops = net_ops(handle);
    bool has_more = true;
    while (has_more && r.num_frames < max_frames && num_buffers - r.num_used >= spt_buffers_to_begin(&r))
        has_more = ops->receive(&r);
    spt_set_ready(handle, has_more);
    return r.num_frames;
}

size_t platform_net_send(unsigned handle, const struct tx_frame *frames, size_t num)
{
    REQUIRE(spt_record(handle)->type == SOLO5_DEVICE_NET && spt_record(handle)->is_attached);
    const struct spt_net_ops *ops = net_ops(handle);
    SLICE(const struct tx_frame) list = { frames, num };
    size_t num_taken = 0;
    while (num_taken < num && ops->send(handle, &AT(list, num_taken)))
        num_taken++;
    return num_taken;
}

/* A frame that could be larger than what is left is not begun. */
size_t spt_buffers_to_begin(const struct spt_receive *r)
{
    const struct spt_device *d = &spt_extension.device[r->handle];
    if (r->num_used >= r->buffers.n)
        return 1;
    bool fits_one = d->net_mtu + ETHERNET_BYTES <= AT(r->buffers, r->num_used).n;
    return fits_one && (d->net_offloads & (SPT_OFFLOAD_TSO4 | SPT_OFFLOAD_TSO6)) == 0 ? 1 : FRAME_PARTS_MAX;
}

void spt_received(struct spt_receive *r, size_t num_bytes, struct frame_offload offload)
{
    struct rx_frame *f = &AT(r->frames, r->num_frames);
    *f = (struct rx_frame){ .num_bytes = num_bytes, .offload = offload };
    for (size_t left = num_bytes; left > 0; f->num_buffers++) {
        size_t room = AT(r->buffers, r->num_used + f->num_buffers).n;
        left -= room < left ? room : left;
    }
    r->num_used += f->num_buffers;
    r->num_frames++;
}

/* The vnet header, if any, and the frame's parts. */
struct net_parts {
    struct iovec part[NET_PARTS_MAX];
    size_t num;
};
/* A coalesced frame may need all the buffers that it can get, most frames need one, and the kernel looks at every part
 * of a read. So where large frames are possible but none came lately, one buffer is offered, and behind it this place,
 * from which the rest of a large frame is copied to the buffers that it should have come to. */
static struct {
    uint8_t bytes[FRAME_BYTES_MAX];
    unsigned num_large_likely;      /* so many frames from here on may be large: offer everything */
} spill;
#define LARGE_FRAMES_LIKELY 64

static void receive_parts(const struct spt_receive *r, struct mspan header, struct net_parts *p)
{
    size_t num_buffers = spt_buffers_to_begin(r);
    bool may_spill = num_buffers > 1 && spill.num_large_likely == 0;
    p->num = 0;
    if (has_vnet_header(r->handle))
        p->part[p->num++] = (struct iovec){ header.p, header.n };
    for (size_t i = 0; i < (may_spill ? 1 : num_buffers); i++) {
        struct mspan b = AT(r->buffers, r->num_used + i);
        p->part[p->num++] = (struct iovec){ b.p, b.n };
    }
    if (may_spill)
        p->part[p->num++] = (struct iovec){ spill.bytes, sizeof spill.bytes };
}
/* Moves what did not fit the first buffer to where it belongs. */
static void take_spilled(struct spt_receive *r, size_t num_bytes)
{
    size_t first = AT(r->buffers, r->num_used).n;
    bool is_large = num_bytes > first;
    if (spill.num_large_likely == 0 && is_large) {
        struct span left = span_first(SPAN(spill.bytes), num_bytes - first);
        for (size_t i = 1; left.n > 0; i++)
            left = span_skip(left, span_copy(AT(r->buffers, r->num_used + i), left));
    }
    if (is_large)
        spill.num_large_likely = LARGE_FRAMES_LIKELY;
    else if (spill.num_large_likely > 0)
        spill.num_large_likely--;
}

/* false: there is no more. A frame with an impossible header is passed over. */
static bool receive_packet(struct spt_receive *r)
{
    uint8_t header[VNET_BYTES];
    struct net_parts parts UNINITIALIZED;
    struct frame_offload offload = { 0 };
    receive_parts(r, MSPAN(header), &parts);
    size_t header_bytes = has_vnet_header(r->handle) ? VNET_BYTES : 0;
    long n = spt.way->read(spt_record(r->handle)->host_fd, (iovecs){ parts.part, parts.num });
    if (n == -EINTR)
        return true;
    if (n <= 0)
        return false;
    if ((size_t)n <= header_bytes)
        return true;
    size_t num_bytes = (size_t)n - header_bytes;
    take_spilled(r, num_bytes);
    if (header_bytes == 0 || vnet_decode(SPAN(header), num_bytes, &offload) == WIRE_OK)
        spt_received(r, num_bytes, offload);
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
        n = spt.way->write(spt_record(handle)->host_fd, (iovecs){ parts.part, parts.num });
    while (n == -EINTR);
    return n != -EAGAIN && n != -ENOBUFS;
}

static const struct spt_net_ops packet_ops = { receive_packet, send_packet };
