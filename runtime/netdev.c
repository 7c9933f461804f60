// SPDX-License-Identifier: ISC
#include "runtime/netdev.h"
#include "base/list.h"
#include "platform/platform.h"
#include "runtime/fiber.h"

static uint64_t open_handles;

static unsigned handle_of(struct net *n)
{
    return LINKED(n, struct netdev, net)->handle;
}
static size_t receive(struct net *n, const struct mspan *buffers, size_t num_buffers, struct rx_frame *frames, size_t max_frames)
{
    return platform_net_receive(handle_of(n), buffers, num_buffers, frames, max_frames);
}
static size_t send(struct net *n, const struct tx_frame *frames, size_t num)
{
    return platform_net_send(handle_of(n), frames, num);
}
static err wait(struct net *n, nanos deadline)
{
    return device_wait(handle_of(n), deadline);
}
err netdev_open(struct span name, struct netdev *out)
{
    static const struct net_ops ops = { .receive = receive, .send = send, .wait = wait };
    struct platform_net_info info;
    unsigned handle;
    *out = (struct netdev){ 0 };
    TRY(platform_net_find(name, &handle, &info));
    REQUIRE(handle >= 1 && handle <= 63);
    if ((open_handles >> handle & 1) != 0)
        return E_IN_USE;
    open_handles |= 1ull << handle;
    *out = (struct netdev){ .net = { .ops = &ops, .mtu = info.mtu, .features = info.features }, .handle = handle };
    (void)span_copy(MSPAN(out->net.mac.byte), SPAN(info.mac));
    return OK;
}
void netdev_close(struct netdev *d)
{
    if (d->handle == 0)
        return;
    open_handles &= ~(1ull << d->handle);
    *d = (struct netdev){ 0 };
}
