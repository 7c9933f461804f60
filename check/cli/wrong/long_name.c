// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, block);
void configure(void)
{
    unikernel("wrong", job_main(generic_block("a23456789012345678901234567890123456789012345678901234567890123456x8")));
}
