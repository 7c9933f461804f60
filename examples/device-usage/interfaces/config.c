// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(interfaces_main, stack);

void configure(void)
{
    stack net = with_interface(generic_stack(default_network()), "back", generic_network("back"));

    about("one server on two networks");
    uses("http_server");
    unikernel("interfaces", interfaces_main(net), arg_port("port", 80, "port of the server"));
}
