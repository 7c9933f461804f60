// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, stack, kv_ro);
void configure(void)
{
    stack net = generic_stack(default_network());
    unikernel("wrong",
              job_main(net));
}
