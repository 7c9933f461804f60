// SPDX-License-Identifier: ISC
/* host.c - the unikernel that the network tests and benchmarks talk to: a host with a few small services.
 *
 *     7/tcp    echo                       7/udp    echo, by a fiber
 *     9/tcp    discard                    80/tcp   a constant HTTP response of 1 KiB for each request head
 *     19/tcp   sends until it is closed   1/tcp    a client: connects to the peer's port that the line names,
 *                                                  and answers with what it read there
 *                                         2/tcp    the same, opened fast, and the rest of the line written first
 *
 * It is on one network, or on two, by the file that it is linked with (host_one.c, host_two.c). */
#include "check/net/host.h"
#include "lib/capture/capture.h"
#include "lib/random/random.h"
#include "lib/sockets/sockets.h"
#include "lib/stack/fast_open.h"
#include "lib/stack/stack.h"
#include "lib/vlan/vlan.h"
#include "platform/platform.h"
#include "runtime/blockdev.h"
#include "runtime/bootarg.h"
#include "runtime/bootarg_standard.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/main.h"
#include "runtime/netdev.h"

LOG_SOURCE(host);

PLATFORM_STACK_POOL(24, 32768);

enum { IPV4, GATEWAY, IPV6, IPV6_GATEWAY, ACCEPT_ADVERTISEMENTS, IPV4_ONLY, IPV6_ONLY, IPV4_MORE, PROBE, PRIVATE, GROUP4, GROUP6,
       ONLY4, ONLY6, CAPTURE, VLAN, SOCKETS, FAST_OPEN, KEEPALIVE, BACK_IPV4, BACK_GATEWAY, BACK_IPV6 };
static struct bootarg args[] = {
    [IPV4] = { .name = "ipv4", .kind = BOOTARG_PREFIX, .doc = "address of the host", .fallback = "10.0.0.2/24" },
    [GATEWAY] = { .name = "ipv4-gateway", .kind = BOOTARG_IP, .doc = "next hop; 0.0.0.0 is none", .fallback = "0.0.0.0" },
    [IPV6] = { .name = "ipv6", .kind = BOOTARG_PREFIX, .doc = "IPv6 address; ::/0 is none", .fallback = "::/0" },
    [IPV6_GATEWAY] = { .name = "ipv6-gateway", .kind = BOOTARG_IP, .doc = "next hop; :: is none", .fallback = "::" },
    [ACCEPT_ADVERTISEMENTS] = { .name = "accept-router-advertisements", .kind = BOOTARG_FLAG, .doc = "let routers configure IPv6" },
    [IPV4_ONLY] = { .name = "ipv4-only", .kind = BOOTARG_FLAG, .doc = "no IPv6" },
    [IPV6_ONLY] = { .name = "ipv6-only", .kind = BOOTARG_FLAG, .doc = "no IPv4" },
    [IPV4_MORE] = { .name = "ipv4-more", .kind = BOOTARG_PREFIX, .doc = "a second address; 0.0.0.0/0 is none", .fallback = "0.0.0.0/0" },
    [PROBE] = { .name = "probe", .kind = BOOTARG_FLAG, .doc = "asks whether the address is another's before it is used" },
    [PRIVATE] = { .name = "private", .kind = BOOTARG_FLAG, .doc = "opaque and temporary IPv6 addresses" },
    [GROUP4] = { .name = "group4", .kind = BOOTARG_IP, .doc = "that 7/udp joins; 0.0.0.0 is none", .fallback = "0.0.0.0" },
    [GROUP6] = { .name = "group6", .kind = BOOTARG_IP, .doc = "that 7/udp joins; :: is none", .fallback = "::" },
    [ONLY4] = { .name = "group4-from", .kind = BOOTARG_IP, .doc = "the one source that is heard; 0.0.0.0 is all", .fallback = "0.0.0.0" },
    [ONLY6] = { .name = "group6-from", .kind = BOOTARG_IP, .doc = "the one source that is heard; :: is all", .fallback = "::" },
    [CAPTURE] = { .name = "capture", .kind = BOOTARG_FLAG, .doc = "what goes over the device is written to the block device \"trace\"" },
    [VLAN] = { .name = "vlan", .kind = BOOTARG_UINT, .doc = "frames have this tag; 0 is none", .fallback = "0", .max = 4094 },
    [FAST_OPEN] = { .name = "fast-open", .kind = BOOTARG_FLAG, .doc = "text on SYNs for 7/tcp and 80/tcp is taken" },
    [KEEPALIVE] = { .name = "keepalive", .kind = BOOTARG_UINT, .doc = "after so many seconds of silence peers of 9/tcp are asked; 0: never",
                    .fallback = "0", .max = 7200 },
    [SOCKETS] = { .name = "sockets", .kind = BOOTARG_FLAG, .doc = "the host's sockets instead of a network" },
    [BACK_IPV4] = { .name = "back-ipv4", .kind = BOOTARG_PREFIX, .doc = "address on the second network", .fallback = "10.1.0.2/24" },
    [BACK_GATEWAY] = { .name = "back-ipv4-gateway", .kind = BOOTARG_IP, .doc = "next hop there", .fallback = "0.0.0.0" },
    [BACK_IPV6] = { .name = "back-ipv6", .kind = BOOTARG_PREFIX, .doc = "IPv6 address there", .fallback = "::/0" },
    BOOTARG_STANDARD,
};
static struct bootarg_table arg_table = {
    .program = "host", .about = "small services for tests of the network", .args = { args, NUM_OF(args) },
};

#define IDLE_S 60

static struct service_rest on(bool close)
{
    return (struct service_rest){ .close = close, .until = close ? NEVER : in_s(IDLE_S) };
}

/* ---- 7: what comes goes back */

static struct service_rest echo_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    (void)s, (void)peer, (void)state;
    err e = why == SERVICE_TIMEOUT ? E_TIMEDOUT : flow_peek(flow, &got, 0);
    for (; e == OK; e = flow_peek(flow, &got, 0)) {
        e = flow_write(flow, got, in_s(IDLE_S));
        if (e != OK)
            return on(true);
        flow_consume(flow, got.n);
    }
    return on(e != E_TIMEDOUT || why == SERVICE_TIMEOUT);
}

/* ---- 9: what comes goes away */

static struct service_rest discard_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                         enum service_wake why)
{
    struct span got;
    err e;
    (void)s, (void)peer, (void)state;
    while ((e = flow_peek(flow, &got, 0)) == OK)
        flow_consume(flow, got.n);
    return on(e != E_TIMEDOUT || why == SERVICE_TIMEOUT);
}

/* ---- 19: constant bytes without end */

static const uint8_t block[1 << 20] = { [0 ... (1 << 20) - 1] = 'x' };

static struct service_rest source_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                        enum service_wake why)
{
    (void)s, (void)peer, (void)state, (void)why;
    while (flow_write_static(flow, SPAN(block), in_s(IDLE_S)) == OK)
        ;
    return on(true);
}

/* ---- 80: each head of a request, whatever it asks, is answered with a page */

#define PAGE_BYTES 1024
static uint8_t response[PAGE_BYTES + 128];
static struct span response_bytes;

static void make_response(void)
{
    struct wr w = wr_of(MSPAN(response));
    wr_bytes(&w, TEXT("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 1024\r\n\r\n"));
    for (size_t i = 0; i < PAGE_BYTES; i++)
        wr_u8(&w, 'y');
    response_bytes = wr_done(&w);
}

/* state: how much of "\r\n\r\n" was seen */
static size_t count_heads(struct span s, struct mspan state)
{
    struct span end = TEXT("\r\n\r\n");
    size_t num = 0, seen = span_at(span_of(state), 0);
    for (size_t i = 0; i < s.n; i++) {
        uint8_t c = span_at(s, i);
        seen = c == span_at(end, seen) ? seen + 1 : c == '\r';
        num += seen == end.n;
        seen %= end.n;
    }
    mspan_put(state, 0, (uint8_t)seen);
    return num;
}

static struct service_rest page_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    err e;
    (void)s, (void)peer;
    while ((e = flow_peek(flow, &got, 0)) == OK) {
        size_t num = count_heads(got, state);
        flow_consume(flow, got.n);
        for (; num > 0; num--)
            if (flow_write_static(flow, response_bytes, in_s(IDLE_S)) != OK)
                return on(true);
    }
    return on(e != E_TIMEDOUT || why == SERVICE_TIMEOUT);
}

/* ---- 1: a client */

static struct stack *net;

static uint16_t port_of(struct span line)
{
    uint32_t port = 0;
    for (; line.n > 0 && span_at(line, 0) >= '0' && span_at(line, 0) <= '9'; line = span_skip(line, 1))
        port = port * 10 + (span_at(line, 0) - '0');
    return (uint16_t)port;
}

static err relay(struct flow *flow, struct flow *out, nanos deadline)
{
    struct span got;
    err e;
    while ((e = flow_peek(out, &got, deadline)) == OK) {
        e = flow_write(flow, got, deadline);
        flow_consume(out, got.n);
        if (e != OK)
            break;
    }
    flow_close(out);
    return e == E_EOF ? OK : e;
}

static struct service fast_client;
static struct service_rest client_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                        enum service_wake why)
{
    struct span line;
    struct flow *out;
    (void)state, (void)why;
    if (flow_peek(flow, &line, in_s(1)) != OK)
        return on(true);
    struct endpoint to = { peer->ip, port_of(line) };
    struct span first = span_skip(line, span_find(line, ' ') + 1);
    err e = s == &fast_client ? stack_connect_fast(net, &to, first, STACK_COOKIES, in_s(10), &out) : tcp_connect(net, &to, in_s(10), &out);
    flow_consume(flow, line.n);
    if (e == OK)
        e = relay(flow, out, in_s(10));
    if (e != OK)
        e = flow_write(flow, span_of_str(err_name(e)), in_s(1));
    return on(true);
}

/* ---- 7/udp */

static bool is_none(const struct ip *a)
{
    return ip_eq(a, &(struct ip){ 0 }) || (ip_is_v4(a) && ip_v4(a) == 0);
}

static err join(struct udp *u, const struct ip *group, const struct ip *only)
{
    struct ip_sources sources = { .is_exclude = is_none(only), .num = !is_none(only), .ip = { *only } };
    return is_none(group) ? OK : udp_join_sources(u, group, &sources);
}

static err udp_echo(void)
{
    static uint8_t datagram[65536];
    struct udp *u;
    TRY(udp_open(net, 7, &u));
    TRY(join(u, &args[GROUP4].value.ip, &args[ONLY4].value.ip));
    TRY(join(u, &args[GROUP6].value.ip, &args[ONLY6].value.ip));
    print("up\n");
    for (;;) {
        struct endpoint from;
        struct ip asked;
        size_t n;
        TRY(udp_receive_at(u, MSPAN(datagram), &n, &from, &asked, NEVER));
        if (udp_send_from(u, &asked, &from, span_first(SPAN(datagram), n)) != OK)
            log_debug(host, "no answer to %I", &from.ip);
    }
}

#define SERVICE(ready_, state_bytes_) { .ready = (ready_), .state_bytes = (state_bytes_), .first_bytes_within = 10 * (nanos)NS_PER_S }
static struct service echo = SERVICE(echo_ready, 0), discard = SERVICE(discard_ready, 0), page = SERVICE(page_ready, 1),
                      client = SERVICE(client_ready, 0), fast_client = SERVICE(client_ready, 0);
static struct service source = { .ready = source_ready, .first_bytes_within = NS_PER_MS };

static err open_fast(void)
{
    static const struct stack_fast_open usual;
    TRY(stack_listen_fast(net, 7, &usual));
    return stack_listen_fast(net, 80, &usual);
}
static err serve(void)
{
    make_response();
    TRY(tcp_listen(net, 7, &echo));
    TRY(tcp_listen(net, 9, &discard));
    TRY(tcp_listen(net, 19, &source));
    TRY(tcp_listen(net, 80, &page));
    TRY(tcp_listen(net, 1, &client));
    TRY(tcp_listen(net, 2, &fast_client));
    TRY(args[FAST_OPEN].value.flag ? open_fast() : OK);
    if (args[KEEPALIVE].value.uint > 0)
        TRY(tcp_set_port(net, 9, &(struct tcp_choices){ .keepalive_idle_s = (uint32_t)args[KEEPALIVE].value.uint }));
    if (args[IPV4_MORE].value.prefix.length > 0)
        TRY(stack_add_address(net, &args[IPV4_MORE].value.prefix, STACK_ANNOUNCE, NEVER));
    return udp_echo();
}

/* ---- The device, and what stands before it */

static struct netdev device;
static struct blockdev trace;
static struct capture capture;
static struct vlan_trunk trunk;
static struct vlan vlan;

static err open_device(struct net **out)
{
    TRY(netdev_open(TEXT("service"), &device));
    *out = &device.net;
    if (args[CAPTURE].value.flag) {
        TRY(blockdev_open(TEXT("trace"), &trace));
        TRY(capture_open_to(*out, &trace.block, &capture));
        *out = &capture.net;
    }
    if (args[VLAN].value.uint > 0) {
        TRY(vlan_trunk_open(*out, &trunk));
        TRY(vlan_open(&trunk, (uint16_t)args[VLAN].value.uint, 0, &vlan));
        *out = &vlan.net;
    }
    return OK;
}

static void close_device(void)
{
    vlan_close(&vlan);
    vlan_trunk_close(&trunk);
    capture_close(&capture);
    blockdev_close(&trace);
    netdev_close(&device);
}

static err start_on_sockets(void)
{
    TRY(sockets_open(&net));
    err e = serve();
    sockets_close(net);
    return e;
}

static err start(void)
{
    struct net *below;
    TRY(random_init());
    if (args[SOCKETS].value.flag)
        return start_on_sockets();
    TRY(open_device(&below));
    TRY(stack_open_dual(below, &(struct stack_config){
        .probe_ipv4 = args[PROBE].value.flag, .ipv6_opaque = args[PRIVATE].value.flag, .ipv6_temporary = args[PRIVATE].value.flag,
        .address = args[IPV4].value.prefix, .gateway = args[GATEWAY].value.ip, .ipv6 = args[IPV6].value.prefix,
        .ipv6_gateway = args[IPV6_GATEWAY].value.ip, .ipv4_only = args[IPV4_ONLY].value.flag, .ipv6_only = args[IPV6_ONLY].value.flag,
        .accept_router_advertisements = args[ACCEPT_ADVERTISEMENTS].value.flag }, &net));
    err e = back_open(net, &(struct stack_config){ .address = args[BACK_IPV4].value.prefix, .gateway = args[BACK_GATEWAY].value.ip,
                                                   .ipv6 = args[BACK_IPV6].value.prefix });
    if (e == OK)
        e = serve();
    stack_log(net);
    back_close();
    stack_close(net);
    close_device();
    return e;
}

const struct unikernel unikernel = { .name = "host", .args = &arg_table, .start = start };
