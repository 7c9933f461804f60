// SPDX-License-Identifier: ISC
/* seed.c - the ladder: the world below, then the CPU's own generator, both mixed where both are there, so that the
 * seed is as good as the better one. Timing jitter takes a while and is the weakest: it is used where
 * neither of them is.
 *
 * Jitter: how long a walk through memory takes, measured JITTER_SAMPLES times. What makes it vary is caches,
 * interrupts and clock domains. The estimate is one sixteenth of a bit a sample, a small part of what such
 * loops are known to give, so that all samples hold 256 bits. A sample counts only if
 * it, its difference to the one before, and the difference of that are not zero; a source of which more
 * than half the samples do not count, like a counter that stands still or steps evenly, is refused. */
#include "lib/random/seed.h"
#include "lib/random/chacha20.h"
#include "runtime/entropy.h"

enum {
    CPU_WORDS = RANDOM_SEED_BYTES / 8,
    JITTER_SAMPLES = 16 * 8 * RANDOM_SEED_BYTES,
    JITTER_TRIES = 2 * JITTER_SAMPLES,
    WALK_STEPS = 32,
};

/* A key that everything known so far has gone into: each piece of it, as the nonce, makes the next key from the last. So
 * the pool depends on all bits of all pieces, and no piece can undo another. */
struct pool {
    uint8_t key[CHACHA20_KEY_BYTES];
};
static void mix(struct pool *pool, struct span s)
{
    uint8_t block[CHACHA20_BLOCK_BYTES], piece[CHACHA20_NONCE_BYTES];
    for (; s.n > 0; s = span_skip(s, sizeof piece)) {
        mspan_zero(MSPAN(piece));
        uint32_t num_bytes = (uint32_t)span_copy(MSPAN(piece), s);
        chacha20_block(SPAN(pool->key), num_bytes, SPAN(piece), MSPAN(block));
        (void)span_copy(MSPAN(pool->key), SPAN(block));
    }
    wipe(MSPAN(block));
    wipe(MSPAN(piece));
}
static bool from_below(struct pool *pool)
{
    uint8_t bytes[RANDOM_SEED_BYTES] = { 0 };
    bool is_there = entropy_from_below(MSPAN(bytes));
    if (is_there)
        mix(pool, SPAN(bytes));
    wipe(MSPAN(bytes));
    return is_there;
}
static bool from_cpu(struct pool *pool)
{
    uint64_t word = 0;
    bool is_there = true;
    for (int i = 0; is_there && i < CPU_WORDS; i++) {
        is_there = entropy_from_cpu(&word);
        if (is_there)
            mix(pool, SPAN_OF(word));
    }
    wipe(MSPAN_OF(word));
    return is_there;
}
/* Loads that depend on each other, spread over a page. */
static void walk(void)
{
    static volatile uint8_t page[4096];
    size_t at = 0;
    for (int i = 0; i < WALK_STEPS; i++) {
        page[at]++;
        at = (at * 5 + page[at] + 1031) % sizeof page;
    }
}
struct jitter {
    uint64_t before, delta, change;
};
/* One sample; false: it does not count. */
static bool sample(struct jitter *j)
{
    walk();
    uint64_t now = entropy_counter(), delta = now - j->before, change = delta - j->delta, bend = change - j->change;
    *j = (struct jitter){ now, delta, change };
    return delta != 0 && change != 0 && bend != 0;
}
static bool from_jitter(struct pool *pool)
{
    struct jitter j = { .before = entropy_counter() };
    unsigned num = 0;
    for (unsigned i = 0; num < JITTER_SAMPLES && i < JITTER_TRIES; i++) {
        num += sample(&j);
        mix(pool, SPAN_OF(j.delta));
    }
    wipe(MSPAN_OF(j));
    return num == JITTER_SAMPLES;
}
err seed_gather(struct mspan out)
{
    REQUIRE(out.n == RANDOM_SEED_BYTES);
    struct pool pool = { 0 };
    bool below = from_below(&pool), cpu = from_cpu(&pool);
    bool is_seeded = below || cpu || from_jitter(&pool);
    if (is_seeded)
        (void)span_copy(out, SPAN(pool.key));
    wipe(MSPAN_OF(pool));
    return is_seeded ? OK : E_IO;
}
