// SPDX-License-Identifier: ISC
/* programs_config.c - what config.h offers and config.c of programs alone uses, so that the gates see it as well (gate-headers). */
#include "cli/config/config.h"

DEVICE_TYPE(counter);
JOB(nothing_main);
JOB(one_main, stack);
JOB(all_main, stack, stack, kv_ro, kv_ro, block, network, clock, counter);

void configure(void)
{
    const struct key *size = configure_key("pages", "small large", "which pages are built in");
    const struct key *is_split = configure_flag("split", "an inside of its own");
    network net = if_flag(is_split, generic_network("inside"), default_network());
    stack all = match_target(sockets_stack(), { "spt hvt", generic_stack(net) });
    kv_ro tiny = generic_kv_ro("tiny");
    kv_ro small = if_target("spt", generic_kv_ro("small"), tiny);
    kv_ro pages = match_key(size, small, { "large", generic_kv_ro("large") });
    kv_ro more = if_key(size, "large", pages, tiny);
    counter slow = { device(.what = "counter", .c_type = "int *", .connect = "0") };
    unikernel("nothing", nothing_main());
    unikernel("one", one_main(all));
    unikernel("all", all_main(all, all, pages, more, generic_block("data"), net, default_clock(), slow));
}
