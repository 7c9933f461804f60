// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(http_main, stack);

void configure(void)
{
    const struct key *is_dual = configure_flag("ipv6", "IPv6 too, 22 KB more");
    network net = default_network();

    configure_uint_range("random-max", 1 << 20, 1, 1 << 30, "bytes of one answer of /random/");
    about("an HTTP service with a page, random bytes, an echo and a sum");
    uses("http_server", "random");
    unikernel("http", http_main(if_flag(is_dual, generic_stack(net), ipv4_stack(net))), arg_port("port", 80, "port to listen on"));
}
