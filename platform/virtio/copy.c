// SPDX-License-Identifier: ISC
#include "platform/virtio/copy.h"

struct piece {
    uint64_t word[8];
} __attribute__((packed, may_alias));

static void copy_piece(void *to, const void *from)
{
    struct piece *t = to;
    const struct piece *f = from;
    *t = *f;
}

size_t copy_bytes(struct mspan to, struct span from)
{
    size_t n = to.n < from.n ? to.n : from.n;
    for (size_t i = n / sizeof(struct piece); i > 0; i--) {
        copy_piece(to.p, from.p);
        from = span_skip(from, sizeof(struct piece));
        to = mspan_skip(to, sizeof(struct piece));
    }
    (void)span_copy(to, span_first(from, n % sizeof(struct piece)));
    return n;
}
