// SPDX-License-Identifier: ISC
/* A graph with everything that a graph can have: choices by target and key, a shared device, two stacks, a device of
 * its own. */
#include <morgana/config.h>

DEVICE_TYPE(counter);
JOB(choices_main, stack, stack, kv_ro, counter);

static counter slow_counter(stack net)
{
    return (counter){ device(.what = "slow_counter", .c_type = "struct counter *", .header = "counter.h", .needs = { net.n },
                             .connect = "counter_open($1, $period, &$out)",
                             .args = { arg_duration("period", "1s", "between two counts") }) };
}

void configure(void)
{
    const struct key *size = configure_key("pages", "small large", "which pages are built in");
    network net = default_network();
    stack outside = generic_stack(net);
    stack inside = named_stack("inside", generic_network("inside"));
    kv_ro pages = if_key(size, "large", generic_kv_ro("large"),
                         if_target("spt", generic_kv_ro("small"), generic_kv_ro("tiny")));

    about("has choices");
    fibers(8, 16384);
    unikernel("choices", choices_main(outside, inside, pages, slow_counter(generic_stack(default_network()))),
              arg_flag("verbose", "tell more"), arg_string("title", NULL, "a \"title\""), arg_port("http-port", 80, "where"));
}
