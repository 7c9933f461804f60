// SPDX-License-Identifier: ISC
/* The allocator of C, whatever a library asks of it: blocks are aligned and apart from each other, hold what was written into them
 * through every change of their size, are zero where that is promised, and are refused with the error that C names; nothing is left
 * of them. Includes what it tests under other names, since the host has a C library of its own. */
#include "base/cursor.h"
#include "base/writer.h"
#include "check/any.h"
#include "check/fresh_heap.h"
#include <errno.h>
#include "lib/libc/test_names.h"
#undef _GNU_SOURCE
#include "lib/libc/malloc.c"
#include "arch/arch.h"

enum { BLOCKS = 16, HEAP_BYTES = 1 << 15, PLAIN_ALIGNMENT = 16 };

struct block {
    uint8_t *p;
    size_t num_bytes;
    uint8_t pattern;
};
static struct block blocks[BLOCKS];

bool arch_random(uint64_t *out)
{
    *out = 1;
    return true;
}
uint64_t arch_cycles(void)
{
    return 1;
}
static struct mspan bytes_of(const struct block *b)
{
    return (struct mspan){ b->p, b->num_bytes };
}
/* The first n bytes are as they were written. */
static void check(const struct block *b, size_t n)
{
    for (size_t i = 0; i < n; i++)
        CHECK(span_at(span_of(bytes_of(b)), i) == (uint8_t)(b->pattern + i));
}
static void write_to(struct block *b, uint8_t pattern)
{
    b->pattern = pattern;
    for (size_t i = 0; i < b->num_bytes; i++)
        mspan_put(bytes_of(b), i, (uint8_t)(pattern + i));
}
static bool is_zero(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (span_at(s, i) != 0)
            return false;
    return true;
}
/* The block is where, and as large as, asked for, or it was not given. */
static void given(struct block *b, void *p, size_t num_bytes, size_t alignment, int error, uint8_t pattern)
{
    CHECK((p == NULL) == (error != 0) && (error == 0 || error == ENOMEM));
    CHECK((uintptr_t)p % alignment == 0);
    *b = (struct block){ .p = p, .num_bytes = p ? num_bytes : 0 };
    write_to(b, pattern);
}
static void allocate(struct block *b, struct cur *script, uint8_t what)
{
    size_t n = cur_u16(script) % 3000, alignment = (size_t)1 << (what >> 4 & 7);
    uint8_t pattern = cur_u8(script);
    void *p = NULL;
    errno = 0;
    switch (what & 3) {
    case 0:
        p = our_malloc(n);
        given(b, p, n, PLAIN_ALIGNMENT, errno, pattern);
        break;
    case 1:
        p = our_calloc(n, what & 128 ? SIZE_MAX / 2 : 2);
        CHECK(!(what & 128) || n < 3 || p == NULL);
        n = what & 128 ? n * (SIZE_MAX / 2) : n * 2;
        CHECK(!p || is_zero((struct span){ p, n }));
        given(b, p, n, PLAIN_ALIGNMENT, errno, pattern);
        break;
    case 2:
        p = our_aligned_alloc(alignment, n);
        given(b, p, n, alignment, errno, pattern);
        break;
    default: {
        int error = our_posix_memalign(&p, alignment, n);
        CHECK((error == EINVAL) == (alignment < sizeof(void *)) && errno == 0);
        if (error != EINVAL)
            given(b, p, n, alignment, error, pattern);
    }
    }
}
static void resize(struct block *b, struct cur *script, uint8_t what)
{
    size_t n = cur_u16(script) % 3000, kept = n < b->num_bytes ? n : b->num_bytes;
    bool is_array = what & 64, overflows = is_array && what & 128 && n > 2;
    errno = 0;
    void *p = is_array ? our_reallocarray(b->p, n, overflows ? SIZE_MAX / 2 : 1) : our_realloc(b->p, n);
    CHECK((p == NULL) == (errno == ENOMEM) && (!overflows || p == NULL));
    if (p) {
        b->p = p;
        b->num_bytes = n;
        check(b, kept);
    }
    write_to(b, cur_u8(script));
}
static void step(struct cur *script)
{
    uint8_t what = cur_u8(script);
    struct block *b = &blocks[cur_u8(script) % BLOCKS];
    check(b, b->num_bytes);
    if (!b->p) {
        allocate(b, script, what);
    } else if (what & 8) {
        resize(b, script, what);
    } else {
        our_free(b->p);
        *b = (struct block){ 0 };
    }
}

PROPERTY(prop_libc, 300)
{
    static uint8_t memory[HEAP_BYTES] __attribute__((aligned(64)));
    struct cur script = cur_of(in);
    fresh_heap(MSPAN(memory));
    memset(blocks, 0, sizeof blocks);
    while (cur_more(&script))
        step(&script);
    for (size_t i = 0; i < BLOCKS; i++) {
        check(&blocks[i], blocks[i].num_bytes);
        our_free(blocks[i].p);
    }
    heap_check();
    CHECK(heap_stats().num_blocks == 0 && heap_stats().used_bytes == 0);
}
