// SPDX-License-Identifier: ISC
#include <morgana/config.h>
JOB(job_main, block);
void configure(void) {
    const struct key *k = configure_key("disk", "a b", "which");
    block d = if_key(k, "c", generic_block("a"), generic_block("b"));
    unikernel("wrong", job_main(d));
}
