// SPDX-License-Identifier: ISC
/* devices.c - the devices that Morgana brings along: for each what it links, and how main.c connects it. */
#include "cli/config/node.h"

network generic_network(const char *name)
{
    return (network){ device(.what = "network", .name = name, .kind = DEVICE_NET,
                             .c_type = "struct net *", .header = "interface/net.h", .connect_header = "runtime/netdev.h",
                             .state = "struct netdev",
                             .connect = "netdev_open(TEXT($name), &$state)", .value = "&$state.net",
                             .close = "netdev_close(&$state)") };
}

network default_network(void)
{
    return generic_network("service");
}

enum { STACK_FIBERS = 10 };      /* lib/stack: eight workers, one for the network, one that watches it */

static stack stack_with(const char *what, network net, const struct boot_arg *address, const struct boot_arg *gateway)
{
    return (stack){ device(.what = what, .component = "stack", .c_type = "struct stack *", .header = "interface/stack.h",
                           .connect_header = "lib/stack/stack.h", .connect = "stack_open($1, &$arg1, &$arg2, &$out)",
                           .close = "stack_close($out)", .fibers = STACK_FIBERS, .needs = { net.n }, .args = { address, gateway }) };
}

stack generic_stack(network net)
{
    return stack_with("stack", net, arg_prefix("ipv4", "10.0.0.2/24", "address of the stack"),
                      arg_ip("ipv4-gateway", "0.0.0.0", "next hop to other networks; 0.0.0.0 is none"));
}

stack named_stack(const char *group, network net)
{
    return stack_with(config_text("%s_stack", group), net,
                      arg_prefix(config_text("%s-ipv4", group), "10.0.0.2/24", "address of this stack"),
                      arg_ip(config_text("%s-ipv4-gateway", group), "0.0.0.0", "next hop to other networks; 0.0.0.0 is none"));
}

kv_ro generic_kv_ro(const char *folder)
{
    return (kv_ro){ device(.what = "files", .name = folder, .files = folder, .component = "kv_files", .c_type = "struct kv *",
                           .header = "interface/kv.h", .connect_header = "lib/kv_files/kv_files.h",
                           .value = "&$files.kv") };
}

block generic_block(const char *name)
{
    return (block){ device(.what = "block", .name = name, .kind = DEVICE_BLOCK, .c_type = "struct block *", .header = "interface/block.h",
                           .connect_header = "runtime/blockdev.h", .state = "struct blockdev",
                           .connect = "blockdev_open(TEXT($name), &$state)", .value = "&$state.block",
                           .close = "blockdev_close(&$state)") };
}

clock default_clock(void)
{
    return (clock){ device(.what = "clock", .c_type = "struct clock *", .header = "interface/clock.h",
                           .connect_header = "runtime/clockdev.h", .value = "clockdev_system()") };
}
