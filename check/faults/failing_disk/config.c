// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(disk_main, block);

void configure(void)
{
    about("reads, writes, flushes or discards a disk again and again, and says how that went when it goes otherwise than before");
    unikernel("disk", disk_main(generic_block("storage")), arg_string("do", "read", "read, write, flush or discard"),
              arg_duration("every", "10ms", "from one round to the next"), arg_uint("rounds", 0, "how many; 0: until it is stopped"));
}
