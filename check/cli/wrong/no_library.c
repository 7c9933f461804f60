// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main);
void configure(void) {
    static_library("nowhere");
    unikernel("wrong", job_main());
}
