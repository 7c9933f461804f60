// SPDX-License-Identifier: ISC
/* pages.c - page tables (Intel SDM volume 3, section 4.5): four levels, pages of 4 KB and 2 MB as alignment allows. Made at the start;
 * afterwards only the heap's memory appears, piece by piece where it is first used, and cleared then: firmware, a loader or an
 * earlier life of the machine may have left something there, and clearing all of it would take long. */
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

#define ENTRIES 512u
#define ENTRIES_SHIFT 9u
#define PAGE_SHIFT 12u
#define LEVELS 4u
#define PRESENT 0x1u
#define WRITABLE 0x2u
#define UNCACHED 0x18u                  /* PCD, PWT */
#define LARGE 0x80u
#define NO_EXECUTE (UINT64_C(1) << 63)
#define ADDRESS_MASK UINT64_C(0x000ffffffffff000)
#define LARGE_LEVEL 1u
#define LARGE_BYTES (PAGE_BYTES * ENTRIES)
#define ADDRESS_END (UINT64_C(1) << 47)
#define ON_DEMAND 0x200u                /* ours: not present, but memory; of a large page or a small one */
#define DEMAND_BYTES (4 * PAGE_BYTES)   /* so much appears at once */

enum access {
    CODE = PRESENT,
    CONSTANTS = 2,
    DATA = 3,
    REGISTERS = 4,
};

struct table {
    uint64_t entry[ENTRIES];
};
static struct table top __attribute__((aligned(PAGE_BYTES)));
static struct mspan demand_tables;      /* one for each large page on demand */

extern uint8_t _stext[], _etext[], _erodata[], _end[];

static uint64_t bits_of(enum access access)
{
    switch (access) {
    case CODE:      return PRESENT;
    case CONSTANTS: return PRESENT | NO_EXECUTE;
    case DATA:      return PRESENT | WRITABLE | NO_EXECUTE;
    case REGISTERS: return PRESENT | WRITABLE | NO_EXECUTE | UNCACHED;
    }
    UNREACHABLE("an unknown kind of memory");
}

static struct table *table_new(void)
{
    return (struct table *)(void *)memory_take(sizeof(struct table)).p;
}

static unsigned shift_of(unsigned level)
{
    return PAGE_SHIFT + ENTRIES_SHIFT * level;
}
static uint64_t *entry_in(struct table *t, uint64_t at, unsigned level)
{
    return &t->entry[at >> shift_of(level) & (ENTRIES - 1)];
}
static struct table *table_behind(uint64_t entry)
{
    return (struct table *)(uintptr_t)(entry & ADDRESS_MASK);
}

/* The entry for the large page around an address; makes the tables above it. */
static uint64_t *large_entry(uint64_t at)
{
    struct table *t = &top;
    for (unsigned level = LEVELS - 1; level > LARGE_LEVEL; level--) {
        uint64_t *e = entry_in(t, at, level);
        if ((*e & PRESENT) == 0)
            *e = (uintptr_t)table_new() | PRESENT | WRITABLE;
        t = table_behind(*e);
    }
    return entry_in(t, at, LARGE_LEVEL);
}

/* ---- Mapping */

static uint64_t next_large(uint64_t at)
{
    return (at / LARGE_BYTES + 1) * LARGE_BYTES;
}
/* Whether a large page begins here, fits, and no part of it was mapped otherwise. */
static bool can_be_large(uint64_t entry, uint64_t at, uint64_t end)
{
    return at % LARGE_BYTES == 0 && end - at >= LARGE_BYTES && ((entry & PRESENT) == 0 || (entry & LARGE));
}

/* Pages of one table, from begin to end. */
static void map_small(uint64_t *large, uint64_t begin, uint64_t end, uint64_t bits)
{
    if (*large & LARGE)
        return;
    if ((*large & PRESENT) == 0)
        *large = (uintptr_t)table_new() | PRESENT | WRITABLE;
    struct table *t = table_behind(*large);
    for (; begin < end; begin += PAGE_BYTES) {
        uint64_t *e = entry_in(t, begin, 0);
        if ((*e & PRESENT) == 0)
            *e = begin | bits;
    }
}

/* Whole pages, from begin to end. What is mapped stays as it is. */
static void map(uint64_t begin, uint64_t end, enum access access)
{
    uint64_t bits = bits_of(access);
    begin = begin / PAGE_BYTES * PAGE_BYTES;
    end = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    for (uint64_t next; begin < end; begin = next) {
        uint64_t *large = large_entry(begin);
        next = next_large(begin) < end ? next_large(begin) : end;
        if (!can_be_large(*large, begin, end))
            map_small(large, begin, next, bits);
        else if ((*large & PRESENT) == 0)
            *large = begin | bits | LARGE;
    }
}

/* Data, without the page below each stack. */
static void map_data(uint64_t begin, uint64_t end)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    for (unsigned i = 0; i < pool->num; i++) {
        struct mspan stack = platform_stack(i);
        map(begin, (uintptr_t)stack.p - PLATFORM_GUARD_BYTES, DATA);
        begin = (uintptr_t)stack.p;
    }
    map(begin, end, DATA);
}

/* Memory apart from the image, whose pages have their own access, and from page 0. */
static void map_ram(const struct region *r)
{
    uint64_t begin = (r->begin + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, end = r->end / PAGE_BYTES * PAGE_BYTES;
    uint64_t image_begin = (uintptr_t)_stext, image_end = (uintptr_t)_end;
    begin = begin < PAGE_BYTES ? PAGE_BYTES : begin;
    end = end > ADDRESS_END ? ADDRESS_END : end;
    if (begin < image_begin)
        map(begin, end < image_begin ? end : image_begin, DATA);
    if (end > image_end)
        map(begin > image_end ? begin : image_end, end, DATA);
}

static void load_tables(void)
{
    __asm__ volatile("mov %0, %%cr3" : : "r"(&top) : "memory");
}

void pages_init(void)
{
    map((uintptr_t)_stext, (uintptr_t)_etext, CODE);
    map((uintptr_t)_etext, (uintptr_t)_erodata, CONSTANTS);
    map_data((uintptr_t)_erodata, (uintptr_t)_end);
    for (size_t i = 0; i < boot_info.num_ram; i++)
        map_ram(&boot_info.ram[i]);
    load_tables();
}

/* ---- Memory on demand */

/* One table for each large page, and one for that in whose middle the heap begins. */
size_t pages_demand_overhead(size_t num_bytes)
{
    return (num_bytes / LARGE_BYTES + 1) * sizeof(struct table);
}

/* The small pages of a large one: the first of them, and the others a page further each, or none of them yet. */
static void split(uint64_t *large, uint64_t first, uint64_t step)
{
    struct mspan page = mspan_first(demand_tables, sizeof(struct table));
    REQUIRE(page.n == sizeof(struct table));
    demand_tables = mspan_skip(demand_tables, sizeof(struct table));
    struct table *t = (struct table *)(void *)page.p;
    for (unsigned i = 0; i < ENTRIES; i++)
        t->entry[i] = first + i * step;
    *large = (uintptr_t)t | PRESENT | WRITABLE;
}

/* Pages of one table, which are mapped as data. */
static void unmap_small(uint64_t *large, uint64_t begin, uint64_t end)
{
    if (*large & LARGE)
        split(large, begin / LARGE_BYTES * LARGE_BYTES | bits_of(DATA), PAGE_BYTES);
    struct table *t = table_behind(*large);
    for (; begin < end; begin += PAGE_BYTES)
        *entry_in(t, begin, 0) = ON_DEMAND;
}

void pages_begin_demand(struct mspan heap, struct mspan for_tables)
{
    uint64_t begin = (uintptr_t)heap.p, end = begin + heap.n;
    demand_tables = for_tables;
    for (uint64_t next; begin < end; begin = next) {
        uint64_t *large = large_entry(begin);
        next = next_large(begin) < end ? next_large(begin) : end;
        if (can_be_large(*large, begin, end))
            *large = ON_DEMAND;
        else
            unmap_small(large, begin, next);
    }
    load_tables();
}

/* The entry of a page on demand; NULL: it is none. */
static uint64_t *demand_entry(uint64_t at)
{
    struct table *t = &top;
    for (unsigned level = LEVELS - 1; level > 0; level--) {
        uint64_t *e = entry_in(t, at, level);
        if (level == LARGE_LEVEL && *e == ON_DEMAND)
            split(e, ON_DEMAND, 0);
        if ((*e & PRESENT) == 0 || (*e & LARGE))
            return NULL;
        t = table_behind(*e);
    }
    uint64_t *e = entry_in(t, at, 0);
    return *e == ON_DEMAND ? e : NULL;
}

bool pages_appear(uint64_t at)
{
    if (at >= ADDRESS_END || demand_entry(at) == NULL)
        return false;
    at = at / DEMAND_BYTES * DEMAND_BYTES;
    for (uint64_t end = at + DEMAND_BYTES; at < end; at += PAGE_BYTES) {
        uint64_t *e = demand_entry(at);
        if (e == NULL)
            continue;
        *e = at | bits_of(DATA);
        mspan_zero((struct mspan){ (uint8_t *)(uintptr_t)at, PAGE_BYTES });
    }
    return true;
}

void pages_touch(struct mspan bytes)
{
    for (struct mspan left = bytes; left.n > 0; left = mspan_skip(left, PAGE_BYTES))
        (void)__atomic_load_n(left.p, __ATOMIC_RELAXED);
    if (bytes.n > 0)
        (void)__atomic_load_n(mspan_skip(bytes, bytes.n - 1).p, __ATOMIC_RELAXED);
}

/* ---- Devices and firmware */

void pages_map_device(uint64_t at, uint64_t num_bytes)
{
    if (at >= ADDRESS_END || num_bytes > ADDRESS_END - at)
        machine_stop("a device's registers lie beyond what can be mapped");
    map(at, at + num_bytes, REGISTERS);
}

struct span pages_firmware(uint64_t at, size_t num_bytes)
{
    if (at < PAGE_BYTES || at >= ADDRESS_END || num_bytes > ADDRESS_END - at)
        return (struct span){ 0 };
    map(at, at + num_bytes, CONSTANTS);
    return (struct span){ (const uint8_t *)(uintptr_t)at, num_bytes };
}
