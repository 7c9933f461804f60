// SPDX-License-Identifier: ISC
/* Includes the generator, to look at its state. */
#include "check/test.h"
#include "lib/random/random.c"
#include "arch/arch.h"
#include "platform/platform.h"

static bool has_below, has_cpu;
static unsigned cpu_drained, num_cycles;
static enum { STANDS, STEPS, BENDS, VARIES } cycles;

err platform_entropy(struct mspan out)
{
    for (size_t i = 0; has_below && i < out.n; i++)
        mspan_put(out, i, (uint8_t)i);
    return has_below ? OK : E_UNSUPPORTED;
}
bool arch_random(uint64_t *out)
{
    static uint64_t word;
    if (cpu_drained > 0) {
        cpu_drained--;
        return false;
    }
    *out = word++;
    return has_cpu;
}
uint64_t arch_cycles(void)
{
    static uint64_t now, state;
    num_cycles++;
    state = state * 6364136223846793005u + 1442695040888963407u;
    switch (cycles) {
    case STANDS: break;
    case STEPS: now += 40; break;
    case BENDS: now += 40 + num_cycles; break;
    case VARIES: now += 40 + (state >> 61); break;
    }
    return now;
}
static err seed(bool below, bool cpu, int jitter)
{
    has_below = below;
    has_cpu = cpu;
    cycles = (unsigned)jitter;
    num_cycles = 0;
    return random_init();
}
static bool is_within(struct span part, struct span whole)
{
    for (; whole.n >= part.n; whole = span_skip(whole, 1))
        if (span_starts(whole, part))
            return true;
    return false;
}

TEST(nothing_is_given_out_before_the_seed)
{
    PANICS((void)random_u64());
}
/* Computed with another implementation that reproduces RFC 8439 section 2.3.2 and appendix A.1: the key is
 * made from the bytes 0..31 in three pieces. */
TEST(a_known_seed_gives_the_known_stream_across_the_change_of_keys)
{
    static const uint8_t first[] = { 0x06, 0xcd, 0x8c, 0xf4, 0x72, 0x48, 0x28, 0xf8, 0xe5, 0x5b, 0x61, 0xdc, 0x60, 0x28, 0x3e, 0x62 };
    static const uint8_t around_480[] = { 0x1d, 0x03, 0x45, 0x8d, 0xdf, 0xf2, 0xf6, 0x8c, 0xf2, 0xe7,
                                          0x9d, 0x48, 0x08, 0xaa, 0xdc, 0xaa, 0x00, 0x14, 0x63, 0x7c };
    uint8_t out[960];
    EQ(seed(true, false, STANDS), OK);
    random_fill(MSPAN(out));
    TRUE(span_eq(span_first(SPAN(out), 16), SPAN(first)));
    TRUE(span_eq(span_sub(SPAN(out), 470, 20), SPAN(around_480)));
}
TEST(the_stream_does_not_depend_on_how_it_is_asked_for)
{
    uint8_t whole[3000], pieces[3000];
    EQ(seed(true, false, STANDS), OK);
    random_fill(MSPAN(whole));
    EQ(seed(true, false, STANDS), OK);
    struct mspan left = MSPAN(pieces);
    for (size_t n = 0; left.n > 0; n++) {
        random_fill(mspan_first(left, n));
        left = mspan_skip(left, n);
    }
    TRUE(span_eq(SPAN(whole), SPAN(pieces)));
}
TEST(the_sources_are_tried_in_the_order_of_the_ladder)
{
    uint64_t below, both, cpu;
    EQ(seed(true, false, VARIES), OK);
    EQ(num_cycles, 0);
    below = random_u64();
    EQ(seed(true, true, VARIES), OK);
    EQ(num_cycles, 0);
    both = random_u64();
    EQ(seed(false, true, VARIES), OK);
    EQ(num_cycles, 0);
    cpu = random_u64();
    TRUE(below != both && both != cpu && below != cpu);
    EQ(seed(false, false, VARIES), OK);
    TRUE(num_cycles > 16 * 256);
}
TEST(a_cpu_that_is_drained_for_a_moment_is_asked_again)
{
    cpu_drained = 5;
    EQ(seed(false, true, STANDS), OK);
    cpu_drained = 1000;
    EQ(seed(false, true, STANDS), E_IO);
    cpu_drained = 0;
}
TEST(without_a_source_the_start_stops)
{
    EQ(seed(false, false, STANDS), E_IO);
    PANICS((void)random_u64());
    EQ(seed(false, false, STEPS), E_IO);
    EQ(seed(false, false, BENDS), E_IO);
    PANICS((void)random_u64());
}
TEST(what_was_given_out_cannot_be_found_in_or_made_from_the_state)
{
    uint8_t given[200];
    EQ(seed(true, false, STANDS), OK);
    uint8_t seed_key[CHACHA20_KEY_BYTES];
    memcpy(seed_key, generator.key, sizeof seed_key);
    random_fill(MSPAN(given));
    for (size_t at = 0; at + 8 <= sizeof given; at++)
        TRUE(!is_within(span_sub(SPAN(given), at, 8), SPAN_OF(generator)));
    TRUE(!is_within(SPAN(seed_key), SPAN_OF(generator)));
    for (size_t i = 0; i < sizeof given; i++)
        EQ(generator.ready[i], 0);

    struct generator stolen = generator;
    uint8_t later[2000];
    stolen.num_ready = 0;
    generator = stolen;
    random_fill(MSPAN(later));
    TRUE(!is_within(span_first(SPAN(given), 8), SPAN(later)));
}
TEST(numbers_below_a_bound_are_uniform_and_never_reach_it)
{
    static const uint32_t bounds[] = { 1, 2, 3, 10, 1000, 0x80000000, 0x80000001, UINT32_MAX };
    EQ(seed(true, false, STANDS), OK);
    for (size_t b = 0; b < NUM_OF(bounds); b++)
        for (int i = 0; i < 2000; i++)
            TRUE(random_below(bounds[b]) < bounds[b]);
    unsigned count[3] = { 0 };
    for (int i = 0; i < 30000; i++)
        count[random_below(0xc0000000) >> 30]++;        /* a plain remainder would hit the first third twice as often */
    for (size_t i = 0; i < 3; i++)
        TRUE(count[i] > 9600 && count[i] < 10400);
    PANICS((void)random_below(0));
}
TEST_MAIN
