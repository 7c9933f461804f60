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

/* What a stack, or an interface of one, is told by its boot arguments; those of a named one begin with its name. */
#define STACK_CONFIG                                                                    \
    "&(struct stack_config){\n"                                                         \
    "                .address = $arg1,\n                .gateway = $arg2,\n"            \
    "                .ipv6 = $arg3,\n                .ipv6_gateway = $arg4,\n"          \
    "                .accept_router_advertisements = $arg5,\n"                          \
    "                .ipv4_only = $arg6,\n                .ipv6_only = $arg7,\n"        \
    "                .probe_ipv4 = $arg8,\n                .ipv6_opaque = $arg9,\n"     \
    "                .ipv6_temporary = $arg9,\n"                                        \
    "            }"

static struct device stack_device(const char *prefix, const char *address, const char *doc)
{
#define ARG(name) config_text("%s" name, prefix)
    return (struct device){ .component = "stack", .c_type = "struct stack *", .header = "interface/stack.h",
                            .connect_header = "lib/stack/stack.h",
                            .args = { arg_prefix(ARG("ipv4"), address, doc),
                                      arg_ip(ARG("ipv4-gateway"), "0.0.0.0", "next hop to other networks; 0.0.0.0 is none"),
                                      arg_prefix(ARG("ipv6"), "::/0", "IPv6 address; ::/0 is none"),
                                      arg_ip(ARG("ipv6-gateway"), "::", "IPv6 next hop to other networks; :: is none"),
                                      arg_flag(ARG("accept-router-advertisements"), "let routers configure IPv6"),
                                      arg_flag(ARG("ipv4-only"), "leave IPv6 out"), arg_flag(ARG("ipv6-only"), "leave IPv4 out"),
                                      arg_flag(ARG("ipv4-probe"), "ask whether the address is another's before it is used"),
                                      arg_flag(ARG("ipv6-private"), "IPv6 addresses that do not show who speaks") } };
#undef ARG
}

static stack stack_with(const char *what, network net, const char *prefix, const char *doc)
{
    struct device d = stack_device(prefix, "10.0.0.2/24", doc);
    d.what = what;
    d.connect = "stack_open_dual($1, " STACK_CONFIG ", &$out)";
    d.close = "stack_close($out)";
    d.fibers = STACK_FIBERS;
    d.needs[0] = net.n;
    return (stack){ device_(d) };
}

/* The stack itself, once the interface is there. */
stack with_interface(stack s, const char *group, network net)
{
    struct device d = stack_device(config_text("%s-", group), "::/0", "address of this interface; ::/0 is none");
    d.what = config_text("%s_interface", group);
    d.state = "struct stack *";
    d.connect = "($out = $1, stack_add_interface($1, $2, " STACK_CONFIG ", &$state))";
    d.close = "stack_close_interface($state)";
    d.fibers = 1;
    d.needs[0] = s.n;
    d.needs[1] = net.n;
    return (stack){ device_(d) };
}

stack ipv4_stack(network net)
{
    return (stack){ device(.what = "stack", .component = "stack", .c_type = "struct stack *", .header = "interface/stack.h",
                           .connect_header = "lib/stack/stack.h", .connect = "stack_open($1, &$arg1, &$arg2, &$out)",
                           .close = "stack_close($out)", .fibers = STACK_FIBERS, .needs = { net.n },
                           .args = { arg_prefix("ipv4", "10.0.0.2/24", "address of the stack"),
                                     arg_ip("ipv4-gateway", "0.0.0.0", "next hop to other networks; 0.0.0.0 is none") }) };
}

stack generic_stack(network net)
{
    return stack_with("stack", net, "", "address of the stack");
}

stack named_stack(const char *group, network net)
{
    return stack_with(config_text("%s_stack", group), net, config_text("%s-", group), "address of this stack");
}

stack sockets_stack(void)
{
    return (stack){ device(.what = "sockets", .component = "sockets", .c_type = "struct stack *", .header = "interface/stack.h",
                           .connect_header = "lib/sockets/sockets.h", .connect = "sockets_open(&$out)", .close = "sockets_close($out)",
                           .fibers = STACK_FIBERS) };
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
