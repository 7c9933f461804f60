// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(mistakes_main);

void configure(void)
{
    about("makes the mistake that it is asked for");
    unikernel("mistakes", mistakes_main(), arg_string("mistake", "none", "which one"));
}
