// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main);
void configure(void) {
    unikernel("wrong", job_main(), arg_string("name", "x", "taken"));
}
