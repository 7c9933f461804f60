// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(clock_main, clock);

void configure(void)
{
    about("tells the time");
    unikernel("clock", clock_main(default_clock()),
              arg_uint("count", 3, "how often"),
              arg_duration("every", "1s", "from one time to the next"));
}
