// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main);
void configure(void)
{
    configure_key("size", " ", "nothing to choose");
    unikernel("wrong", wrong_main());
}
