// SPDX-License-Identifier: ISC
/* extensions.c - extension headers (RFC 8200 section 4), from the first to the transport. */
#include "lib/ipv6/ipv6.h"

enum {
    UNIT_BYTES = 8,
    PAD1 = 0,
    OPTION_ACTION_SHIFT = 6,    /* RFC 8200 section 4.2: what to do with an option that is not known */
    MORE_FRAGMENTS = 1,
    OFFSET = 0xfff8,
};
enum action { ACTION_SKIP, ACTION_DROP, ACTION_TELL, ACTION_TELL_UNICAST };

struct walk {
    struct cur c;
    size_t first_bytes;
    uint8_t next_header;
    uint32_t next_header_at;    /* the field that says so */
    unsigned num_extensions, num_options;
    struct ipv6_extensions *out;
};

/* Where the cursor is, from the start of the packet. */
static uint32_t position(const struct walk *w)
{
    return (uint32_t)(IPV6_HEADER_BYTES + w->first_bytes - w->c.left.n);
}

static enum ipv6_verdict problem(struct walk *w, enum ipv6_verdict verdict, uint32_t at)
{
    w->out->pointer = at;
    return verdict;
}

/* None asks anything of a host: the padding of several bytes and the router alert (RFC 2711) are skipped like what is not known. */
static enum ipv6_verdict option(struct walk *w, uint8_t type, uint32_t at)
{
    switch ((enum action)(type >> OPTION_ACTION_SHIFT)) {
    case ACTION_SKIP:
        return IPV6_ACCEPT;
    case ACTION_DROP:
        return IPV6_DROP;
    case ACTION_TELL:
        return problem(w, IPV6_BAD_OPTION, at);
    case ACTION_TELL_UNICAST:
        break;
    }
    return problem(w, IPV6_BAD_OPTION_UNICAST, at);
}

static enum ipv6_verdict options(struct walk *w, struct span bytes, uint32_t at)
{
    struct cur c = cur_of(bytes);
    while (cur_more(&c)) {
        uint32_t here = at + (uint32_t)(bytes.n - c.left.n);
        uint8_t type = cur_u8(&c);
        if (type == PAD1)
            continue;
        (void)cur_bytes(&c, cur_u8(&c));
        if (c.err != WIRE_OK || ++w->num_options > IPV6_OPTIONS_MAX)
            return IPV6_DROP;
        enum ipv6_verdict v = option(w, type, here);
        if (v != IPV6_ACCEPT)
            return v;
    }
    return IPV6_ACCEPT;
}

/* Section 4.4: a route that is travelled to its end is ignored; others are not ours to know (RFC 5095). */
static enum ipv6_verdict routing(struct walk *w, struct span bytes, uint32_t at)
{
    return span_at(bytes, 1) == 0 ? IPV6_ACCEPT : problem(w, IPV6_BAD_FIELD, at);
}

/* A header of the common form: next header, length in units beyond the first. */
static enum ipv6_verdict common(struct walk *w)
{
    uint8_t which = w->next_header;
    uint32_t at = position(w);
    w->next_header = cur_u8(&w->c);
    w->next_header_at = at;
    struct span bytes = cur_bytes(&w->c, (size_t)cur_u8(&w->c) * UNIT_BYTES + UNIT_BYTES - 2);
    if (w->c.err != WIRE_OK)
        return IPV6_DROP;
    return which == IPV6_ROUTING ? routing(w, bytes, at + 2) : options(w, bytes, at + 2);
}

static enum ipv6_verdict fragment(struct walk *w)
{
    uint32_t at = position(w);
    w->next_header = cur_u8(&w->c);
    w->next_header_at = at;
    (void)cur_u8(&w->c);
    uint16_t offset = cur_u16(&w->c);
    w->out->fragment.identification = cur_u32(&w->c);
    w->out->fragment.offset_bytes = offset & OFFSET;
    w->out->fragment.is_last = !(offset & MORE_FRAGMENTS);
    if (w->c.err != WIRE_OK)
        return IPV6_DROP;
    return offset & (OFFSET | MORE_FRAGMENTS) ? IPV6_IS_FRAGMENT : IPV6_ACCEPT;
}

static enum ipv6_verdict step(struct walk *w)
{
    switch (w->next_header) {
    case IPV6_HOP_BY_HOP:
        if (w->num_extensions > 0)              /* section 4.1: only directly behind the header */
            return problem(w, IPV6_BAD_NEXT_HEADER, w->next_header_at);
        return common(w);
    case IPV6_DESTINATION_OPTIONS:
    case IPV6_ROUTING:
        return common(w);
    case IPV6_FRAGMENT:
        return fragment(w);
    default:
        return IPV6_DROP;
    }
}

static bool is_extension(uint8_t next_header)
{
    return next_header == IPV6_HOP_BY_HOP || next_header == IPV6_DESTINATION_OPTIONS || next_header == IPV6_ROUTING ||
           next_header == IPV6_FRAGMENT;
}

enum ipv6_verdict ipv6_walk(struct span first, uint8_t next_header, struct ipv6_extensions *out)
{
    struct walk w = { .c = cur_of(first), .first_bytes = first.n, .next_header = next_header,
                      .next_header_at = IPV6_NEXT_HEADER_AT, .out = out };
    enum ipv6_verdict v = IPV6_ACCEPT;
    *out = (struct ipv6_extensions){ 0 };
    for (; v == IPV6_ACCEPT && is_extension(w.next_header); w.num_extensions++)
        v = w.num_extensions < IPV6_EXTENSIONS_MAX ? step(&w) : IPV6_DROP;
    if (v != IPV6_ACCEPT && v != IPV6_IS_FRAGMENT)
        return v;
    out->protocol = w.next_header;
    out->num_bytes = first.n - w.c.left.n;
    out->pointer = w.next_header_at;
    return v;
}

void ipv6_fragment_encode(struct mspan out, uint8_t next_header, size_t offset_bytes, bool is_last, uint32_t identification)
{
    REQUIRE((offset_bytes & ~(size_t)OFFSET) == 0);
    mspan_put(out, 0, next_header);
    mspan_put(out, 1, 0);
    mspan_u16(out, 2, (uint16_t)(offset_bytes | (is_last ? 0 : MORE_FRAGMENTS)));
    mspan_u32(out, 4, identification);
}
