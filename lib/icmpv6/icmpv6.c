// SPDX-License-Identifier: ISC
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv6/ipv6.h"

enum { QUOTED_BYTES = 8 };          /* of a transport header: ports and sequence number */

enum wire_err icmpv6_decode(struct span message, struct icmpv6_header *out)
{
    struct cur c = cur_of(message);
    struct icmpv6_header h = { 0 };

    h.type = cur_u8(&c);
    h.code = cur_u8(&c);
    h.checksum = cur_u16(&c);
    h.rest = cur_u32(&c);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? h : (struct icmpv6_header){ 0 };
    return e;
}

void icmpv6_encode(struct mspan out, const struct icmpv6_header *h)
{
    mspan_put(out, 0, h->type);
    mspan_put(out, 1, h->code);
    mspan_u16(out, ICMPV6_CHECKSUM_AT, h->checksum);
    mspan_u32(out, 4, h->rest);
}

static bool is_hard(const struct icmpv6_header *h)
{
    return (h->type == ICMPV6_UNREACHABLE && (h->code == ICMPV6_UNREACHABLE_PORT || h->code == ICMPV6_ADMINISTRATIVELY_PROHIBITED)) ||
           (h->type == ICMPV6_PARAMETER_PROBLEM && h->code == ICMPV6_BAD_NEXT_HEADER);
}

static bool can_be_quoted(uint8_t protocol)
{
    return protocol == IPV6_TCP || protocol == IPV6_UDP || protocol == IPV6_ICMPV6;
}

/* The transport header behind what extension headers of ours there are. */
static void quoted_transport(struct cur *c, const struct ipv6_extensions *x, struct icmpv6_quote *q)
{
    (void)cur_bytes(c, x->num_bytes);
    q->protocol = x->protocol;
    struct span s = cur_bytes(c, QUOTED_BYTES);
    if (s.n < QUOTED_BYTES || q->protocol == IPV6_ICMPV6)
        return;
    q->source_port = span_u16(s, 0);
    q->destination_port = span_u16(s, 2);
    q->sequence = span_u32(s, 4);
}

enum wire_err icmpv6_error_decode(struct span message, struct icmpv6_quote *out)
{
    struct cur c = cur_of(message);
    struct icmpv6_header h;
    struct ipv6_header ip = { 0 };
    struct ipv6_extensions x = { 0 };
    struct icmpv6_quote q = { 0 };

    cur_want(&c, icmpv6_decode(message, &h) == WIRE_OK, WIRE_SHORT);
    cur_want(&c, h.type >= ICMPV6_UNREACHABLE && h.type <= ICMPV6_PARAMETER_PROBLEM, WIRE_BAD_VALUE);
    (void)cur_bytes(&c, ICMPV6_HEADER_BYTES);
    struct span quote = c.left;
    /* a quote is cut short: its own length says nothing */
    cur_want(&c, ipv6_decode(quote, SIZE_MAX, &ip) == WIRE_OK, WIRE_BAD_VALUE);
    (void)cur_bytes(&c, IPV6_HEADER_BYTES);
    enum ipv6_verdict v = ipv6_walk(c.left, ip.next_header, &x);
    cur_want(&c, (v == IPV6_ACCEPT || (v == IPV6_IS_FRAGMENT && x.fragment.offset_bytes == 0)) && can_be_quoted(x.protocol),
             WIRE_BAD_VALUE);
    quoted_transport(&c, &x, &q);
    (void)cur_rest(&c);

    q.source = ip.source;
    q.destination = ip.destination;
    q.is_hard = is_hard(&h);
    q.mtu = h.type == ICMPV6_PACKET_TOO_BIG ? h.rest : 0;
    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? q : (struct icmpv6_quote){ 0 };
    return e;
}
