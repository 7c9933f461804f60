// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(hello_main);

void configure(void)
{
    about("says hello");
    unikernel("hello", hello_main(),
              arg_uint("count", 1, "how often hello is said"),
              arg_duration("every", "1s", "from one time to the next"));
}
