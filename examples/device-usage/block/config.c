// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(block_main, block);

void configure(void)
{
    about("writes, reads back and goes beyond the end");
    unikernel("block", block_main(generic_block("storage")));
}
