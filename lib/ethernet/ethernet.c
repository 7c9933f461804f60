// SPDX-License-Identifier: ISC
#include "lib/ethernet/ethernet.h"

enum { TYPE_MIN = 0x0600 };     /* IEEE 802.3 clause 3.2.6: below it is a length */

static struct mac cur_mac(struct cur *c)
{
    struct mac m = { 0 };
    (void)span_copy(MSPAN(m.byte), cur_bytes(c, sizeof m.byte));
    return m;
}

enum wire_err ethernet_decode(struct span frame, struct ethernet_header *out)
{
    struct cur c = cur_of(frame);
    struct ethernet_header h = { 0 };

    h.destination = cur_mac(&c);
    h.source = cur_mac(&c);
    h.type = cur_u16(&c);
    cur_want(&c, !mac_is_group(&h.source) && h.type >= TYPE_MIN, WIRE_BAD_VALUE);
    (void)cur_rest(&c);

    enum wire_err e = cur_end(&c);
    *out = e == WIRE_OK ? h : (struct ethernet_header){ 0 };
    return e;
}

void ethernet_encode(struct wr *w, const struct ethernet_header *h)
{
    wr_bytes(w, SPAN(h->destination.byte));
    wr_bytes(w, SPAN(h->source.byte));
    wr_u16(w, h->type);
}
