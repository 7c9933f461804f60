// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(disk_lottery_main, block);

void configure(void)
{
    about("draws a number and keeps the highest on a disk");
    uses("random");
    unikernel("disk-lottery", disk_lottery_main(generic_block("storage")), arg_uint("slot", 0, "which game, one a sector"),
              arg_flag("reset", "forget the high score of this slot"), arg_flag("reset-all", "forget all high scores"));
}
