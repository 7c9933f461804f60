// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(disk_main, block);

void configure(void)
{
    about("keeps many requests of a block device under way");
    unikernel("disk", disk_main(generic_block("storage")));
}
