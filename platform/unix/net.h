// SPDX-License-Identifier: ISC
/* net.h - the kinds of network devices of the unix target. */
#ifndef PLATFORM_UNIX_NET_H
#define PLATFORM_UNIX_NET_H
#include "platform/common/stream.h"
#include "platform/common/vnet.h"
#include "platform/unix/unix.h"
#include <sys/uio.h>

#define MTU_PLAIN 1500

enum net_kind {
    NET_NONE,           /* not attached */
    NET_TAP,            /* a frame a read; with has_vnet each behind its struct virtio_net_hdr */
    NET_PACKETS,        /* AF_UNIX SOCK_SEQPACKET or SOCK_DGRAM: a frame a message */
    NET_STREAM,         /* AF_UNIX SOCK_STREAM: see stream.h */
};
struct net_device {
    enum net_kind kind;
    int fd;
    bool is_dead;       /* the other side is gone; nothing comes, what is sent is dropped */
    bool ends_at_zero;  /* a read of 0 bytes is the end, not an empty message */
    bool has_vnet, has_mac;
    bool must_restore;  /* TAP: its offloads were changed */
    struct platform_net_info info;
    struct stream_in in;
    struct stream_out out;
};
struct net_device *net_device(unsigned handle);

/* The parts of a frame, or the buffers for one, as the kernel wants them: room for a header in front. */
struct net_vector {
    struct iovec part[FRAME_PARTS_MAX + 1];
    size_t num;
};
static inline void net_vector_add(struct net_vector *v, const void *p, size_t n)
{
    REQUIRE(v->num < NUM_OF(v->part));
    v->part[v->num++] = (struct iovec){ (void *)(uintptr_t)p, n };
}

/* How the next frame lies in the lent buffers. */
struct net_buffers {
    SLICE(const struct mspan) all;
    size_t num_used;
};
/* The buffers for one more frame appended to v; false: too few are left to begin it. */
MUST_CHECK bool net_buffers_offer(const struct net_buffers *b, const struct platform_net_info *info, struct net_vector *v);
/* A frame of num_bytes lies in the first that were offered; returns how many it took. */
size_t net_buffers_take(struct net_buffers *b, size_t num_bytes);

/* Opens. Each fills kind, fd and info but for the MAC address, or refuses. */
void net_tap_open(struct net_device *d, const char *interface);
void net_fd_open(struct net_device *d, int fd);
void net_passt_open(struct net_device *d, const char *path);
void net_tap_restore(struct net_device *d);

/* One frame, or as many as there are. Received: 1; nothing there: 0. */
enum net_result { NET_DONE, NET_AGAIN, NET_DROPPED };
enum net_result net_message_receive(struct net_device *d, struct net_buffers *b, struct rx_frame *frame);
enum net_result net_message_send(struct net_device *d, const struct tx_frame *frame);
enum net_result net_stream_receive(struct net_device *d, struct net_buffers *b, struct rx_frame *frame);
enum net_result net_stream_send(struct net_device *d, const struct tx_frame *frame);
/* Tries to write what is left of a frame. true: nothing is left. */
MUST_CHECK bool net_stream_flush(struct net_device *d);

#endif
