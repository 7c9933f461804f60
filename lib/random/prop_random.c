// SPDX-License-Identifier: ISC
/* The generator against a model of it over Nettle's ChaCha20: from the same sources, which the input says, come the same numbers however
 * they are asked for, and none where there is no source. */
#include "base/cursor.h"
#include "check/any.h"
#include "lib/random/random.h"
#include "runtime/entropy.h"
#include <nettle/chacha.h>
#include <string.h>

enum { BLOCK_BYTES = 64, KEY_BYTES = 32, NONCE_BYTES = 12, STREAM_BYTES = 512, SAMPLES = 4096 };

/* ---- The sources */

static bool has_below, has_cpu;
static uint8_t seed[RANDOM_SEED_BYTES];
static uint64_t counted[2 * SAMPLES + 1], count_by, count_bend;
static size_t num_counted, num_words;

bool entropy_from_below(struct mspan out)
{
    CHECK(out.n == sizeof seed);
    return has_below && span_copy(out, SPAN(seed)) == sizeof seed;
}
bool entropy_from_cpu(uint64_t *word)
{
    *word = has_cpu ? num_words++ * 0x9e3779b97f4a7c15u : 0;
    return has_cpu;
}
uint64_t entropy_counter(void)
{
    CHECK(num_counted < NUM_OF(counted));
    uint64_t n = num_counted;
    counted[n] = n * count_by + n * n * count_bend + (count_bend > 3 ? n * n * n : 0);
    return counted[num_counted++];
}

/* ---- The model */

static struct {
    uint8_t key[KEY_BYTES], stream[STREAM_BYTES];
    size_t at;
} model;

static void blocks(uint32_t counter, struct span nonce, struct mspan out)
{
    struct chacha_ctx c;
    uint8_t counter_bytes[4] = { (uint8_t)counter, (uint8_t)(counter >> 8), (uint8_t)(counter >> 16), (uint8_t)(counter >> 24) };
    mspan_zero(out);
    chacha_set_key(&c, model.key);
    chacha_set_nonce96(&c, nonce.p);
    chacha_set_counter32(&c, counter_bytes);
    chacha_crypt32(&c, out.n, out.p, out.p);
}
static void mix(struct span s)
{
    uint8_t nonce[NONCE_BYTES], block[BLOCK_BYTES];
    for (; s.n > 0; s = span_skip(s, sizeof nonce)) {
        mspan_zero(MSPAN(nonce));
        size_t n = span_copy(MSPAN(nonce), s);
        blocks((uint32_t)n, SPAN(nonce), MSPAN(block));
        (void)span_copy(MSPAN(model.key), SPAN(block));
    }
}
static bool model_jitter(void)
{
    unsigned num = 0;
    uint64_t delta = 0, change = 0;
    for (size_t i = 1; i < num_counted; i++) {
        uint64_t d = counted[i] - counted[i - 1], c = d - delta, bend = c - change;
        num += d != 0 && c != 0 && bend != 0;
        delta = d;
        change = c;
        mix(SPAN_OF(d));
    }
    return num == SAMPLES;
}
static bool model_seed(void)
{
    memset(&model, 0, sizeof model);
    model.at = sizeof model.stream;
    if (has_below)
        mix(SPAN(seed));
    for (size_t i = 0; i < num_words; i++) {
        uint64_t word = i * 0x9e3779b97f4a7c15u;
        mix(SPAN_OF(word));
    }
    return has_below || has_cpu || model_jitter();
}
static uint8_t model_byte(void)
{
    static const uint8_t nonce[NONCE_BYTES];
    if (model.at == sizeof model.stream) {
        blocks(0, SPAN(nonce), MSPAN(model.stream));
        (void)span_copy(MSPAN(model.key), SPAN(model.stream));
        model.at = sizeof model.key;
    }
    return model.stream[model.at++];
}

PROPERTY(prop_random, 100)
{
    struct cur script = cur_of(in);
    uint8_t about = cur_u8(&script), bytes[256];
    has_below = about & 1 || !(about & 128);
    has_cpu = about & 2;
    count_by = about >> 2 & 3;
    count_bend = about >> 4 & 7;
    num_counted = num_words = 0;
    memset(seed, about, sizeof seed);
    (void)span_copy(MSPAN(seed), cur_bytes(&script, script.left.n < 16 ? script.left.n : 16));
    err e = random_init();
    CHECK(e == (model_seed() ? OK : E_IO));
    while (e == OK && cur_more(&script)) {
        size_t n = cur_u8(&script);
        random_fill(mspan_first(MSPAN(bytes), n));
        for (size_t i = 0; i < n; i++)
            CHECK(bytes[i] == model_byte());
    }
}
