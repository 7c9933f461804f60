// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, kv_ro);
void configure(void)
{
    unikernel("wrong", job_main(generic_kv_ro("nowhere")));
}
