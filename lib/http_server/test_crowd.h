// SPDX-License-Identifier: ISC
/* test_crowd.h - for tests: strangers behind a gateway who speak TCP to the right stack as badly as the test likes, frame by
 * frame and without a stack of their own, beside the left stack, which is a client as it should be. */
#ifndef LIB_HTTP_SERVER_TEST_CROWD_H
#define LIB_HTTP_SERVER_TEST_CROWD_H
#include "lib/checksum/checksum.h"
#include "lib/ethernet/ethernet.h"
#include "lib/ipv4/ipv4.h"
#include "lib/stack/host.h"
#include "lib/stack/test_link.h"
#include "lib/tcp/segment.h"

#define CROWD_NET 0x0b000000u           /* stranger i is 11.0.0.0 + i */
#define CROWD_MAX (1u << 17)
#define CROWD_US 0x0a000002u

struct stranger {
    uint32_t seq, ack;                  /* of what it sends next */
    uint16_t window;
    bool is_open, is_reset;
    bool reads;                         /* acknowledges what comes */
};
static struct stranger crowd[CROWD_MAX];
static uint64_t crowd_bytes;            /* that came for any of them */

static void crowd_input(struct span packet)
{
    struct ipv4_header ip;
    struct tcp_segment s;
    if (ipv4_decode(packet, packet.n, &ip) != WIRE_OK || ip.protocol != IPV4_TCP ||
        tcp_segment_decode(span_sub(packet, ip.header_bytes, ip.total_bytes - ip.header_bytes), &s) != WIRE_OK)
        return;
    struct stranger *x = &crowd[ip.destination - CROWD_NET];
    size_t num_bytes = ip.total_bytes - ip.header_bytes - s.header_bytes;
    crowd_bytes += num_bytes;
    if (s.flags & TCP_RST) {
        x->is_open = false;
        x->is_reset = true;
    } else if (s.flags & TCP_SYN) {
        x->is_open = true;
        x->ack = s.seq + 1;
    } else if (x->reads && s.seq == x->ack) {
        x->ack += (uint32_t)num_bytes + ((s.flags & TCP_FIN) != 0);
    }
}
static size_t crowd_tap(struct net *n, const struct tx_frame *frames, size_t num)
{
    static uint8_t whole[LINK_FRAME_BYTES];
    for (size_t i = 0; i < num; i++) {
        struct wr w = wr_of(MSPAN(whole));
        for (size_t j = 0; j < frames[i].num_parts; j++)
            wr_bytes(&w, frames[i].part[j]);
        struct span packet = span_skip(wr_done(&w), ETHERNET_HEADER_BYTES);
        if (packet.n >= IPV4_HEADER_BYTES && span_u32(packet, 16) - CROWD_NET < CROWD_MAX)
            crowd_input(packet);
        else
            (void)station_send(n, &frames[i], 1);
    }
    return num;
}
static const struct net_ops crowd_ops = { station_receive, crowd_tap, station_wait };

/* The wire takes a frame more: where it is full, the right stack has its turn. */
static void crowd_make_room(void)
{
    if (ring_is_full(&right_end.ring))
        EQ(sleep_until(in_ms(1)), OK);
    TRUE(!ring_is_full(&right_end.ring));
}
static void crowd_frame(struct span bytes)
{
    crowd_make_room();
    deliver(&right_end, &(struct tx_frame){ .part = { bytes }, .num_parts = 1, .offload.checksum_is_good = true });
}
/* An IPv4 packet whose payload lies behind its header already. */
static void crowd_packet(struct mspan frame, struct ipv4_header ip)
{
    struct wr w = wr_of(frame);
    ip.total_bytes = frame.n - ETHERNET_HEADER_BYTES;
    ip.time_to_live = 64;
    ip.destination = CROWD_US;
    ethernet_encode(&w, &(struct ethernet_header){ right_end.net.mac, left_end.net.mac, ETHERNET_IPV4 });
    ipv4_encode(mspan_skip(frame, ETHERNET_HEADER_BYTES), &ip);
    crowd_frame(span_of(frame));
}
static void crowd_say_at(uint32_t i, uint32_t seq, uint8_t flags, struct span payload)
{
    uint8_t frame[1514];
    const struct stranger *x = &crowd[i];
    struct tcp_segment s = { .source_port = 4000, .destination_port = 80, .seq = seq, .ack = x->ack, .flags = flags, .window = x->window };
    struct mspan segment = mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES);
    size_t n = tcp_segment_encode(&s, segment);
    n += span_copy(mspan_skip(segment, n), payload);
    crowd_packet(mspan_first(MSPAN(frame), ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + n),
                 (struct ipv4_header){ .protocol = IPV4_TCP, .source = CROWD_NET + i });
}
static void crowd_say(uint32_t i, struct span payload)
{
    crowd_say_at(i, crowd[i].seq, TCP_ACK, payload);
    crowd[i].seq += (uint32_t)payload.n;
}
/* Asks for a connection; it is there when the stack has had its turn. */
static void crowd_knock(uint32_t i, uint16_t window)
{
    crowd[i] = (struct stranger){ .seq = i * 77777u + 1, .window = window };
    crowd_say_at(i, crowd[i].seq++, TCP_SYN, (struct span){ 0 });
}

#endif
