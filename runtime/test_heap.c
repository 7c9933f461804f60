// SPDX-License-Identifier: ISC
#include "arch/arch.h"
#include "check/fresh_heap.h"
#include "check/test.h"
#include "runtime/heap.h"
#include "runtime/heap_index.h"

bool arch_random(uint64_t *out)
{
    *out = 0x0123456789abcdef;
    return true;
}
uint64_t arch_cycles(void)
{
    return 1;
}

#define MEMORY_BYTES (1u << 20)
static uint8_t memory[MEMORY_BYTES] __attribute__((aligned(64)));

static void start(void)
{
    fresh_heap(MSPAN(memory));
}
/* What a program must not do, and here does. */
__attribute__((no_sanitize("address"))) static void touch_freed(uint8_t *p)
{
    *p ^= 0x81;
}
static void end_quarantines(void)
{
    (void)heap_stats();
}
static uint8_t *get(size_t n)
{
    void *p;
    EQ(heap_alloc(n, &p), OK);
    return p;
}
static void ignore(err e)
{
    (void)e;
}
static uint64_t random_state;
static uint32_t random_to(uint32_t bound)       /* Knuth's MMIX generator: the same sequence every time */
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)((random_state >> 33) % bound);
}

TEST(a_class_contains_what_it_was_computed_from_and_the_class_above_fits)
{
    for (size_t n = 16; n < 1u << 20; n += 16) {
        struct heap_class c = heap_class_of(n), above = heap_class_above(n);
        TRUE(above.first > c.first || (above.first == c.first && above.second >= c.second));
        struct heap_class before = heap_class_of(n - 16);
        TRUE(c.first > before.first || (c.first == before.first && c.second >= before.second));
        TRUE(above.first == c.first ? above.second - c.second <= 1 : above.second == 0 && c.second == 15);
    }
}
TEST(a_block_is_zero_aligned_and_has_the_bytes_that_were_asked_for)
{
    start();
    for (size_t n = 0; n < 300; n++) {
        uint8_t *p = get(n);
        EQ((uintptr_t)p % HEAP_ALIGNMENT, 0);
        for (size_t i = 0; i < n; i++)
            EQ(p[i], 0);
        memset(p, 0xff, n);
        if (n % 3)
            heap_free(p);
    }
    heap_check();
}
TEST(freeing_everything_gives_the_whole_memory_back)
{
    start();
    struct heap_stats before = heap_stats();
    uint8_t *p[64];
    for (size_t i = 0; i < 64; i++)
        p[i] = get(i * 37);
    EQ(heap_stats().num_blocks, 64);
    for (size_t i = 0; i < 64; i++)
        heap_free(p[i * 29 % 64]);
    struct heap_stats after = heap_stats();
    EQ(after.num_blocks, 0);
    EQ(after.used_bytes, 0);
    EQ(after.largest_free_bytes, before.largest_free_bytes);
    TRUE(after.peak_bytes > 64 * 63 / 2 * 37);
}
TEST(the_largest_free_block_can_be_had_and_not_a_byte_more)
{
    void *p;
    start();
    size_t largest = heap_stats().largest_free_bytes;
    TRUE(largest > MEMORY_BYTES - 128);
    EQ(heap_alloc(largest + 1, &p), E_NOMEM);
    TRUE(p == NULL);
    EQ(heap_alloc(largest, &p), OK);
    EQ(heap_alloc(0, &(void *){ NULL }), E_NOMEM);
    heap_free(p);
    EQ(heap_alloc(SIZE_MAX, &p), E_NOMEM);
    EQ(heap_alloc(SIZE_MAX - 24, &p), E_NOMEM);
}
TEST(exhaustion_is_an_error_and_leaves_the_heap_whole)
{
    start();
    void *p[8192], *none;
    size_t n = 0;
    while (heap_alloc(200, &p[n]) == OK)
        n++;
    TRUE(n > MEMORY_BYTES / 260);
    EQ(heap_alloc(200, &none), E_NOMEM);
    heap_free(p[n / 2]);
    EQ(heap_alloc(200, &p[n / 2]), OK);
    heap_check();
    while (n > 0)
        heap_free(p[--n]);
    EQ(heap_stats().used_bytes, 0);
}
TEST(memory_of_any_alignment_is_taken_over_without_leaving_it)
{
    for (size_t skip = 0; skip < 33; skip++) {
        start();
        fresh_heap((struct mspan){ memory + skip, 1000 });
        memory[skip + 1000] = 0x77;
        size_t n = heap_stats().largest_free_bytes;
        memset(get(n), 0xff, n);
        heap_check();
        EQ(memory[skip + 1000], 0x77);
    }
    PANICS(heap_init((struct mspan){ memory, 64 }));
}
TEST(aligned_blocks_are_aligned_and_others_are_refused)
{
    void *p, *q[3];
    start();
    for (size_t alignment = 1; alignment <= 65536; alignment *= 2) {
        for (size_t i = 0; i < 3; i++) {
            EQ(heap_alloc_aligned(alignment, 100 + i, &q[i]), OK);
            EQ((uintptr_t)q[i] % alignment, 0);
            memset(q[i], 0xff, 100 + i);
            heap_check();
        }
        heap_free(q[1]);
        heap_free(q[0]);
        heap_free(q[2]);
        EQ(heap_stats().used_bytes, 0);
    }
    EQ(heap_alloc_aligned(0, 1, &p), E_INVALID);
    EQ(heap_alloc_aligned(48, 1, &p), E_INVALID);
    EQ(heap_alloc_aligned(MEMORY_BYTES, 1, &p), E_NOMEM);
    EQ(heap_alloc_aligned((size_t)1 << 63, 1, &p), E_NOMEM);
    heap_check();
}
TEST(resizing_keeps_the_bytes_and_zeroes_the_new_ones)
{
    void *v = NULL;
    size_t had = 0;
    start();
    random_state = 3;
    for (int round = 0; round < 2000; round++) {
        size_t n = random_to(round % 10 ? 600 : 20000);
        EQ(heap_resize(v, n, &v), OK);
        uint8_t *p = v;
        for (size_t i = 0; i < n; i++)
            EQ(p[i], i < had ? 0xa5 : 0);
        memset(p, 0xa5, n);
        had = n;
        heap_check();
    }
    void *none;
    EQ(heap_resize(v, MEMORY_BYTES, &none), E_NOMEM);
    EQ(had == 0 || *(uint8_t *)v == 0xa5, 1);
    heap_free(v);
    EQ(heap_stats().used_bytes, 0);
}
TEST(a_slice_has_its_number_of_elements_or_none)
{
    SLICE(uint64_t) s;
    start();
    EQ(HEAP_SLICE(10, &s), OK);
    EQ(s.n, 10);
    AT(s, 9) = 1;
    PANICS((void)AT(s, 10));
    heap_free(s.p);
    EQ(HEAP_SLICE(SIZE_MAX / 4, &s), E_NOMEM);
    EQ(s.n, 0);
}

/* ---- Against a model: what is allocated, with which bytes */

struct modelled {
    uint8_t *p;
    size_t n;
    uint8_t fill;
};
static void expect_unchanged(const struct modelled *m)
{
    for (size_t i = 0; i < m->n; i++)
        EQ(m->p[i], m->fill);
}
static void replace(struct modelled *m, size_t n)
{
    if (m->p) {
        expect_unchanged(m);
        heap_free(m->p);
    }
    void *p;
    *m = (struct modelled){ 0 };
    if (n > 0 && heap_alloc(n, &p) == OK) {
        *m = (struct modelled){ p, n, (uint8_t)(1 + random_to(255)) };
        for (size_t i = 0; i < n; i++)
            EQ(m->p[i], 0);
        memset(m->p, m->fill, n);
    }
}
TEST(random_sequences_agree_with_the_model)
{
    static struct modelled model[200];
    for (uint64_t seed = 1; seed <= 20; seed++) {
        start();
        random_state = seed;
        memset(model, 0, sizeof model);
        for (int step = 0; step < 1500; step++) {
            replace(&model[random_to(200)], random_to(4) ? random_to(1u << random_to(15)) : 0);
            if (step % 16 == 0)
                heap_check();
        }
        for (size_t i = 0; i < 200; i++)
            replace(&model[i], 0);
        EQ(heap_stats().used_bytes, 0);
        EQ(heap_stats().num_blocks, 0);
    }
}
/* 40 % of the memory lives, in sizes of three orders of magnitude; a request never fails, and what the
 * largest free block is does not wither away. */
TEST(months_of_use_do_not_fragment_the_heap)
{
    static struct modelled model[300];
    size_t lowest_early = SIZE_MAX, lowest_late = SIZE_MAX;
    start();
    random_state = 7;
    memset(model, 0, sizeof model);
    for (int step = 0; step < 400000; step++) {
        struct modelled *m = &model[random_to(300)];
        heap_free(m->p);
        size_t n = 16 + random_to(1u << (4 + random_to(9)));
        *m = (struct modelled){ get(n), n, 0 };
        if (step > 20000 && step % 1000 == 0) {
            size_t *lowest = step < 100000 ? &lowest_early : &lowest_late;
            size_t largest = heap_stats().largest_free_bytes;
            *lowest = largest < *lowest ? largest : *lowest;
        }
    }
    TRUE(lowest_late > MEMORY_BYTES / 8);
    TRUE(lowest_late > lowest_early / 2);
    heap_check();
}

/* ---- Every kind of damage is found */

TEST(a_second_free_panics)
{
    start();
    uint8_t *a = get(40), *b = get(40), *c = get(40);
    heap_free(b);
    PANICS(heap_free(b));
    heap_free(a);
    PANICS(heap_free(b));           /* now inside a larger free block */
    PANICS(heap_free(a));
    heap_free(c);
    PANICS(heap_free(c));
}
TEST(a_foreign_pointer_panics)
{
    int local = 0;
    start();
    uint8_t *a = get(400);
    PANICS(heap_free(&local));
    PANICS(heap_free(a + 16));
    PANICS(heap_free(a + 1));
    PANICS(heap_free(memory));
    PANICS(heap_free(memory + MEMORY_BYTES));
    PANICS(heap_free(memory + MEMORY_BYTES - 32));
    PANICS(heap_free((void *)1));
    PANICS(heap_free((void *)16));
    heap_free(a);
}
TEST(every_overrun_panics_at_the_free_and_at_the_resize)
{
    void *moved;
    for (size_t n = 0; n < 70; n++)
        for (size_t past = 0; past < 8; past++) {
            start();
            uint8_t *a = get(n);
            (void)get(n);
            a[n + past] ^= 1;
            PANICS(heap_free(a));
            PANICS(heap_check());
            PANICS(ignore(heap_resize(a, n + 1000, &moved)));
        }
}
TEST(an_overrun_stays_visible_when_the_neighbours_change)
{
    start();
    uint8_t *a = get(40), *b = get(40), *c = get(40), *d = get(40);
    b[40] ^= 0x80;
    heap_free(a);
    heap_free(c);
    a = get(40);
    PANICS(heap_free(b));
    heap_free(d);
}
TEST(an_overrun_into_the_next_head_panics)
{
    for (size_t at = 0; at < 32; at++) {
        start();
        uint8_t *a = get(40), *b = get(40), *c = get(40);
        b[(size_t)(at - 32)] ^= 4;  /* the head lies before the payload */
        PANICS(heap_free(b));
        PANICS(heap_free(a));
        (void)c;
    }
}
TEST(an_underrun_panics)
{
    start();
    uint8_t *a = get(40);
    a[-1] ^= 1;
    PANICS(heap_free(a));
}
TEST(a_write_after_the_free_panics_when_the_memory_is_used_again)
{
    void *p;
    start();
    uint8_t *a = get(40);
    (void)get(1);
    heap_free(a);
    end_quarantines();
    touch_freed(a + 20);
    PANICS(ignore(heap_alloc(40, &p)));

    for (size_t at = 0; at < sizeof(struct link); at++) {
        start();
        a = get(40);
        (void)get(1);
        heap_free(a);
        end_quarantines();
        touch_freed(a + at);        /* the link of the index */
        PANICS(ignore(heap_alloc(40, &p)));
    }
}
TEST(a_freed_block_is_not_the_next_one_of_its_size)
{
    start();
    uint8_t *a = get(40);
    (void)get(1);
    heap_free(a);
    for (size_t i = 0; i < 31; i++) {
        uint8_t *b = get(40);
        TRUE(b != a);
        heap_free(b);
        heap_check();
    }
    heap_free(get(1));
    TRUE(get(40) == a);
}
TEST(a_write_during_the_quarantine_panics_at_its_end)
{
    for (size_t at = 0; at < 56; at++) {
        start();
        uint8_t *a = get(48);
        (void)get(1);
        heap_free(a);
        touch_freed(a + at);
        PANICS(end_quarantines());
    }
}
TEST(a_lack_of_memory_ends_the_quarantines)
{
    void *p;
    start();
    uint8_t *a[8];
    for (size_t i = 0; i < NUM_OF(a); i++)
        a[i] = get(MEMORY_BYTES / 100);
    size_t largest = heap_stats().largest_free_bytes;
    for (size_t i = 0; i < NUM_OF(a); i++)
        heap_free(a[i]);
    EQ(heap_alloc(largest + 1, &p), OK);
    heap_free(p);
    EQ(heap_stats().num_blocks, 0);
}
TEST_MAIN
