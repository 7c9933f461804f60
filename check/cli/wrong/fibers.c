// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main);
void configure(void) {
    fibers(8, 1000);
    unikernel("wrong", job_main());
}
