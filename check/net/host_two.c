// SPDX-License-Identifier: ISC
/* host_two.c - a host on two networks. */
#include "check/net/host.h"
#include "platform/platform.h"
#include "runtime/netdev.h"

static const struct platform_manifest_entry devices[] = { { "service", true }, { "back", true } };
const struct platform_manifest platform_manifest = { .devices = { devices, NUM_OF(devices) } };

static struct netdev device;
static struct stack *interface;

err back_open(struct stack *net, const struct stack_config *cfg)
{
    TRY(netdev_open(TEXT("back"), &device));
    return stack_add_interface(net, &device.net, cfg, &interface);
}

void back_close(void)
{
    if (interface)
        stack_log(interface);
    stack_close_interface(interface);
    netdev_close(&device);
}
