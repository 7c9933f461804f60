// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(net_main, network);

void configure(void)
{
    about("sends frames again and again, and says when the device takes them and when not");
    unikernel("net", net_main(default_network()), arg_duration("every", "10ms", "from one round to the next"));
}
