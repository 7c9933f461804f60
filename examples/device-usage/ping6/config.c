// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(ping6_main, network);

void configure(void)
{
    about("answers IPv6 pings without a stack");
    uses("ethernet", "ipv6", "icmpv6", "ndp", "checksum");
    unikernel("ping6", ping6_main(default_network()), arg_ip("ipv6", "fd00::2", "address that answers"));
}
