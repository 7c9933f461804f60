// SPDX-License-Identifier: ISC
/* iperf.c - without --server others measure against us, until the operator ends it; with it we measure once. */
#include "iperf.h"
#include "client.h"
#include "runtime/fiber.h"
#include "runtime/log.h"
#include "server.h"

LOG_SOURCE(iperf);

err iperf_main(struct stack *net)
{
    static struct server server;
    struct ip given = arg_server(), none = ip_from_v4(0);

    if (!ip_eq(&given, &none)) {
        struct endpoint to = { given, arg_port() };
        struct params params = { .seconds = arg_seconds(), .num_streams = arg_parallel(), .is_reverse = arg_reverse(),
                                 .is_udp = arg_udp(), .bits_per_second = arg_mbits() * UINT64_C(1000000) };
        return client_run(net, &to, &params);
    }
    server_init(&server, net, arg_port());
    TRY(tcp_listen(net, arg_port(), &server.service));
    log_info(iperf, "iperf3 -c %I -p %u", &net->address.ip, arg_port());
    return stop_wait(NEVER);
}
