// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, stack, stack);
void configure(void)
{
    unikernel("wrong", job_main(generic_stack(generic_network("a")), generic_stack(generic_network("b"))));
}
