// SPDX-License-Identifier: ISC
/* message.c - the packet of RFC 826 for Ethernet and IPv4. */
#include "lib/arp/arp.h"

enum { HARDWARE_ETHERNET = 1, MAC_BYTES = 6, IP_BYTES = 4 };

static struct mac cur_mac(struct cur *c)
{
    struct mac m = { 0 };
    (void)span_copy(MSPAN(m.byte), cur_bytes(c, MAC_BYTES));
    return m;
}

enum wire_err arp_decode(struct span payload, struct arp_message *out)
{
    struct cur c = cur_of(payload);
    struct arp_message m = { 0 };

    cur_want(&c, cur_u16(&c) == HARDWARE_ETHERNET, WIRE_BAD_VALUE);
    cur_want(&c, cur_u16(&c) == ETHERNET_IPV4, WIRE_BAD_VALUE);
    cur_want(&c, cur_u8(&c) == MAC_BYTES, WIRE_BAD_VALUE);
    cur_want(&c, cur_u8(&c) == IP_BYTES, WIRE_BAD_VALUE);
    m.operation = cur_u16(&c);
    m.sender_mac = cur_mac(&c);
    m.sender_ip = cur_u32(&c);
    m.target_mac = cur_mac(&c);
    m.target_ip = cur_u32(&c);
    cur_want(&c, m.operation == ARP_REQUEST || m.operation == ARP_REPLY, WIRE_BAD_VALUE);
    cur_want(&c, !mac_is_group(&m.sender_mac), WIRE_BAD_VALUE);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? m : (struct arp_message){ 0 };
    return e;
}

void arp_encode(struct wr *w, const struct arp_message *m)
{
    wr_u16(w, HARDWARE_ETHERNET);
    wr_u16(w, ETHERNET_IPV4);
    wr_u8(w, MAC_BYTES);
    wr_u8(w, IP_BYTES);
    wr_u16(w, m->operation);
    wr_bytes(w, SPAN(m->sender_mac.byte));
    wr_u32(w, m->sender_ip);
    wr_bytes(w, SPAN(m->target_mac.byte));
    wr_u32(w, m->target_ip);
}
