// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(timeout2_main);

void configure(void)
{
    about("lets a fiber race against a clock");
    uses("random");
    unikernel("timeout2", timeout2_main(),
              arg_duration("limit", "2s", "how long the fiber may take"),
              arg_duration("most", "3s", "how long it takes at most"));
}
