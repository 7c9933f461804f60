// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(rest_main, stack);

void configure(void)
{
    about("has a network and rests for a thousand seconds");
    unikernel("rest", rest_main(ipv4_stack(default_network())));
}
