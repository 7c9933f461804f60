// SPDX-License-Identifier: ISC
/* A whole host on hostile links, one to three of them: the input is a script of packets, most of them well formed and near what the stack
 * expects, of time, and of what applications do. Whatever it is, all that the stack sends is sound and leaves where its source is, no
 * memory stays behind, and nothing waits for ever. */
#include "base/poison.h"
#include "lib/stack/prop_stack.h"
#include "lib/random/random.h"
#include "lib/tcp/prop_states.h"
#include "runtime/scheduler.h"

static struct stack *interfaces[WIRE_LINKS];        /* the first is the whole; NULL: there is none */
static struct scope applications;
static struct udp *port, *other;
static unsigned other_of;               /* the interface that has it */
static bool is_listening;
static struct span script_bytes;
static uint8_t memory[3 << 20] __attribute__((aligned(64)));
static uint8_t text[1400], large[5000];

static struct service_rest echo_ready(struct service *s, struct flow *flow, const struct endpoint *peer, struct mspan state,
                                      enum service_wake why)
{
    struct span got;
    err e;
    (void)s, (void)peer;
    if (why == SERVICE_TIMEOUT)
        return (struct service_rest){ .close = true };
    while ((e = flow_peek(flow, &got, 0)) == OK) {
        if (flow_write(flow, got, in_s(5)) != OK)
            return (struct service_rest){ .close = true };
        flow_consume(flow, got.n);
    }
    if (e == E_EOF && span_at(span_of(state), 0) == 0) {        /* takes its time to end as well */
        mspan_put(state, 0, 1);
        return (struct service_rest){ .until = in_s(1) };
    }
    return (struct service_rest){ .close = e != E_TIMEDOUT, .when_sent = got.n & 1, .until = in_s(20) };
}
static struct service echo = { .ready = echo_ready, .state_bytes = 1, .first_bytes_within = 5 * (nanos)NS_PER_S };

/* ---- Packets */

static void ip_packet(struct cur *script, bool is_v6, uint8_t protocol, struct mspan transport, size_t checksum_at)
{
    uint8_t bytes[WIRE_BYTES], about = cur_u8(script);
    struct ip source = ip_of(is_v6, 9), destination = ip_of(is_v6, 1);
    if ((about & 7) == 7)
        source = is_v6 ? (struct ip){ { 0xfe, 0x80, [15] = about } } : ip_from_v4(v4_of(about));
    if ((about & 0x38) == 0x38)
        destination = is_v6 ? IPV6_ALL_NODES : ip_from_v4(about & 64 ? 0xe0000001 : v4_of(255));
    struct checksum c = checksum_pseudo(SPAN(source.byte), SPAN(destination.byte), protocol, transport.n);
    if (protocol == IPV4_ICMP)
        c = (struct checksum){ 0 };
    mspan_u16(transport, checksum_at, 0);
    checksum_add(&c, span_of(transport));
    mspan_u16(transport, checksum_at, about == 1 ? 0x1234 : checksum_field(&c));
    size_t head = is_v6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES;
    if (is_v6)
        ipv6_encode(MSPAN(bytes), &(struct ipv6_header){ .next_header = protocol, .hop_limit = about & 128 ? 64 : 255,
                                                         .payload_bytes = transport.n, .source = source, .destination = destination });
    else
        ipv4_encode(MSPAN(bytes), &(struct ipv4_header){ .total_bytes = head + transport.n, .time_to_live = 64, .protocol = protocol,
                                                         .source = ip_v4(&source), .destination = ip_v4(&destination) });
    (void)span_copy(mspan_skip(MSPAN(bytes), head), span_of(transport));
    deliver(is_v6 ? ETHERNET_IPV6 : ETHERNET_IPV4, false, span_first(SPAN(bytes), head + transport.n));
}
/* What belongs to a network comes by its link, where the step did not want it to come by another. */
static void follow(unsigned network)
{
    wire.by = wire.by == wire.network ? network : wire.by;
    wire.network = network;
}
/* A peer opens a connection, or goes on with one as the stack expects, but for what the script changes. */
static void tcp_packet(struct cur *script)
{
    uint8_t bytes[1500], about = cur_u8(script), flags = cur_u8(script);
    struct peer *p = &wire.peer[about & 3], new = { .is_v6 = about & 4, .our_port = about & 128 ? 9 : 7,
                                                             .their_port = (uint16_t)(1000 + (about >> 5 & 3)), .network = wire.network };
    if (about & 8)
        p = &new;
    follow(p->network);
    struct tcp_segment s = { .flags = (flags & 0x3f) ^ (about & 8 ? TCP_SYN : TCP_ACK), .source_port = p->their_port,
                             .destination_port = p->our_port, .window = 8000, .seq = p->seq, .ack = p->ack };
    if (about & 16)
        s.seq += (uint32_t)(int8_t)cur_u8(script) * 7, s.ack -= cur_u8(script) * 9u, s.window = (uint16_t)(cur_u8(script) << 4);
    if (flags & 64)
        s.opt = (struct tcp_options){ .mss = 900, .sack_permitted = true, .has_window_scale = true, .window_scale = 2,
                                      .has_timestamps = flags & 128, .ts_val = (uint32_t)(fake.now >> 20) };
    size_t n = tcp_segment_encode(&s, MSPAN(bytes));
    if (n == 0)
        return;
    n += span_copy(mspan_skip(MSPAN(bytes), n), span_first(SPAN(text), about & 64 ? (size_t)cur_u8(script) * 5 : 0));
    ip_packet(script, p->is_v6, IPV4_TCP, mspan_first(MSPAN(bytes), n), 16);
}
static void udp_packet(struct cur *script)
{
    uint8_t bytes[600], about = cur_u8(script);
    size_t n = (size_t)cur_u8(script) * 2 + UDP_HEADER_BYTES;
    mspan_zero(MSPAN(bytes));
    udp_encode(MSPAN(bytes), &(struct udp_header){ .source_port = 99, .destination_port = about & 2 ? 53 : about,
            .length_bytes = about & 128 ? about : n });
    ip_packet(script, about & 1, IPV4_UDP, mspan_first(MSPAN(bytes), n), UDP_CHECKSUM_AT);
}
/* Echo requests, errors about what the stack sent last, and messages of the link. */
static void icmp_packet(struct cur *script)
{
    uint8_t bytes[700], about = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    wr_u8(&w, cur_u8(script));
    wr_u8(&w, cur_u8(script));
    wr_u16(&w, 0);
    if (about & 2) {
        wr_u32(&w, (uint32_t)cur_u8(script) * 8);
        wr_bytes(&w, span_first(SPAN(wire.last), wire.last_bytes < 500 ? wire.last_bytes : 500));
    } else {
        wr_bytes(&w, cur_bytes(script, cur_u8(script) % 100));
        wr_u32(&w, 0);
    }
    ip_packet(script, about & 1, about & 1 ? IPV6_ICMPV6 : IPV4_ICMP, mspan_first(MSPAN(bytes), wr_len(&w)), 2);
}
static void fragment_packet(struct cur *script)
{
    uint8_t bytes[700], about = cur_u8(script), place = cur_u8(script);
    size_t n = cur_u8(script);
    struct ipv4_header h = { .total_bytes = IPV4_HEADER_BYTES + n, .time_to_live = 9, .protocol = IPV4_UDP, .is_fragment = true,
                             .more_fragments = about & 1, .offset_bytes = place * 8u, .identification = about >> 6,
                             .source = v4_of(9), .destination = v4_of(1) };
    struct ip source = v6_of(9), destination = v6_of(1);
    mspan_zero(MSPAN(bytes));
    if (about & 2) {
        ipv6_encode(MSPAN(bytes), &(struct ipv6_header){ .next_header = IPV6_FRAGMENT, .hop_limit = 9, .payload_bytes = 8 + n,
                                                         .source = source, .destination = destination });
        ipv6_fragment_encode(mspan_skip(MSPAN(bytes), IPV6_HEADER_BYTES), IPV6_UDP, place * 8u, !(about & 1), about >> 6);
        udp_encode(mspan_skip(MSPAN(bytes), IPV6_HEADER_BYTES + 8), &(struct udp_header){ .source_port = 9,
            .destination_port = 53, .length_bytes = 16 });
        deliver(ETHERNET_IPV6, false, span_first(SPAN(bytes), IPV6_HEADER_BYTES + 8 + n));
        return;
    }
    ipv4_encode(MSPAN(bytes), &h);
    udp_encode(mspan_skip(MSPAN(bytes), IPV4_HEADER_BYTES), &(struct udp_header){ .source_port = 9, .destination_port = 53,
            .length_bytes = about & 4 ? 16 : n });
    deliver(ETHERNET_IPV4, false, span_first(SPAN(bytes), IPV4_HEADER_BYTES + n));
}
/* A router's words, queries about groups, and headers between the network's and the transport's. */
static void router_packet(struct cur *script)
{
    uint8_t bytes[120], about = cur_u8(script);
    struct ip router = { { 0xfe, 0x80, [15] = 9 } }, everybody = IPV6_ALL_NODES;
    struct ip prefix = { { 0xfd, (uint8_t)wire.network, [7] = about >> 4 } };
    struct wr w = wr_of(MSPAN(bytes));
    wr_u32(&w, (uint32_t)(about & 1 ? ICMPV6_ROUTER_ADVERTISEMENT : ICMPV6_MLD_QUERY) << 24);
    if (about & 1) {
        wr_u32(&w, 64u << 24 | (about & 2 ? 1800 : 0));
        wr_zeros(&w, 8);
        wr_u32(&w, 3u << 24 | 4 << 16 | 64 << 8 | 0xc0);
        wr_u32(&w, about & 4 ? 4000 : 10);
        wr_u32(&w, about & 8 ? 3000 : 5);
        wr_u32(&w, 0);
        wr_bytes(&w, SPAN(prefix.byte));
        wr_u32(&w, 25u << 24 | 3 << 16);
        wr_u32(&w, 3000);
        wr_bytes(&w, SPAN(router.byte));
    } else {
        wr_u32(&w, 100u << 16);
        wr_zeros(&w, 20);
    }
    struct checksum c = checksum_pseudo(SPAN(router.byte), SPAN(everybody.byte), IPV6_ICMPV6, wr_len(&w));
    checksum_add(&c, wr_done(&w));
    mspan_u16(MSPAN(bytes), 2, checksum_field(&c));
    uint8_t packet[200];
    ipv6_encode(MSPAN(packet), &(struct ipv6_header){ .next_header = IPV6_ICMPV6, .hop_limit = about & 1 ? 255 : 1,
                                                      .payload_bytes = wr_len(&w), .source = router, .destination = everybody });
    (void)span_copy(mspan_skip(MSPAN(packet), IPV6_HEADER_BYTES), wr_done(&w));
    deliver(ETHERNET_IPV6, false, span_first(SPAN(packet), IPV6_HEADER_BYTES + wr_len(&w)));
}
static void igmp_packet(struct cur *script)
{
    uint8_t bytes[IPV4_HEADER_BYTES + 8] = { 0 }, about = cur_u8(script);
    struct mspan message = mspan_skip(MSPAN(bytes), IPV4_HEADER_BYTES);
    struct checksum c = { 0 };
    ipv4_encode(MSPAN(bytes), &(struct ipv4_header){ .total_bytes = sizeof bytes, .time_to_live = about & 1 ? 9 : 1, .protocol = 2,
                                                     .source = v4_of(9), .destination = 0xe0000001 });
    mspan_put(message, 0, about & 2 ? 0x16 : 0x11);
    mspan_put(message, 1, about);
    checksum_add(&c, span_of(message));
    mspan_u16(message, 2, checksum_field(&c));
    deliver(ETHERNET_IPV4, false, SPAN(bytes));
}
static void extended_packet(struct cur *script)
{
    uint8_t packet[200], about = cur_u8(script);
    struct span body = cur_bytes(script, cur_u8(script) % 64);
    static const uint8_t headers[8] = { 0, IPV6_DESTINATION_OPTIONS, IPV6_ROUTING, IPV6_FRAGMENT, IPV6_NO_NEXT, 99, 0,
                                        IPV6_DESTINATION_OPTIONS };
    struct ip source = v6_of(9), us = v6_of(1);
    ipv6_encode(MSPAN(packet), &(struct ipv6_header){ .next_header = headers[about & 7], .hop_limit = 64, .payload_bytes = body.n,
                                                      .source = source, .destination = about & 8 ? IPV6_ALL_NODES : us });
    (void)span_copy(mspan_skip(MSPAN(packet), IPV6_HEADER_BYTES), body);
    deliver(ETHERNET_IPV6, false, span_first(SPAN(packet), IPV6_HEADER_BYTES + body.n));
}
static void options_packet(struct cur *script)
{
    uint8_t packet[60] = { 0 }, about = cur_u8(script);
    size_t words = 5 + about % 11;
    mspan_put(MSPAN(packet), 0, (uint8_t)(0x40 | words));
    mspan_u16(MSPAN(packet), 2, (uint16_t)(words * 4));
    mspan_put(MSPAN(packet), 8, 64);
    mspan_put(MSPAN(packet), 9, about & 128 ? 200 : IPV4_ICMP);
    mspan_u32(MSPAN(packet), 12, about & 64 ? 0x7f000001 : v4_of(9));
    mspan_u32(MSPAN(packet), 16, about & 32 ? v4_of(0x77) : v4_of(1));
    (void)span_copy(mspan_skip(MSPAN(packet), 20), cur_bytes(script, words * 4 - 20));
    struct checksum c = { 0 };
    checksum_add(&c, span_first(SPAN(packet), words * 4));
    mspan_u16(MSPAN(packet), 10, checksum_field(&c));
    deliver(ETHERNET_IPV4, false, span_first(SPAN(packet), words * 4));
}
static void other_packet(struct cur *script)
{
    void (*const does[])(struct cur *) = { router_packet, igmp_packet, extended_packet, options_packet };
    does[cur_u8(script) & 3](script);
}
static void arp_packet(struct cur *script)
{
    uint8_t bytes[ARP_MESSAGE_BYTES], about = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    arp_encode(&w, &(struct arp_message){ .operation = about & 1 ? ARP_REQUEST : ARP_REPLY, .sender_mac = peer_mac,
                                          .sender_ip = v4_of(about & 2 ? 9 : cur_u8(script)), .target_ip = v4_of(1),
                                          .target_mac = wire.link[wire.by].net.mac });
    deliver(ETHERNET_ARP, false, wr_done(&w));
}
/* A neighbour of IPv6 says where it is. */
static void neighbour_packet(struct cur *script)
{
    uint8_t bytes[NDP_MESSAGE_MAX_BYTES], about = cur_u8(script);
    struct wr w = wr_of(MSPAN(bytes));
    struct ip target = v6_of(about & 1 ? 9 : 1);
    if (about & 2)
        ndp_write_solicitation(&w, &target, &peer_mac);
    else
        ndp_write_advertisement(&w, &target, about & 4, about & 8, &peer_mac);
    ip_packet(script, true, IPV6_ICMPV6, mspan_first(MSPAN(bytes), wr_len(&w)), 2);
}
static void raw_packet(struct cur *script)
{
    static const uint16_t types[4] = { ETHERNET_IPV4, ETHERNET_IPV6, ETHERNET_ARP, 0x88cc };
    uint8_t about = cur_u8(script), n = cur_u8(script);
    deliver(types[about & 3], about & 4, cur_bytes(script, n < script->left.n ? n : script->left.n));
}

/* ---- Applications */

/* Of the network that is spoken of; where it is gone, the whole. */
static struct stack *here(void)
{
    return interfaces[wire.network] ? interfaces[wire.network] : stack;
}
static err client(void *arg)
{
    bool is_v6 = (uintptr_t)arg & 1;
    struct endpoint to = { ip_of(is_v6, 9), 80 };
    if ((uintptr_t)arg & 2)
        to = (struct endpoint){ is_v6 ? (struct ip){ { [15] = 1 } } : ip_from_v4(0x7f000001), 7 };     /* ourselves */
    struct flow *flow;
    struct span got;
    TRY(tcp_connect((uintptr_t)arg & 4 ? here() : stack, &to, in_s(30), &flow));
    err e = flow_write(flow, (struct span){ 0 }, in_s(10));
    for (int i = 0; e == OK && i < 8; i++)
        e = flow_write(flow, SPAN(text), in_s(10));
    if (e == OK)
        e = flow_write_static(flow, SPAN(text), in_s(10));
    while (e == OK && (e = flow_peek(flow, &got, in_s(10))) == OK)
        flow_consume(flow, got.n);
    if (e == E_EOF)
        e = flow_shutdown(flow);
    flow_close(flow);
    return OK;
}
static struct stack_config config_of(uint8_t about)
{
    return (struct stack_config){ .address = { ip_from_v4(v4_of(1)), 24 }, .ipv6 = { v6_of(1), 64 }, .accept_router_advertisements = true,
                                  .probe_ipv4 = about & 4, .ipv6_opaque = about & 8, .ipv6_temporary = about & 16,
                                  .ipv4_only = (about & 96) == 96, .ipv6_only = (about & 96) == 64 };
}
/* The further interface that is spoken of goes, or comes. */
static void come_or_go(uint8_t about)
{
    struct stack_config cfg = config_of(about);
    struct net *net;
    if (wire.network == 0)
        return;
    if (interfaces[wire.network]) {
        other = other_of == wire.network ? NULL : other;
        stack_close_interface(interfaces[wire.network]);
        interfaces[wire.network] = NULL;
        return;
    }
    net = wire_link(wire.network, about & 1, about & 2);
    err e = stack_add_interface(stack, net, &cfg, &interfaces[wire.network]);
    CHECK(e == OK || e == E_NOMEM || e == E_IN_USE);
}
/* Ports, addresses, routes and interfaces that come and go. */
static void manage(struct cur *script)
{
    uint8_t what = cur_u8(script);
    struct ip_prefix a = { what & 8 ? (struct ip){ { 0xfd, (uint8_t)wire.network, [7] = what >> 6, [15] = what >> 4 } } :
                           ip_from_v4(v4_of(what >> 4)), what & 8 ? 64 : 24 };
    struct ip gateway = what & 8 ? (struct ip){ { 0xfe, 0x80, [15] = 9 } } : ip_from_v4(v4_of(9));
    struct ip_prefix everywhere = { what & 8 ? (struct ip){ 0 } : ip_from_v4(0), 0 };
    struct stack_names names;
    switch (what & 7) {
    case 0:
        (void)!stack_add_address(here(), &a, STACK_ANNOUNCE, in_s(1));
        break;
    case 1:
        (void)!stack_add_address(here(), &a, STACK_PROBE, in_s(what >> 5));
        break;
    case 2:
        stack_remove_address(here(), &a.ip);
        break;
    case 3:
        (void)!stack_add_route(here(), &everywhere, &gateway);
        break;
    case 4:
        stack_remove_route(here(), &everywhere, &gateway);
        break;
    case 5:
        if (is_listening)
            tcp_unlisten(stack, 7);
        else
            CHECK(tcp_listen(stack, 7, &echo) != E_INVALID);
        is_listening = !is_listening;
        break;
    case 6:
        stack_names(here(), &names);
        CHECK(names.num_servers <= STACK_NAME_SERVERS_MAX);
        break;
    default:
        if (what & 64)
            come_or_go(what >> 3 & 7 ? cur_u8(script) : 0);
        else
            wire.answers = !wire.answers;
    }
}
/* A second port, that comes and goes. */
static void another_port(struct cur *script)
{
    uint8_t what = cur_u8(script);
    struct endpoint to = { ip_of(what & 8, 9), what & 16 ? 0 : 99 };
    struct ip at, ours = ip_of(what & 8, 1);
    size_t n;
    if (!other) {
        other_of = interfaces[wire.network] ? wire.network : 0;
        (void)!udp_open(here(), what & 1 ? 53 : what, &other);
        return;
    }
    switch (what & 7) {
    case 0:
        udp_close(other);
        other = NULL;
        break;
    case 1:
    case 2:
        (void)!udp_connect(other, &to);
        break;
    case 3:
        udp_set(other, &(struct udp_options){ .hop_limit = what, .multicast_hops = what >> 5, .traffic_class = what & 0xf0 });
        break;
    case 4:
        (void)!udp_send_from(other, &ours, &to, SPAN(text));
        break;
    case 5:
        (void)!udp_send(other, &to, SPAN(large));
        break;
    case 6:
        to.port = 53;
        (void)!udp_send(other, &(struct endpoint){ ours, 53 }, SPAN(text));
        break;
    default:
        (void)!udp_receive_at(other, MSPAN(text), &n, &to, &at, what & 128 ? in_s(1) : 0);
    }
}
static void application(struct cur *script)
{
    uint8_t what = cur_u8(script);
    size_t n = (size_t)cur_u8(script) * 20;
    struct endpoint to = { ip_of(what & 8, what >> 4), 99 };
    struct ip group = what & 8 ? (struct ip){ { 0xff, 5, [15] = what >> 4 } } : ip_from_v4(0xe1000000u + what);
    switch (what & 7) {
    case 0:
    case 1:
        if (fiber_go(&applications, client, (void *)(uintptr_t)((what & 1) | (what >> 6 & 2) | (what >> 4 & 4)), "client") != OK)
            break;
        break;
    case 2:
        (void)!udp_send(port, &to, span_first(SPAN(text), n));
        break;
    case 3: {
        size_t got;
        (void)!udp_receive(port, MSPAN(text), &got, &to, 0);
        break;
    }
    case 4:
        (void)!udp_join_sources(port, &group, &(struct ip_sources){ .is_exclude = !(what & 64), .num = what >> 7,
                                                                    .ip = { ip_from_v4(v4_of(9)) } });
        break;
    case 5:
        udp_leave(port, &group);
        break;
    case 6:
        wire.is_full = !wire.is_full;
        break;
    default:
        stack_log(stack);
    }
}
static unsigned num_links;
/* Its link, or by the last one what belongs to the first. */
static void choose_link(unsigned which)
{
    wire.by = which == 3 ? num_links - 1 : which % num_links;
    wire.network = which == 3 ? 0 : wire.by;
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    choose_link(what >> 5 & 3);
    void (*const does[])(struct cur *) = { tcp_packet, tcp_packet, tcp_packet, udp_packet, icmp_packet, fragment_packet, arp_packet,
                                           neighbour_packet, raw_packet, application, application, other_packet, manage, another_port };
    if (what % 16 < sizeof does / sizeof *does)
        does[what % 16](script);
    else
        (void)!sleep_until(nanos_add(fake.now, (nanos)cur_u8(script) * (what & 16 ? NS_PER_S : 5 * NS_PER_MS)));
    if (!(what & 128))
        (void)!sleep_until(fake.now + 1000);
    states_note(LINKED(stack, struct stack_host, stack)->tcp);
}
static err open_stack(uint8_t about)
{
    struct stack_config cfg = config_of(about);
    cfg.gateway = ip_from_v4(v4_of(9));
    cfg.num_workers = 2;
    cfg.traffic_class = about & 32 ? 0x20 : 0;
    cfg.ipv6_gateway = about & 128 ? (struct ip){ { 0xfe, 0x80, [15] = 9 } } : (struct ip){ 0 };
    wire.answers = !(about & 1);
    return stack_open_dual(wire_link(0, about & 2, false), &cfg, &stack);
}
/* The first interface, and as many further ones as the script wants. */
static void open_all(struct cur *script)
{
    uint8_t about = cur_u8(script), further = cur_u8(script);
    memset(interfaces, 0, sizeof interfaces);
    choose_link(0);
    CHECK(open_stack(about) == OK);
    interfaces[0] = stack;
    num_links = 1 + further % WIRE_LINKS;
    for (wire.network = 1; wire.network < num_links; wire.network++)
        come_or_go(further / WIRE_LINKS);
}
static void close_all(void)
{
    for (unsigned i = 1; i < WIRE_LINKS; i++)
        stack_close_interface(interfaces[i]);
    stack_close(stack);
}
static err body(void *arg)
{
    struct cur script = cur_of(script_bytes);
    (void)arg;
    TRY(random_init());
    num_links = 1;
    open_all(&script);
    CHECK(tcp_listen(stack, 7, &echo) == OK && udp_open(stack, 53, &port) == OK);
    is_listening = true;
    other = NULL;
    scope_open(&applications);
    while (cur_more(&script))
        step(&script);
    wire.is_full = false;
    (void)!sleep_until(in_s(40));
    scope_cancel(&applications);
    close_all();
    return OK;
}

PROPERTY(prop_stack, 800)
{
    unpoison(memory, sizeof memory);
    memset(memory, 0, sizeof memory);
    heap_init(MSPAN(memory));
    fake_reset();
    wire_init();
    script_bytes = in;
    CHECK(scheduler_run(body, NULL, "property") == OK);
    heap_check();
    CHECK(heap_stats().num_blocks == 0);
}
