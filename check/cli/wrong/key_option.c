// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main);
void configure(void)
{
    configure_flag("out", "looks like --output");
    unikernel("wrong", wrong_main());
}
