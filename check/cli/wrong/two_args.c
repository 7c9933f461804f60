// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main);
void configure(void)
{
    unikernel("wrong", job_main(), arg_port("port", 80, "one"), arg_uint("port", 80, "other"));
}
