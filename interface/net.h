// SPDX-License-Identifier: ISC
/* net.h - a network device: whole Ethernet frames, many a call. One user at a time. */
#ifndef INTERFACE_NET_H
#define INTERFACE_NET_H
#include "base/err.h"
#include "base/frame.h"
#include "base/nanos.h"
#include "interface/address.h"

struct net;
struct net_ops {
    size_t (*receive)(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames);
    size_t (*send)(struct net *n, const struct tx_frame *frames, size_t num);
    err (*wait)(struct net *n, nanos deadline);
};
struct net {                    /* first member of every implementation */
    const struct net_ops *ops;
    struct mac mac;
    uint16_t mtu;               /* bytes behind the Ethernet header */
    struct frame_features features;
    uint8_t nesting;            /* how many devices below are called in turn by a call of this one */
};

/* As platform_net_receive: buffers lent empty and used in order; returns the number of frames. */
static inline size_t net_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    return n->ops->receive(n, buffers, num_buffers, frames, max_frames);
}
/* Returns how many frames were taken, in order; the rest may be tried again or dropped. */
static inline size_t net_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    return n->ops->send(n, frames, num);
}
/* Blocks the fiber until frames may have come. */
MUST_CHECK static inline err net_wait(struct net *n, nanos deadline)
{
    return n->ops->wait(n, deadline);
}

#endif
