// SPDX-License-Identifier: ISC
/* config.c - what @NAME@ is made of: morgana >= 0.1 */
#include <morgana/config.h>

JOB(@IDENTIFIER@_main, stack);

void configure(void)
{
    stack net = generic_stack(default_network());

    about("gives back what it is told");
    unikernel("@NAME@", @IDENTIFIER@_main(net), arg_port("port", 8080, "port to listen on"));
}
