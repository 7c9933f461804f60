// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(heads1_main);

void configure(void)
{
    about("two fibers that sleep, and one that waits for both");
    unikernel("heads1", heads1_main(), arg_duration("unit", "1s", "how long heads sleeps; tails sleeps twice that"));
}
