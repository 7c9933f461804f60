// SPDX-License-Identifier: ISC
/* siphash.h - SipHash-1-3 and -2-4 (Aumasson and Bernstein, 2012) of a few 64-bit words: keyed hashes that a peer
 * who does not know the key can neither collide nor predict. The length is fixed by the caller's shape, so it is
 * not hashed. */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H
#include "base/span.h"

struct siphash {
    uint64_t a, b, c, d;
};

static inline uint64_t siphash_rotate_(uint64_t v, unsigned n)
{
    return v << n | v >> (64 - n);
}
static inline void siphash_round_(struct siphash *h)
{
    h->a += h->b;
    h->c += h->d;
    h->b = siphash_rotate_(h->b, 13) ^ h->a;
    h->d = siphash_rotate_(h->d, 16) ^ h->c;
    h->a = siphash_rotate_(h->a, 32) + h->d;
    h->c += h->b;
    h->d = siphash_rotate_(h->d, 21) ^ h->a;
    h->b = siphash_rotate_(h->b, 17) ^ h->c;
    h->c = siphash_rotate_(h->c, 32);
}
static inline struct siphash siphash_of(struct span key16, uint64_t purpose)
{
    uint64_t k0 = span_le64(key16, 0) ^ purpose, k1 = span_le64(key16, 8);
    return (struct siphash){ k0 ^ UINT64_C(0x736f6d6570736575), k1 ^ UINT64_C(0x646f72616e646f6d),
                             k0 ^ UINT64_C(0x6c7967656e657261), k1 ^ UINT64_C(0x7465646279746573) };
}
static inline void siphash_word(struct siphash *h, uint64_t w, unsigned rounds)
{
    h->d ^= w;
    for (unsigned i = 0; i < rounds; i++)
        siphash_round_(h);
    h->a ^= w;
}
static inline uint64_t siphash_end(struct siphash *h, unsigned rounds)
{
    h->c ^= 0xff;
    for (unsigned i = 0; i < rounds; i++)
        siphash_round_(h);
    return h->a ^ h->b ^ h->c ^ h->d;
}

#endif
