// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(heads2_main);

void configure(void)
{
    about("the same with one function and an argument");
    unikernel("heads2", heads2_main(), arg_duration("unit", "1s", "how long heads sleeps; tails sleeps twice that"));
}
