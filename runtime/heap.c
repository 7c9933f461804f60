// SPDX-License-Identifier: ISC
/* heap.c - blocks that lie one behind the other, and an index of the free ones (heap_index.h). This file is
 * listed as one that works on raw memory.
 *
 *     | head | payload: asked bytes, canary of 8, rest | head | payload ... | head of size 0: the end |
 *
 * Two free blocks never touch. Every head carries a seal over its fields, its address and a secret: who
 * overwrites a head, frees something twice or frees what is no block does not know the right one. Free
 * payloads are zero (but for the link of the index): cleared at the free, so that no secret outlives its
 * block, and looked at when they are used again.
 *
 * What is freed waits in quarantine behind what was freed before, so that the next block of its size is not the same
 * memory; it is looked at when it leaves. A lack of memory ends every quarantine. */
#include "runtime/heap.h"
#include "arch/arch.h"
#include "base/checked.h"
#include "base/poison.h"
#include "runtime/heap_index.h"

#define IS_FREE SIZE_MAX            /* in place of the asked bytes */
#define IS_HELD (SIZE_MAX - 1)      /* freed, and in quarantine */
#define HELD_MAX 32u
#define HELD_SHARE 64u              /* larger parts of the heap are not held */
#define CANARY_BYTES sizeof(uint64_t)
#define LOOKS_MAX 8u                /* at blocks of the very class, before a larger one is cut */
#define DIRT_BYTES_MAX 4096u        /* how much of a payload is looked at for writes after the free */

struct block {
    struct block *before;           /* the block that lies before this one; NULL: this is the first */
    size_t size;                    /* of the payload, a multiple of the unit */
    size_t asked;
    uint64_t seal;
} __attribute__((aligned(HEAP_UNIT_BYTES)));

static struct heap {
    struct block *first, *end;
    uint64_t secret;
    struct heap_index index;
    struct heap_stats stats;
    struct block *held[HELD_MAX];   /* a ring; NULL: none */
    unsigned held_at;
} heap;

/* ---- Geometry */

static uint8_t *payload(struct block *b)
{
    return (uint8_t *)(b + 1);
}
static struct block *block_at(void *p)
{
    return (struct block *)p - 1;
}
static struct block *behind(struct block *b)
{
    return (struct block *)(void *)(payload(b) + b->size);
}
static struct link *link_of(struct block *b)
{
    return (struct link *)(void *)payload(b);
}
static bool is_free(const struct block *b)
{
    return b->asked == IS_FREE;
}
/* The payload for so many bytes and their canary; false: more than there can be. */
static bool payload_size(size_t num_bytes, size_t *size)
{
    size_t sum;
    if (!size_add(num_bytes, CANARY_BYTES + HEAP_UNIT_BYTES - 1, &sum) || sum > heap.stats.total_bytes)
        return false;
    *size = sum & ~(size_t)(HEAP_UNIT_BYTES - 1);
    return true;
}

/* ---- Seals and canaries */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h = (h ^ v) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 29;
}
static uint64_t seal_of(const struct block *b)
{
    uint64_t h = mix(heap.secret, (uintptr_t)b);
    return mix(mix(mix(h, (uintptr_t)b->before), b->size), b->asked);
}
static void set_block(struct block *b, struct block *before, size_t size, size_t asked)
{
    *b = (struct block){ .before = before, .size = size, .asked = asked };
    b->seal = seal_of(b);
}
/* Does not depend on the neighbours: they come and go without a look at this block's end. */
static uint64_t canary_of(const struct block *b)
{
    return mix(mix(~heap.secret, (uintptr_t)b), b->asked);
}
static void put_canary(struct block *b)
{
    uint64_t canary = canary_of(b);
    memcpy(payload(b) + b->asked, &canary, CANARY_BYTES);
}
static bool canary_is_good(struct block *b)
{
    uint64_t canary;
    memcpy(&canary, payload(b) + b->asked, CANARY_BYTES);
    return canary == canary_of(b);
}
static void check_head(const struct block *b)
{
    if (b->seal != seal_of(b))
        panic(__FILE__, __LINE__, "heap: the head of a block is overwritten");
}
/* The block that a caller means, after everything that can be wrong with it. */
static struct block *block_of_caller(void *p)
{
    uintptr_t at = (uintptr_t)p;
    if (at % HEAP_UNIT_BYTES != 0 || at <= (uintptr_t)heap.first || at >= (uintptr_t)heap.end)
        panic(__FILE__, __LINE__, "heap: not a pointer that the heap gave");
    struct block *b = block_at(p);
    if (b->seal != seal_of(b))
        panic(__FILE__, __LINE__, "heap: freed before, not a block, or its head is overwritten");
    if (is_free(b) || b->asked == IS_HELD)
        panic(__FILE__, __LINE__, "heap: freed before");
    if (!canary_is_good(b))
        panic(__FILE__, __LINE__, "heap: written past the end of a block");
    return b;
}
static void check_clean(struct block *b, size_t size)
{
    uint64_t dirt = 0, word;
    size_t n = size_min(size, DIRT_BYTES_MAX);
    for (size_t at = 0; at < n; at += sizeof word) {
        memcpy(&word, payload(b) + at, sizeof word);
        dirt |= word;
    }
    if (dirt != 0)
        panic(__FILE__, __LINE__, "heap: written after the free");
}

/* ---- Free blocks */

static bool may_be_link(const struct link *l)
{
    uintptr_t at = (uintptr_t)l, x = (uintptr_t)&heap.index;
    bool in_heap = at > (uintptr_t)heap.first && at < (uintptr_t)heap.end && at % HEAP_UNIT_BYTES == 0;
    return in_heap || (at >= x && at < x + sizeof heap.index && at % _Alignof(struct link) == 0);
}
/* Before anything follows the link of a free block. */
static void check_free(struct block *b)
{
    check_head(b);
    if (!may_be_link(link_of(b)->prev) || !may_be_link(link_of(b)->next))
        panic(__FILE__, __LINE__, "heap: written after the free");
}

static void add_free(struct block *b)
{
    heap_index_add(&heap.index, heap_class_of(b->size), link_of(b));
}
static void remove_free(struct block *b)
{
    check_free(b);
    heap_index_remove(&heap.index, heap_class_of(b->size), link_of(b));
}
static void set_before(struct block *b, struct block *before)
{
    check_head(b);
    set_block(b, before, b->size, b->asked);
}
/* Cuts b, which is in no index, behind `size` bytes of payload. Gives the second part, free and in no index. */
static struct block *cut(struct block *b, size_t size)
{
    size_t rest = b->size - size - sizeof *b;
    set_block(b, b->before, size, b->asked);
    struct block *second = behind(b);
    unpoison(second, sizeof *second + HEAP_UNIT_BYTES);
    set_block(second, b, rest, IS_FREE);
    set_before(behind(second), second);
    return second;
}
static bool can_cut(const struct block *b, size_t size)
{
    return b->size - size >= sizeof *b + HEAP_UNIT_BYTES;
}
/* Makes one of b and the block behind it; neither is in the index. */
static void join(struct block *b)
{
    struct block *second = behind(b);
    size_t size = b->size + sizeof *b + second->size;
    memset(second, 0, sizeof *second);
    set_block(b, b->before, size, IS_FREE);
    set_before(behind(b), b);
}
static void give_back(struct block *b)
{
    if (is_free(behind(b))) {
        remove_free(behind(b));
        join(b);
    }
    if (b->before && is_free(b->before)) {
        b = b->before;
        remove_free(b);
        join(b);
    }
    add_free(b);
}
/* Ends the quarantine of the block at a place of the ring, and puts another there, or none. */
static void hold(unsigned at, struct block *next)
{
    struct block *b = heap.held[at];
    heap.held[at] = next;
    if (!b)
        return;
    unpoison(payload(b), b->size);
    check_head(b);
    check_clean(b, b->size);
    set_block(b, b->before, b->size, IS_FREE);
    poison(link_of(b) + 1, b->size - sizeof(struct link));
    give_back(b);
}
static void hold_none(void)
{
    for (unsigned i = 0; i < HELD_MAX; i++)
        hold(i, NULL);
}
/* A free block of at least this size, taken out of the index. The look into the very class finds the block
 * that fits exactly, which rounding up passes over. */
static struct block *find_free(size_t size)
{
    struct heap_class c = heap_class_of(size);
    const struct list *same = &heap.index.blocks[c.first][c.second];
    struct link *found = list_first(same);
    for (unsigned i = 0; found && block_at(found)->size < size; i++) {
        check_free(block_at(found));
        found = i < LOOKS_MAX ? list_next(same, found) : NULL;
    }
    if (!found)
        found = heap_index_find(&heap.index, heap_class_above(size));
    if (!found || block_at(found)->size < size)
        return NULL;
    struct block *b = block_at(found);
    remove_free(b);
    return b;
}
static struct block *take_free(size_t size)
{
    struct block *b = find_free(size);
    if (b)
        return b;
    hold_none();
    return find_free(size);
}

/* ---- The interface */

void heap_init(struct mspan memory)
{
    size_t skip = -(uintptr_t)memory.p % HEAP_UNIT_BYTES;
    memory = mspan_skip(memory, skip);
    memory = mspan_first(memory, memory.n & ~(size_t)(HEAP_UNIT_BYTES - 1));
    REQUIRE(memory.n >= 2 * sizeof(struct block) + HEAP_UNIT_BYTES);
    uint64_t random = 0;
    if (!arch_random(&random))
        random = arch_cycles();
    heap = (struct heap){ .secret = mix(random, (uintptr_t)memory.p ^ arch_cycles()), .stats.total_bytes = memory.n };
    heap.first = (struct block *)(void *)memory.p;
    heap.end = (struct block *)(void *)(memory.p + memory.n - sizeof(struct block));
    set_block(heap.end, heap.first, 0, 0);
    set_block(heap.first, NULL, memory.n - 2 * sizeof(struct block), IS_FREE);
    add_free(heap.first);
}
static void count_used(const struct block *b)
{
    heap.stats.num_blocks++;
    heap.stats.used_bytes += b->size + sizeof *b;
    heap.stats.peak_bytes = size_max(heap.stats.peak_bytes, heap.stats.used_bytes);
}
/* Turns a free block, in no index, into the caller's. */
static void *hand_out(struct block *b, size_t size, size_t num_bytes)
{
    unpoison(payload(b), can_cut(b, size) ? size : b->size);
    check_clean(b, size);
    if (can_cut(b, size))
        add_free(cut(b, size));
    set_block(b, b->before, b->size, num_bytes);
    put_canary(b);
    count_used(b);
    return payload(b);
}
err heap_alloc(size_t num_bytes, void **out)
{
    size_t size;
    struct block *b = payload_size(num_bytes, &size) ? take_free(size) : NULL;
    *out = b ? hand_out(b, size, num_bytes) : NULL;
    return b ? OK : E_NOMEM;
}
err heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out)
{
    size_t size, roomy;
    *out = NULL;
    if (alignment == 0 || (alignment & (alignment - 1)) != 0)
        return E_INVALID;
    if (alignment <= HEAP_ALIGNMENT)
        return heap_alloc(num_bytes, out);
    if (!payload_size(num_bytes, &size) || !size_add(size, sizeof(struct block) + HEAP_UNIT_BYTES, &roomy) ||
        !size_add(roomy, alignment, &roomy))
        return E_NOMEM;
    struct block *b = take_free(roomy);
    if (!b)
        return E_NOMEM;
    size_t gap = -(uintptr_t)payload(b) & (alignment - 1);
    if (gap > 0) {                  /* the gap becomes a free block of its own, so it needs a head and a unit */
        if (gap < sizeof *b + HEAP_UNIT_BYTES)
            gap += (sizeof *b + HEAP_UNIT_BYTES - gap + alignment - 1) & ~(alignment - 1);
        struct block *front = b;
        b = cut(front, gap - sizeof *b);
        add_free(front);
    }
    *out = hand_out(b, size, num_bytes);
    return OK;
}
void heap_free(void *p)
{
    if (!p)
        return;
    struct block *b = block_of_caller(p);
    check_head(behind(b));
    heap.stats.num_blocks--;
    heap.stats.used_bytes -= b->size + sizeof *b;
    unpoison(payload(b), b->size);          /* its owner may have poisoned parts */
    memset(payload(b), 0, b->size);
    set_block(b, b->before, b->size, IS_HELD);
    poison(payload(b), b->size);
    unsigned at = heap.held_at++ % HELD_MAX;
    hold(at, b);
    if (b->size > heap.stats.total_bytes / HELD_SHARE)
        hold(at, NULL);
}
/* Whether the block may stay where it is: the bytes fit, and not more than half of it would lie idle. */
static bool fits_in_place(const struct block *b, size_t size)
{
    return size <= b->size && b->size / 2 <= size;
}
err heap_resize(void *p, size_t num_bytes, void **out)
{
    *out = NULL;
    if (!p)
        return heap_alloc(num_bytes, out);
    struct block *b = block_of_caller(p);
    size_t size, kept = size_min(b->asked, num_bytes);
    if (payload_size(num_bytes, &size) && fits_in_place(b, size)) {
        memset(payload(b) + kept, 0, b->size - kept);
        set_block(b, b->before, b->size, num_bytes);
        put_canary(b);
        *out = p;
        return OK;
    }
    TRY(heap_alloc(num_bytes, out));
    memcpy(*out, p, kept);
    heap_free(p);
    return OK;
}
err heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n)
{
    size_t num_bytes;
    *p = NULL;
    *n = 0;
    if (!size_mul(num, element_bytes, &num_bytes))
        return E_NOMEM;
    TRY(heap_alloc(num_bytes, p));
    *n = num;
    return OK;
}
struct heap_stats heap_stats(void)
{
    size_t largest = 0;
    hold_none();
    for (struct block *b = heap.first; b != heap.end; b = behind(b))
        if (is_free(b))
            largest = size_max(largest, b->size - CANARY_BYTES);
    struct heap_stats stats = heap.stats;
    stats.largest_free_bytes = largest;
    return stats;
}
void heap_check(void)
{
    struct block *before = NULL;
    for (struct block *b = heap.first; b != heap.end; before = b, b = behind(b)) {
        check_head(b);
        REQUIRE(b->before == before);
        if (is_free(b))
            REQUIRE(link_is_in_list(link_of(b)) && !(before && is_free(before)));
        else
            REQUIRE(b->asked == IS_HELD || canary_is_good(b));
    }
    check_head(heap.end);
    REQUIRE(heap.end->before == before);
}
