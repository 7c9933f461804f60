// SPDX-License-Identifier: ISC
/* payload.c - what a departure carries: spans, or the views of a chain of packets. */
#include "lib/stack/host.h"

struct span pieces_next(const struct departure *d, struct pieces *p, size_t max)
{
    while (p->left.n == 0) {
        if (p->next_part < d->parts.n) {
            p->left = AT(d->parts, p->next_part++);
        } else if (p->next_packet) {
            p->left = p->next_packet->view;
            p->next_packet = p->next_packet->next;
        } else {
            return (struct span){ 0 };
        }
    }
    struct span s = span_first(p->left, max);
    p->left = span_skip(p->left, s.n);
    return s;
}

void host_write_sum(const struct departure *d, struct mspan transport, struct checksum c)
{
    struct pieces pieces = pieces_of(d);
    checksum_add(&c, span_first(span_of(transport), d->header_bytes));
    for (size_t left = d->payload_bytes; left > 0;) {
        struct span s = pieces_next(d, &pieces, left);
        checksum_add(&c, s);
        left -= s.n;
    }
    uint16_t field = checksum_field(&c);
    bool zero_means_none = d->protocol == IPV4_UDP;
    mspan_u16(transport, d->checksum_at, field == 0 && zero_means_none ? 0xffff : field);
}
