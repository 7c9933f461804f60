// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, network, block);
void configure(void)
{
    unikernel("wrong", job_main(generic_network("disk"), generic_block("disk")));
}
