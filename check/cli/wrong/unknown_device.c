// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main, block);
void configure(void)
{
    unikernel("wrong", wrong_main(generic_blok("disk")));
}
