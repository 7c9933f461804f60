// SPDX-License-Identifier: ISC
/* ping6.c - a host of one address by hand: takes frames from the network device, takes them apart with the engines of Ethernet,
 * IPv6, ICMPv6 and neighbour discovery, and answers solicitations for its address and echo requests. Datagrams and segments
 * are logged. */
#include "ping6.h"
#include "base/writer.h"
#include "lib/checksum/checksum.h"
#include "lib/ethernet/ethernet.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"
#include "lib/ndp/message.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

LOG_SOURCE(ping6);

#define FRAME_BYTES (ETHERNET_HEADER_BYTES + 1500)
#define BUFFER_BYTES 1920u      /* as many of them as the largest frame of any device takes */
#define NDP_HOP_LIMIT 255       /* RFC 4861: it did not cross a router */

struct host {
    struct net *net;
    struct ip address;
    uint8_t received[FRAME_PARTS_MAX][BUFFER_BYTES], sent[FRAME_BYTES];
};
struct packet {
    struct ethernet_header ethernet;
    struct ipv6_header ip;
    struct span payload;
};

static uint16_t checksum_of(const struct ip *from, const struct ip *to, struct span message)
{
    struct checksum c = checksum_pseudo(SPAN(from->byte), SPAN(to->byte), IPV6_ICMPV6, message.n);
    checksum_add(&c, message);
    return checksum_sum(&c);
}

/* Frames that have no room at the device are dropped. */
static void send_message(struct host *h, const struct packet *to, uint8_t hop_limit, struct mspan message)
{
    uint16_t sum = checksum_of(&h->address, &to->ip.source, span_of(message));
    struct wr field = wr_of(mspan_skip(message, ICMPV6_CHECKSUM_AT)), w = wr_of(MSPAN(h->sent));
    struct ipv6_header ip = { .next_header = IPV6_ICMPV6, .hop_limit = hop_limit, .payload_bytes = message.n,
                              .source = h->address, .destination = to->ip.source };
    wr_u16(&field, (uint16_t)~sum);
    ethernet_encode(&w, &(struct ethernet_header){ to->ethernet.source, h->net->mac, ETHERNET_IPV6 });
    ipv6_encode(wr_take(&w, IPV6_HEADER_BYTES), &ip);
    wr_bytes(&w, span_of(message));
    struct tx_frame frame = { .part = { wr_done(&w) }, .num_parts = 1 };
    (void)net_send(h->net, &frame, 1);
}

static void solicited(struct host *h, const struct packet *p)
{
    struct ndp_message m;
    uint8_t answer[NDP_MESSAGE_MAX_BYTES];
    struct wr w = wr_of(MSPAN(answer));
    if (p->ip.hop_limit != NDP_HOP_LIMIT || ndp_decode(p->payload, &m) != WIRE_OK || !ip_eq(&m.target, &h->address) ||
        ipv6_is_unspecified(&p->ip.source))
        return;
    ndp_write_advertisement(&w, &h->address, true, true, &h->net->mac);
    send_message(h, p, NDP_HOP_LIMIT, mspan_first(MSPAN(answer), wr_len(&w)));
}

static void echo_requested(struct host *h, const struct packet *p)
{
    uint8_t answer[1500 - IPV6_HEADER_BYTES];
    struct icmpv6_header head;
    struct wr w = wr_of(MSPAN(answer));
    if (p->payload.n > sizeof answer || icmpv6_decode(p->payload, &head) != WIRE_OK)
        return;
    head.type = ICMPV6_ECHO_REPLY;
    head.checksum = 0;
    wr_bytes(&w, p->payload);
    icmpv6_encode(mspan_first(MSPAN(answer), ICMPV6_HEADER_BYTES), &head);
    send_message(h, p, IPV6_HOP_LIMIT, mspan_first(MSPAN(answer), wr_len(&w)));
}

static void message_received(struct host *h, const struct packet *p)
{
    struct icmpv6_header head;
    if (icmpv6_decode(p->payload, &head) != WIRE_OK || checksum_of(&p->ip.source, &p->ip.destination, p->payload) != 0xffff)
        return;
    if (head.type == ICMPV6_NEIGHBOR_SOLICITATION)
        solicited(h, p);
    else if (head.type == ICMPV6_ECHO_REQUEST && ip_eq(&p->ip.destination, &h->address))
        echo_requested(h, p);
}

static void frame_received(struct host *h, struct span frame)
{
    struct packet p = { 0 };
    struct ip group = ipv6_solicited_node(&h->address);
    if (ethernet_decode(frame, &p.ethernet) != WIRE_OK || p.ethernet.type != ETHERNET_IPV6)
        return;
    struct span packet = span_skip(frame, ETHERNET_HEADER_BYTES);
    if (ipv6_decode(packet, packet.n, &p.ip) != WIRE_OK || !(ip_eq(&p.ip.destination, &h->address) || ip_eq(&p.ip.destination, &group)))
        return;
    p.payload = span_sub(packet, IPV6_HEADER_BYTES, p.ip.payload_bytes);
    if (p.ip.next_header == IPV6_ICMPV6)
        message_received(h, &p);
    else
        log_info(ping6, "%zu bytes of protocol %u from %I", p.payload.n, p.ip.next_header, &p.ip.source);
}

/* What came in more than one buffer is nothing that we answer. */
static err serve(void *arg)
{
    struct host *h = arg;
    struct mspan buffers[FRAME_PARTS_MAX];
    for (size_t i = 0; i < NUM_OF(buffers); i++)
        buffers[i] = MSPAN(h->received[i]);
    for (;;) {
        struct rx_frame frame;
        if (net_receive(h->net, buffers, NUM_OF(buffers), &frame, 1) == 0)
            TRY(net_wait(h->net, NEVER));
        else if (frame.num_buffers == 1)
            frame_received(h, span_first(SPAN(h->received[0]), frame.num_bytes));
    }
}

err ping6_main(struct net *net)
{
    static struct host host;
    struct scope scope CLEANUP(scope_cancel);

    host.net = net;
    host.address = arg_ipv6();
    scope_open(&scope);
    TRY(fiber_go(&scope, serve, &host, "serve"));
    log_info(ping6, "answering on %I", &host.address);
    return stop_wait(NEVER);
}
