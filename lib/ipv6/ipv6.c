// SPDX-License-Identifier: ISC
/* ipv6.c - the fixed header, and addresses. */
#include "lib/ipv6/ipv6.h"

enum { VERSION = 6, ADDRESS_BYTES = 16 };

static struct ip cur_ip(struct cur *c)
{
    struct ip a = { 0 };
    (void)span_copy(MSPAN(a.byte), cur_bytes(c, ADDRESS_BYTES));
    return a;
}

enum wire_err ipv6_decode(struct span first, size_t packet_bytes, struct ipv6_header *out)
{
    struct cur c = cur_of(first);
    struct ipv6_header h = { 0 };

    uint32_t version_class_flow = cur_u32(&c);
    h.traffic_class = version_class_flow >> 20 & 0xff;
    h.payload_bytes = cur_u16(&c);
    h.next_header = cur_u8(&c);
    h.hop_limit = cur_u8(&c);
    h.source = cur_ip(&c);
    h.destination = cur_ip(&c);
    cur_want(&c, version_class_flow >> 28 == VERSION, WIRE_BAD_VALUE);
    cur_want(&c, !ip_is_v4(&h.source) && !ip_is_v4(&h.destination), WIRE_BAD_VALUE);
    cur_want(&c, c.err != WIRE_OK || h.payload_bytes <= packet_bytes - IPV6_HEADER_BYTES, WIRE_SHORT);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? h : (struct ipv6_header){ 0 };
    return e;
}

void ipv6_encode(struct mspan out, const struct ipv6_header *h)
{
    REQUIRE(out.n >= IPV6_HEADER_BYTES && h->payload_bytes <= UINT16_MAX);
    mspan_u32(out, 0, (uint32_t)VERSION << 28 | (uint32_t)h->traffic_class << 20);
    mspan_u16(out, 4, (uint16_t)h->payload_bytes);
    mspan_put(out, 6, h->next_header);
    mspan_put(out, 7, h->hop_limit);
    (void)span_copy(mspan_skip(out, 8), SPAN(h->source.byte));
    (void)span_copy(mspan_skip(out, 24), SPAN(h->destination.byte));
}

/* ---- Addresses */

bool ipv6_is_unicast(const struct ip *a)
{
    return !ipv6_is_group(a) && !ipv6_is_unspecified(a) && !ipv6_is_loopback(a) && !ip_is_v4(a);
}

uint8_t ipv6_scope(const struct ip *a)
{
    if (ipv6_is_group(a))
        return a->byte[1] & 0xf;
    return ipv6_is_link_local(a) || ipv6_is_loopback(a) ? IPV6_LINK : IPV6_GLOBAL;
}

unsigned ipv6_common_bits(const struct ip *a, const struct ip *b)
{
    unsigned bits = 0;
    for (size_t i = 0; i < ADDRESS_BYTES; i++) {
        unsigned differ = a->byte[i] ^ b->byte[i];
        if (differ != 0)
            return bits + (unsigned)__builtin_clz(differ) - 24;
        bits += 8;
    }
    return bits;
}

struct ip ipv6_solicited_node(const struct ip *a)
{
    return (struct ip){ { 0xff, 2, [11] = 1, 0xff, a->byte[13], a->byte[14], a->byte[15] } };
}

struct mac ipv6_group_mac(const struct ip *group)
{
    return (struct mac){ { 0x33, 0x33, group->byte[12], group->byte[13], group->byte[14], group->byte[15] } };
}

struct ip ipv6_from_mac(const struct ip *prefix, const struct mac *mac)
{
    struct ip a = *prefix;
    const uint8_t id[8] = { mac->byte[0] ^ 2, mac->byte[1], mac->byte[2], 0xff, 0xfe, mac->byte[3], mac->byte[4], mac->byte[5] };
    (void)span_copy(mspan_skip(MSPAN(a.byte), 8), SPAN(id));
    return a;
}
