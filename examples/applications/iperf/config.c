// SPDX-License-Identifier: ISC
#include <morgana/config.h>

JOB(iperf_main, stack);

void configure(void)
{
    about("measures TCP and UDP together with iperf3, as its server or as its client");
    uses("json", "random");
    fibers(1 + 16, STACK_COMPUTED);     /* a client has one for each stream, a test of datagrams at the server one */
    unikernel("iperf", iperf_main(generic_stack(default_network())),
              arg_port("port", 5201, "port of the server, which is ours or another's"),
              arg_ip("server", "0.0.0.0", "be a client, of the server at this address"),
              arg_uint_range("seconds", 10, 1, 3600, "how long a client measures"),
              arg_uint_range("parallel", 1, 1, 16, "streams of a client"),
              arg_flag("udp", "a client measures datagrams"),
              arg_uint_range("mbits", 1, 0, 100000, "Mbit/s of each stream of a client's datagrams; 0: as many as go"),
              arg_flag("reverse", "the server sends, and the client receives"));
}
