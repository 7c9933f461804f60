// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(echo_server_main);

void configure(void)
{
    about("echoes lines that another fiber makes up");
    uses("random");
    unikernel("echo-server", echo_server_main(),
              arg_uint("lines", 10, "how many lines"),
              arg_duration("pause", "500ms", "longest pause before a line"));
}
