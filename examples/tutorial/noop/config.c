// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(noop_main);

void configure(void)
{
    about("does nothing, and ends");
    unikernel("noop", noop_main());
}
