// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(two_networks_main, stack, stack);

void configure(void)
{
    stack outside = ipv4_stack(default_network());
    stack management = named_stack("management", generic_network("management"));

    about("greets on one network and reports on another");
    uses("http_server");
    unikernel("two-networks", two_networks_main(outside, management), arg_port("port", 80, "port of both servers"));
}
