// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(network_main, stack);

void configure(void)
{
    stack net = generic_stack(default_network());

    about("logs who connects and what they say first");
    unikernel("network", network_main(net), arg_port("port", 8080, "port to listen on"));
}
