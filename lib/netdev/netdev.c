// SPDX-License-Identifier: ISC
#include "lib/netdev/netdev.h"
#include "base/list.h"
#include "platform/platform.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"

struct netdev {
    struct net net;
    unsigned handle;
};

static unsigned handle_of(struct net *n)
{
    return LINKED(n, struct netdev, net)->handle;
}

static size_t netdev_receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    return platform_net_receive(handle_of(n), buffers, num_buffers, frames, max_frames);
}

static size_t netdev_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    return platform_net_send(handle_of(n), frames, num);
}

static err netdev_wait(struct net *n, nanos deadline)
{
    return device_wait(handle_of(n), deadline);
}

static const struct net_ops ops = { netdev_receive, netdev_send, netdev_wait };

err netdev_open(const char *name, struct net **out)
{
    struct platform_net_info info;
    unsigned handle;
    void *memory;
    *out = NULL;
    TRY(platform_net_find(span_of_str(name), &handle, &info));
    TRY(heap_alloc(sizeof(struct netdev), &memory));
    struct netdev *d = memory;
    *d = (struct netdev){ .net = { .ops = &ops, .mtu = info.mtu, .features = info.features }, .handle = handle };
    (void)span_copy(MSPAN(d->net.mac.byte), SPAN(info.mac));
    *out = &d->net;
    return OK;
}
