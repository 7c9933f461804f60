// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main, stack);
void configure(void)
{
    unikernel("wrong", wrong_main(sockets_stack()));
}
