// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main);
void configure(void)
{
    configure_uint_range("size", 0, 1, 9, "from 1");
    unikernel("wrong", wrong_main());
}
