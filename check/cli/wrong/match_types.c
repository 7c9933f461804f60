// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(wrong_main, kv_ro);
void configure(void)
{
    const struct key *size = configure_key("size", "small large", "one");
    unikernel("wrong", wrong_main(match_key(size, generic_kv_ro("one"), { "large", generic_block("disk") })));
}
