// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(website_main, stack, kv_ro);

void configure(void)
{
    stack net = ipv4_stack(default_network());
    kv_ro pages = generic_kv_ro("htdocs");

    about("a website that is built into its image");
    uses("http_files");
    fibers(1, STACK_COMPUTED);
    unikernel("website", website_main(net, pages), arg_port("port", 80, "port to listen on"));
}
