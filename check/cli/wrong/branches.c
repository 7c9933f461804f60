// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, kv_ro);
void configure(void)
{
    kv_ro pages = if_target("spt", generic_kv_ro("a"), generic_block("b"));
    unikernel("wrong", job_main(pages));
}
