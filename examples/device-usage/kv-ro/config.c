// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(kv_ro_main, kv_ro);

void configure(void)
{
    about("reads a secret from a store");
    unikernel("kv-ro", kv_ro_main(generic_kv_ro("t")));
}
