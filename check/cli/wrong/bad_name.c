// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, block);
void configure(void)
{
    unikernel("wrong", job_main(generic_block("my disk")));
}
