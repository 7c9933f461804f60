// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main, kv_ro);
void configure(void)
{
    kv_ro pages = if_target("unix sptt", generic_kv_ro("one"), generic_kv_ro("two"));
    unikernel("wrong", wrong_main(pages));
}
