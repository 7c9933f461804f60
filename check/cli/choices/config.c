// SPDX-License-Identifier: ISC
/* A graph with everything that a graph can have: keys of every kind, choices by target and key, a shared device, two stacks,
 * a device of its own. */
#include <morgana/config.h>

DEVICE_TYPE(counter);
JOB(choices_main, stack, stack, kv_ro, counter);

static counter slow_counter(stack net, const struct key *limit)
{
    return (counter){ device(.what = "slow_counter", .c_type = "struct counter *", .header = "counter.h", .needs = { net.n },
                             .connect = "counter_open($1, $period, $limit, &$out)", .keys = { limit },
                             .args = { arg_duration("period", "1s", "between two counts") }) };
}

void configure(void)
{
    const struct key *size = configure_key("pages", "small large huge none", "which pages are built in");
    const struct key *limit = configure_uint_range("limit", 10, 1, 1000, "where counting ends");
    const struct key *is_split = configure_flag("split", "an inside of its own");
    configure_string("motto", "none \"yet\"", "what is said");
    network net = default_network();
    stack outside = generic_stack(net);
    stack inside = named_stack("inside", if_flag(is_split, generic_network("inside"), net));
    kv_ro tiny = generic_kv_ro("tiny");
    kv_ro pages = match_key(size, if_target("spt", generic_kv_ro("small"), tiny), { "large huge", generic_kv_ro("large") },
                            { "none", tiny });

    about("has choices");
    fibers(8, 16384);
    unikernel("choices", choices_main(outside, inside, pages, slow_counter(generic_stack(default_network()), limit)),
              arg_flag("verbose", "tell more"), arg_string("title", NULL, "a \"title\""), arg_port("http-port", 80, "where"));
}
