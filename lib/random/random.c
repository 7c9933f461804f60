// SPDX-License-Identifier: ISC
/* random.c - fast key erasure (Bernstein, 2017): each run of ChaCha20 makes the next key first, then bytes for the
 * users, and every byte is erased as it is given out. So who sees the state learns nothing of what was
 * given before. */
#include "lib/random/random.h"
#include "lib/random/chacha20.h"
#include "lib/random/seed.h"

static struct generator {
    uint8_t key[CHACHA20_KEY_BYTES];
    uint8_t ready[512 - CHACHA20_KEY_BYTES];       /* the last num_ready bytes are to be given out */
    size_t num_ready;
    bool is_seeded;
} generator;

static void refill(struct generator *g)
{
    static const uint8_t nonce[CHACHA20_NONCE_BYTES];   /* a key is used once */
    uint8_t stream[sizeof g->key + sizeof g->ready];
    for (uint32_t i = 0; i < sizeof stream / CHACHA20_BLOCK_BYTES; i++)
        chacha20_block(SPAN(g->key), i, SPAN(nonce), mspan_sub(MSPAN(stream), i * CHACHA20_BLOCK_BYTES, CHACHA20_BLOCK_BYTES));
    (void)span_copy(MSPAN(g->key), SPAN(stream));
    (void)span_copy(MSPAN(g->ready), span_skip(SPAN(stream), sizeof g->key));
    g->num_ready = sizeof g->ready;
    wipe(MSPAN(stream));
}
err random_init(void)
{
    struct generator *g = &generator;
    wipe(MSPAN_OF(*g));
    TRY(seed_gather(MSPAN(g->key)));
    g->is_seeded = true;
    return OK;
}
void random_fill(struct mspan out)
{
    struct generator *g = &generator;
    REQUIRE(g->is_seeded);
    while (out.n > 0) {
        if (g->num_ready == 0)
            refill(g);
        struct mspan ready = mspan_skip(MSPAN(g->ready), sizeof g->ready - g->num_ready);
        size_t n = span_copy(out, span_of(ready));
        wipe(mspan_first(ready, n));
        g->num_ready -= n;
        out = mspan_skip(out, n);
    }
}
uint64_t random_u64(void)
{
    uint64_t v;
    random_fill(MSPAN_OF(v));
    return v;
}
/* The first 2^32 mod bound numbers are refused, so that every rest is hit equally often. */
uint32_t random_below(uint32_t bound)
{
    REQUIRE(bound > 0);
    uint32_t v, refused = -bound % bound;
    do
        random_fill(MSPAN_OF(v));
    while (v < refused);
    return v % bound;
}
