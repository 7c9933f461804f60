// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main);
void configure(void)
{
    configure_key("size", "small large", "one");
    configure_uint("size", 1, "another");
    unikernel("wrong", wrong_main());
}
