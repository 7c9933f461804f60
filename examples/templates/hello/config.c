// SPDX-License-Identifier: ISC
/* config.c - what @NAME@ is made of: morgana >= 0.1 */
#include <morgana/config.h>

JOB(@IDENTIFIER@_main);

void configure(void)
{
    about("says hello");
    unikernel("@NAME@", @IDENTIFIER@_main(), arg_string("whom", "world", "who is greeted"));
}
