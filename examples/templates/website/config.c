// SPDX-License-Identifier: ISC
/* config.c - what @NAME@ is made of: morgana >= 0.1 */
#include <morgana/config.h>

JOB(@IDENTIFIER@_main, stack, kv_ro);

void configure(void)
{
    stack net = generic_stack(default_network());
    kv_ro pages = generic_kv_ro("htdocs");

    about("a website that is built into its image");
    uses("http_files");
    unikernel("@NAME@", @IDENTIFIER@_main(net, pages), arg_port("port", 80, "port to listen on"));
}
