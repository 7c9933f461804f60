// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main);
void configure(void)
{
    unikernel("wrong", wrong_main(), arg_flag("two words", "not a word"));
}
