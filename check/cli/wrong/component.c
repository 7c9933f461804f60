// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main);
void configure(void)
{
    uses("http_filse");
    unikernel("wrong", job_main());
}
