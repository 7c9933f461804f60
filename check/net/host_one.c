// SPDX-License-Identifier: ISC
/* host_one.c - a host on one network. */
#include "check/net/host.h"
#include "platform/platform.h"

static const struct platform_manifest_entry devices[] = { { "service", true }, { "trace", false } };
const struct platform_manifest platform_manifest = { .devices = { devices, NUM_OF(devices) } };

err back_open(struct stack *net, const struct stack_config *cfg)
{
    (void)net, (void)cfg;
    return OK;
}

void back_close(void)
{
}
