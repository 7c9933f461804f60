// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(timeout1_main);

void configure(void)
{
    about("gives a fiber a limited time");
    uses("random");
    unikernel("timeout1", timeout1_main(),
              arg_duration("limit", "2s", "how long the fiber may take"),
              arg_duration("most", "3s", "how long it takes at most"));
}
