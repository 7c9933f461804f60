// SPDX-License-Identifier: ISC
/* copy.c - eight bytes at a time by general registers, 32 times between two jumps. A translator takes a vector apart, by way of memory,
 * and a string instruction byte by byte; QEMU's copies so at half the cost. */
#include "platform/virtio/copy.h"

#if defined(__riscv)
/* Words at any address are not for every CPU: the C library knows how. */
size_t copy_bytes(struct mspan to, struct span from)
{
    return span_copy(to, from);
}
#else
struct piece {
    uint64_t word[32];
} __attribute__((packed, may_alias));

/* Volatile, or the compiler would take vectors. */
__attribute__((always_inline)) static inline void copy_four(volatile struct piece *to, const struct piece *from, size_t at)
{
    to->word[at] = from->word[at];
    to->word[at + 1] = from->word[at + 1];
    to->word[at + 2] = from->word[at + 2];
    to->word[at + 3] = from->word[at + 3];
}
static void copy_piece(void *to, const void *from)
{
    copy_four(to, from, 0);
    copy_four(to, from, 4);
    copy_four(to, from, 8);
    copy_four(to, from, 12);
    copy_four(to, from, 16);
    copy_four(to, from, 20);
    copy_four(to, from, 24);
    copy_four(to, from, 28);
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
#endif
