// SPDX-License-Identifier: ISC
#include "platform/common/vnet.h"

enum {                          /* flags */
    NEEDS_CSUM = 1,
    DATA_VALID = 2,
};
enum {                          /* gso_type */
    GSO_NONE = 0,
    GSO_TCPV4 = 1,
    GSO_TCPV6 = 4,
    GSO_ECN = 0x80,             /* may be added to the TCP ones */
};
enum {                          /* offsets */
    AT_FLAGS = 0,
    AT_GSO_TYPE = 1,
    AT_HDR_LEN = 2,
    AT_GSO_SIZE = 4,
    AT_CSUM_START = 6,
    AT_CSUM_OFFSET = 8,
};

static void put_le16(struct mspan m, size_t at, uint16_t v)
{
    mspan_put(m, at, (uint8_t)v);
    mspan_put(m, at + 1, (uint8_t)(v >> 8));
}

static uint16_t get_le16(struct span s, size_t at)
{
    return (uint16_t)(span_at(s, at) | span_at(s, at + 1) << 8);
}

static uint8_t gso_type(const struct frame_offload *offload)
{
    switch ((enum frame_gso)offload->gso) {
    case FRAME_GSO_NONE:  return GSO_NONE;
    case FRAME_GSO_TCPV4: return GSO_TCPV4;
    case FRAME_GSO_TCPV6: return GSO_TCPV6;
    }
    UNREACHABLE("a frame has an unknown segmentation");
}

void vnet_encode(struct mspan out, const struct frame_offload *offload)
{
    struct mspan m = mspan_first(out, VNET_BYTES);
    mspan_zero(m);
    if (offload->needs_checksum) {
        mspan_put(m, AT_FLAGS, NEEDS_CSUM);
        put_le16(m, AT_CSUM_START, offload->checksum_start);
        put_le16(m, AT_CSUM_OFFSET, offload->checksum_offset);
    }
    if (offload->gso != FRAME_GSO_NONE) {
        mspan_put(m, AT_GSO_TYPE, gso_type(offload));
        put_le16(m, AT_HDR_LEN, offload->header_bytes);
        put_le16(m, AT_GSO_SIZE, offload->gso_bytes);
    }
}

/* true: the segmentation is one of those that Morgana negotiates */
static bool read_gso(struct span header, size_t frame_bytes, struct frame_offload *o)
{
    uint8_t type = span_at(header, AT_GSO_TYPE) & (uint8_t)~GSO_ECN;
    if (type == GSO_NONE)
        return true;
    if (type != GSO_TCPV4 && type != GSO_TCPV6)
        return false;
    o->gso = type == GSO_TCPV4 ? FRAME_GSO_TCPV4 : FRAME_GSO_TCPV6;
    o->gso_bytes = get_le16(header, AT_GSO_SIZE);
    o->header_bytes = get_le16(header, AT_HDR_LEN);
    return o->gso_bytes > 0 && o->header_bytes <= frame_bytes;
}

static bool read_checksum(struct span header, size_t frame_bytes, struct frame_offload *o)
{
    uint8_t flags = span_at(header, AT_FLAGS);
    o->checksum_is_good = (flags & DATA_VALID) != 0;
    o->needs_checksum = (flags & NEEDS_CSUM) != 0;
    if (!o->needs_checksum)
        return true;
    o->checksum_start = get_le16(header, AT_CSUM_START);
    o->checksum_offset = get_le16(header, AT_CSUM_OFFSET);
    return (size_t)o->checksum_start + o->checksum_offset + 2 <= frame_bytes;
}

enum wire_err vnet_decode(struct span header, size_t frame_bytes, struct frame_offload *offload)
{
    struct frame_offload o = { 0 };
    *offload = o;
    if (header.n < VNET_BYTES)
        return WIRE_SHORT;
    if (!read_checksum(header, frame_bytes, &o) || !read_gso(header, frame_bytes, &o))
        return WIRE_BAD_VALUE;
    *offload = o;
    return WIRE_OK;
}
