// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(transfer_main, stack);

void configure(void)
{
    about("the other end of the benchmarks of bulk TCP: discards what comes to port 9, sends without end from port 19");
    unikernel("transfer", transfer_main(ipv4_stack(default_network())));
}
