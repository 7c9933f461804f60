// SPDX-License-Identifier: ISC
/* nets.c - networks that stand before networks: tags, a capture, a bad wire. */
#include "cli/config/node.h"

#define NET_TYPE .c_type = "struct net *", .header = "interface/net.h", .value = "&$state.net"

network vlan_network(network trunk, unsigned id)
{
    struct node *shared = device(.what = "vlan trunk", .component = "vlan", .c_type = "struct vlan_trunk *", .header = "lib/vlan/vlan.h",
                                 .state = "struct vlan_trunk", .connect = "vlan_trunk_open($1, &$state)", .value = "&$state",
                                 .close = "vlan_trunk_close(&$state)", .fibers = 1, .needs = { trunk.n });
    return (network){ device(.what = config_text("vlan %u", id), .component = "vlan", .connect_header = "lib/vlan/vlan.h", NET_TYPE,
                             .state = "struct vlan", .connect = config_text("vlan_open($1, %u, 0, &$state)", id),
                             .close = "vlan_close(&$state)", .needs = { shared }) };
}

network capture_network(network below, block to)
{
    return (network){ device(.what = "capture", .component = "capture", .connect_header = "lib/capture/capture.h", NET_TYPE,
                             .state = "struct capture", .connect = "capture_open_to($1, $2, &$state)",
                             .close = "capture_close(&$state)", .fibers = 1, .needs = { below.n, to.n }) };
}

network bad_wire(network below)
{
    return (network){ device(.what = "bad wire", .component = "wire", .connect_header = "lib/wire/wire.h", NET_TYPE,
                             .state = "struct wire",
                             .connect = "wire_open($1, &(struct wire_config){\n"
                                        "                .delay = $arg1, .loss = (uint32_t)$arg2, .reorder = (uint32_t)$arg3,\n"
                                        "                .duplicate = (uint32_t)$arg4, .seed = (uint32_t)$arg5,\n"
                                        "            }, &$state)",
                             .close = "wire_close(&$state)", .fibers = 2, .needs = { below.n },
                             .args = { arg_duration("wire-delay", "0ms", "each way on the bad wire"),
                                       arg_uint_range("wire-loss", 0, 0, 1000, "frames in a thousand that it loses"),
                                       arg_uint_range("wire-reorder", 0, 0, 1000, "that it delays once more"),
                                       arg_uint_range("wire-duplicate", 0, 0, 1000, "that it sends twice"),
                                       arg_uint_range("wire-seed", 1, 0, 4294967295u, "of its choice") }) };
}
