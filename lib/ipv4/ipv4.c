// SPDX-License-Identifier: ISC
/* ipv4.c - the header (RFC 791 section 3.1). */
#include "lib/ipv4/ipv4.h"
#include "lib/checksum/checksum.h"

enum {
    VERSION = 4,
    WORD_BYTES = 4,
    DONT_FRAGMENT = 0x4000,
    MORE_FRAGMENTS = 0x2000,
    OFFSET = 0x1fff,
    OFFSET_UNIT_BYTES = 8,
    CHECKSUM_AT = 10,
};

static bool checksum_is_right_over(struct span header)
{
    struct checksum c = { 0 };
    checksum_add(&c, header);
    return checksum_is_right(&c);
}

enum wire_err ipv4_decode(struct span first, size_t packet_bytes, struct ipv4_header *out)
{
    struct span fixed = span_first(first, IPV4_HEADER_BYTES);
    *out = (struct ipv4_header){ 0 };
    if (fixed.n < IPV4_HEADER_BYTES)
        return WIRE_SHORT;
    uint8_t version_ihl = span_at(fixed, 0);
    uint16_t fragment = span_u16(fixed, 6);
    struct ipv4_header h = {
        .header_bytes = (size_t)(version_ihl & 0xf) * WORD_BYTES, .traffic_class = span_at(fixed, 1), .total_bytes = span_u16(fixed, 2),
        .identification = span_u16(fixed, 4), .is_fragment = fragment & (MORE_FRAGMENTS | OFFSET),
        .more_fragments = fragment & MORE_FRAGMENTS, .offset_bytes = (size_t)(fragment & OFFSET) * OFFSET_UNIT_BYTES,
        .time_to_live = span_at(fixed, 8), .protocol = span_at(fixed, 9), .source = span_u32(fixed, 12),
        .destination = span_u32(fixed, 16),
    };
    if (version_ihl >> 4 != VERSION || h.header_bytes < IPV4_HEADER_BYTES)
        return WIRE_BAD_VALUE;
    if (first.n < h.header_bytes)
        return WIRE_SHORT;
    if (h.total_bytes < h.header_bytes)
        return WIRE_BAD_VALUE;
    if (h.total_bytes > packet_bytes)
        return WIRE_SHORT;
    if (!checksum_is_right_over(span_first(first, h.header_bytes)))
        return WIRE_BAD_VALUE;
    *out = h;
    return WIRE_OK;
}

static uint16_t fragment_field(const struct ipv4_header *h)
{
    if (!h->is_fragment)
        return DONT_FRAGMENT;
    return (uint16_t)(h->offset_bytes / OFFSET_UNIT_BYTES | (h->more_fragments ? MORE_FRAGMENTS : 0));
}

void ipv4_encode(struct mspan out, const struct ipv4_header *h)
{
    REQUIRE(out.n >= IPV4_HEADER_BYTES && h->total_bytes <= UINT16_MAX);
    mspan_put(out, 0, VERSION << 4 | IPV4_HEADER_BYTES / WORD_BYTES);
    mspan_put(out, 1, h->traffic_class);
    mspan_u16(out, 2, (uint16_t)h->total_bytes);
    mspan_u16(out, 4, h->is_fragment ? h->identification : 0);
    mspan_u16(out, 6, fragment_field(h));
    mspan_put(out, 8, h->time_to_live);
    mspan_put(out, 9, h->protocol);
    mspan_u16(out, CHECKSUM_AT, 0);
    mspan_u32(out, 12, h->source);
    mspan_u32(out, 16, h->destination);
    struct checksum c = { 0 };
    checksum_add(&c, span_of(mspan_first(out, IPV4_HEADER_BYTES)));
    mspan_u16(out, CHECKSUM_AT, checksum_field(&c));
}
