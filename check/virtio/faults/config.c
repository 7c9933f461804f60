// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(faults_main);

void configure(void)
{
    about("makes the mistake that it is asked for");
    unikernel("faults", faults_main(), arg_string("mistake", "none", "which one"));
}
