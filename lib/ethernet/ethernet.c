// SPDX-License-Identifier: ISC
#include "lib/ethernet/ethernet.h"

enum { TYPE_MIN = 0x0600 };     /* IEEE 802.3 clause 3.2.6: below it is a length */

static struct mac mac_at(struct span s, size_t at)
{
    struct mac m;
    mspan_u32(MSPAN(m.byte), 0, span_u32(s, at));
    mspan_u16(MSPAN(m.byte), 4, span_u16(s, at + 4));
    return m;
}

enum wire_err ethernet_decode(struct span frame, struct ethernet_header *out)
{
    struct span header = span_first(frame, ETHERNET_HEADER_BYTES);
    *out = (struct ethernet_header){ 0 };
    if (header.n < ETHERNET_HEADER_BYTES)
        return WIRE_SHORT;
    struct ethernet_header h = { .destination = mac_at(header, 0), .source = mac_at(header, 6), .type = span_u16(header, 12) };
    if (mac_is_group(&h.source) || h.type < TYPE_MIN)
        return WIRE_BAD_VALUE;
    *out = h;
    return WIRE_OK;
}

void ethernet_encode(struct wr *w, const struct ethernet_header *h)
{
    wr_bytes(w, SPAN(h->destination.byte));
    wr_bytes(w, SPAN(h->source.byte));
    wr_u16(w, h->type);
}
