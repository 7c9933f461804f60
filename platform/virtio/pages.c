// SPDX-License-Identifier: ISC
/* pages.c - page tables (Intel SDM volume 3, section 4.5): four levels, pages of 4 KB and 2 MB as alignment allows. Made at the start;
 * afterwards only the heap's memory appears, piece by piece where it is first used, and cleared then: firmware, a loader or an
 * earlier life of the machine may have left something there, and clearing all of it would take long. */
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

#define ENTRIES 512u
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

static uint64_t page_bytes_of(unsigned level)
{
    return (uint64_t)PAGE_BYTES << 9 * level;
}

/* The entry for an address at a level; makes the tables above it. NULL: a larger page is there already. */
static uint64_t *entry_at(uint64_t at, unsigned level)
{
    struct table *t = &top;
    for (unsigned l = LEVELS - 1;; l--) {
        uint64_t *e = &t->entry[at / page_bytes_of(l) % ENTRIES];
        if (l == level)
            return e;
        if ((*e & PRESENT) == 0)
            *e = (uintptr_t)table_new() | PRESENT | WRITABLE;
        if (*e & LARGE)
            return NULL;
        t = (struct table *)(uintptr_t)(*e & ADDRESS_MASK);
    }
}

/* Whether a large page begins here, fits, and no part of it was mapped otherwise. */
static bool can_be_large(uint64_t at, uint64_t num_bytes)
{
    if (at % LARGE_BYTES != 0 || num_bytes < LARGE_BYTES)
        return false;
    uint64_t e = *entry_at(at, LARGE_LEVEL);
    return (e & PRESENT) == 0 || (e & LARGE);
}

/* Whole pages, from begin to end. What is mapped stays as it is. */
static void map(uint64_t begin, uint64_t end, enum access access)
{
    begin = begin / PAGE_BYTES * PAGE_BYTES;
    end = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    while (begin < end) {
        unsigned level = can_be_large(begin, end - begin) ? LARGE_LEVEL : 0;
        uint64_t *e = entry_at(begin, level);
        if (e && (*e & PRESENT) == 0)
            *e = begin | bits_of(access) | (level > 0 ? LARGE : 0);
        begin += page_bytes_of(level);
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

void pages_begin_demand(struct mspan heap, struct mspan for_tables)
{
    uint64_t at = (uintptr_t)heap.p, end = at + heap.n;
    demand_tables = for_tables;
    while (at < end) {
        bool is_large = can_be_large(at, end - at);
        uint64_t *large = entry_at(at, LARGE_LEVEL);
        if (!is_large && (*large & LARGE))
            split(large, at / LARGE_BYTES * LARGE_BYTES | bits_of(DATA), PAGE_BYTES);
        *entry_at(at, is_large ? LARGE_LEVEL : 0) = ON_DEMAND;
        at += is_large ? LARGE_BYTES : PAGE_BYTES;
    }
    load_tables();
}

/* The entry for the page of an address where tables lead there; NULL: they do not. */
static uint64_t *find_entry(uint64_t at, unsigned level)
{
    struct table *t = &top;
    for (unsigned l = LEVELS - 1;; l--) {
        uint64_t *e = &t->entry[at / page_bytes_of(l) % ENTRIES];
        if (l == level)
            return e;
        if ((*e & PRESENT) == 0 || (*e & LARGE))
            return NULL;
        t = (struct table *)(uintptr_t)(*e & ADDRESS_MASK);
    }
}

bool pages_appear(uint64_t at)
{
    uint64_t *e = at < ADDRESS_END ? find_entry(at, LARGE_LEVEL) : NULL;
    if (e && *e == ON_DEMAND)
        split(e, ON_DEMAND, 0);
    e = e ? find_entry(at, 0) : NULL;
    if (e == NULL || *e != ON_DEMAND)
        return false;
    at = at / DEMAND_BYTES * DEMAND_BYTES;
    for (uint64_t end = at + DEMAND_BYTES; at < end; at += PAGE_BYTES) {
        e = find_entry(at, 0);
        if (e == NULL || *e != ON_DEMAND)
            continue;
        *e = at | bits_of(DATA);
        mspan_zero((struct mspan){ (uint8_t *)(uintptr_t)at, PAGE_BYTES });
    }
    return true;
}

void pages_touch(struct mspan bytes)
{
    for (struct mspan left = bytes; left.n > 0; left = mspan_skip(left, PAGE_BYTES))
        (void)*(volatile uint8_t *)left.p;
    if (bytes.n > 0)
        (void)*(volatile uint8_t *)mspan_skip(bytes, bytes.n - 1).p;
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
