// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(http_server_main, stack);

void configure(void)
{
    about("answers every request with who asked for what");
    uses("http_server");
    unikernel("http-server", http_server_main(ipv4_stack(default_network())), arg_port("port", 80, "port to listen on"));
}
