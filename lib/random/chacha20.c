// SPDX-License-Identifier: ISC
#include "lib/random/chacha20.h"

enum { WORDS = 16, DOUBLE_ROUNDS = 10 };

struct quarter {
    uint8_t a, b, c, d;
};

static uint32_t le32(struct span s, size_t at)
{
    return __builtin_bswap32(span_u32(s, at));
}
static uint32_t rotate(uint32_t v, unsigned bits)
{
    return v << bits | v >> (32 - bits);
}
static void quarter_round(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d)
{
    *a += *b, *d = rotate(*d ^ *a, 16);
    *c += *d, *b = rotate(*b ^ *c, 12);
    *a += *b, *d = rotate(*d ^ *a, 8);
    *c += *d, *b = rotate(*b ^ *c, 7);
}
struct state {
    uint32_t word[WORDS];
};
static void quarter(struct state *s, const struct quarter *q)
{
    quarter_round(&s->word[q->a], &s->word[q->b], &s->word[q->c], &s->word[q->d]);
}
static void double_round(struct state *s)
{
    static const struct quarter columns_and_diagonals[8] = {
        { 0, 4, 8, 12 }, { 1, 5, 9, 13 }, { 2, 6, 10, 14 }, { 3, 7, 11, 15 },
        { 0, 5, 10, 15 }, { 1, 6, 11, 12 }, { 2, 7, 8, 13 }, { 3, 4, 9, 14 },
    };
    for (unsigned i = 0; i < 8; i++)
        quarter(s, &columns_and_diagonals[i]);
}

void chacha20_block(struct span key, uint32_t counter, struct span nonce, struct mspan out)
{
    REQUIRE(key.n == CHACHA20_KEY_BYTES && nonce.n == CHACHA20_NONCE_BYTES && out.n == CHACHA20_BLOCK_BYTES);
    struct state start = { { 0x61707865, 0x3320646e, 0x79622d32, 0x6b206574, [12] = counter } }, s;
    for (unsigned i = 0; i < 8; i++)
        start.word[4 + i] = le32(key, 4 * i);
    for (unsigned i = 0; i < 3; i++)
        start.word[13 + i] = le32(nonce, 4 * i);
    s = start;
    for (unsigned i = 0; i < DOUBLE_ROUNDS; i++)
        double_round(&s);
    for (unsigned i = 0; i < WORDS; i++)
        mspan_u32(out, 4 * i, __builtin_bswap32(s.word[i] + start.word[i]));
}
