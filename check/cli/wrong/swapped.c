// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, stack, kv_ro);
void configure(void)
{
    stack net = generic_stack(default_network());
    kv_ro pages = generic_kv_ro("htdocs");
    unikernel("wrong", job_main(pages, net));
}
