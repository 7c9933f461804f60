// SPDX-License-Identifier: ISC
/* pages.c - page tables, with pages of 4 KB and 2 MB as alignment allows. Made at the start;
 * afterwards only the heap's memory appears, piece by piece where it is first used, and cleared then: firmware, a loader or an
 * earlier life of the machine may have left something there, and clearing all of it would take long. */
#include "arch/machine.h"
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"

#define ENTRIES_SHIFT 9u
#define PAGE_SHIFT 12u
#define LARGE_LEVEL 1u
#define ON_DEMAND 0x200u                /* ours: not present, but memory; of a large page or a small one */
#define DEMAND_BYTES (4 * PAGE_BYTES)   /* so much appears at once */

struct table {
    uint64_t entry[PAGE_ENTRIES];
};
static struct table top __attribute__((aligned(PAGE_BYTES)));
static struct mspan demand_tables;      /* one for each large page on demand */

extern uint8_t _stext[], _etext[], _erodata[], _end[];

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
    return &t->entry[at >> shift_of(level) & (PAGE_ENTRIES - 1)];
}
static struct table *table_behind(uint64_t entry)
{
    return (struct table *)(uintptr_t)page_entry_address(entry);
}

/* The entry for the large page around an address; makes the tables above it. */
static uint64_t *large_entry(uint64_t at)
{
    struct table *t = &top;
    for (unsigned level = page_format.num_levels - 1; level > LARGE_LEVEL; level--) {
        uint64_t *e = entry_in(t, at, level);
        if (!page_entry_is_present(*e))
            *e = page_entry_table((uintptr_t)table_new());
        t = table_behind(*e);
    }
    return entry_in(t, at, LARGE_LEVEL);
}

/* ---- Mapping */

static uint64_t next_large(uint64_t at)
{
    return (at / LARGE_PAGE_BYTES + 1) * LARGE_PAGE_BYTES;
}
/* Whether a large page begins here, fits, and no part of it was mapped otherwise. */
static bool can_be_large(uint64_t entry, uint64_t at, uint64_t end)
{
    return at % LARGE_PAGE_BYTES == 0 && end - at >= LARGE_PAGE_BYTES &&
           (!page_entry_is_present(entry) || page_entry_is_large(entry));
}

/* Pages of one table, from begin to end. */
static void map_small(uint64_t *large, uint64_t begin, uint64_t end, enum page_rights rights)
{
    bool is_present = page_entry_is_present(*large);
    if (is_present && page_entry_is_large(*large))
        return;
    if (!is_present)
        *large = page_entry_table((uintptr_t)table_new());
    struct table *t = table_behind(*large);
    for (; begin < end; begin += PAGE_BYTES) {
        uint64_t *e = entry_in(t, begin, 0);
        if (!page_entry_is_present(*e))
            *e = page_entry_leaf(begin, rights, 0);
    }
}

/* Whole pages, from begin to end. What is mapped stays as it is. */
static void map(uint64_t begin, uint64_t end, enum page_rights rights)
{
    begin = begin / PAGE_BYTES * PAGE_BYTES;
    end = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    for (uint64_t next; begin < end; begin = next) {
        uint64_t *large = large_entry(begin);
        next = next_large(begin) < end ? next_large(begin) : end;
        if (!can_be_large(*large, begin, end))
            map_small(large, begin, next, rights);
        else if (!page_entry_is_present(*large))
            *large = page_entry_leaf(begin, rights, LARGE_LEVEL);
    }
}

/* Data, without the page below each stack. */
static void map_data(uint64_t begin, uint64_t end)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    for (unsigned i = 0; i < pool->num; i++) {
        struct mspan stack = platform_stack(i);
        map(begin, (uintptr_t)stack.p - PLATFORM_GUARD_BYTES, PAGE_WRITE);
        begin = (uintptr_t)stack.p;
    }
    map(begin, end, PAGE_WRITE);
}

/* Memory apart from the image, whose pages have their own access, and from page 0. */
static void map_ram(const struct region *r)
{
    uint64_t begin = (r->begin + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, end = r->end / PAGE_BYTES * PAGE_BYTES;
    uint64_t image_begin = (uintptr_t)_stext, image_end = (uintptr_t)_end;
    begin = begin < PAGE_BYTES ? PAGE_BYTES : begin;
    end = end > page_format.address_end ? page_format.address_end : end;
    if (begin < image_begin)
        map(begin, end < image_begin ? end : image_begin, PAGE_WRITE);
    if (end > image_end)
        map(begin > image_end ? begin : image_end, end, PAGE_WRITE);
}

void pages_use(void)
{
    machine_use_tables((uintptr_t)&top);
}

void pages_begin(void)
{
    map((uintptr_t)_stext, (uintptr_t)_etext, PAGE_EXECUTE);
    map((uintptr_t)_etext, (uintptr_t)_erodata, PAGE_READ);
    map_data((uintptr_t)_erodata, (uintptr_t)_end);
    for (size_t i = 0; i < boot_info.num_ram; i++)
        map_ram(&boot_info.ram[i]);
    pages_use();
}

/* ---- Memory on demand */

/* One table for each large page, and one for that in whose middle the heap begins. */
size_t pages_demand_overhead(size_t num_bytes)
{
    return (num_bytes / LARGE_PAGE_BYTES + 1) * sizeof(struct table);
}

/* The small pages of a large one that is mapped, or all on demand. A CPU must not meet one address in pages of two sizes. */
static void split(uint64_t *large)
{
    uint64_t old = *large;
    struct mspan page = mspan_first(demand_tables, sizeof(struct table));
    REQUIRE(page.n == sizeof(struct table));
    demand_tables = mspan_skip(demand_tables, sizeof(struct table));
    struct table *t = (struct table *)(void *)page.p;
    for (unsigned i = 0; i < PAGE_ENTRIES; i++)
        t->entry[i] = page_entry_is_present(old) ? page_entry_split(old, i) : ON_DEMAND;
    if (page_entry_is_present(old)) {
        *large = 0;
        pages_use();
    }
    *large = page_entry_table((uintptr_t)t);
}

/* Pages of one table, which are mapped as data. */
static void unmap_small(uint64_t *large, uint64_t begin, uint64_t end)
{
    if (page_entry_is_large(*large))
        split(large);
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
    pages_use();
}

/* The entry of a page on demand; NULL: it is none. */
static uint64_t *demand_entry(uint64_t at)
{
    struct table *t = &top;
    for (unsigned level = page_format.num_levels - 1; level > 0; level--) {
        uint64_t *e = entry_in(t, at, level);
        if (level == LARGE_LEVEL && *e == ON_DEMAND)
            split(e);
        if (!page_entry_is_present(*e) || page_entry_is_large(*e))
            return NULL;
        t = table_behind(*e);
    }
    uint64_t *e = entry_in(t, at, 0);
    return *e == ON_DEMAND ? e : NULL;
}

bool pages_appear(uint64_t at)
{
    if (at >= page_format.address_end || demand_entry(at) == NULL)
        return false;
    at = at / DEMAND_BYTES * DEMAND_BYTES;
    for (uint64_t end = at + DEMAND_BYTES; at < end; at += PAGE_BYTES) {
        uint64_t *e = demand_entry(at);
        if (e == NULL)
            continue;
        *e = page_entry_leaf(at, PAGE_WRITE, 0);
        machine_page_appeared(at);
        mspan_zero((struct mspan){ (uint8_t *)(uintptr_t)at, PAGE_BYTES });
    }
    return true;
}

bool pages_are_there(uint64_t at)
{
    struct table *t = &top;
    for (unsigned level = page_format.num_levels - 1; at < page_format.address_end; level--) {
        uint64_t e = *entry_in(t, at, level);
        if (level == 0 || !page_entry_is_present(e) || page_entry_is_large(e))
            return page_entry_is_present(e);
        t = table_behind(e);
    }
    return false;
}

void pages_touch(struct mspan bytes)
{
    for (struct mspan left = bytes; left.n > 0; left = mspan_skip(left, PAGE_BYTES))
        (void)__atomic_load_n(left.p, __ATOMIC_RELAXED);
    if (bytes.n > 0)
        (void)__atomic_load_n(mspan_skip(bytes, bytes.n - 1).p, __ATOMIC_RELAXED);
}

/* ---- Devices and firmware */

/* What we would write to registers there would overwrite what is ours. */
static bool lies_in_memory(uint64_t at, uint64_t num_bytes)
{
    for (size_t i = 0; i < boot_info.num_ram; i++)
        if (at < boot_info.ram[i].end && boot_info.ram[i].begin < at + num_bytes)
            return true;
    return at < PAGE_BYTES;
}

void pages_map_device(uint64_t at, uint64_t num_bytes)
{
    if (at >= page_format.address_end || num_bytes > page_format.address_end - at)
        machine_stop("a device's registers lie beyond what can be mapped");
    if (lies_in_memory(at, num_bytes))
        machine_stop("a device's registers lie in memory");
    map(at, at + num_bytes, PAGE_DEVICE);
    pages_use();
}

struct span pages_firmware(uint64_t at, size_t num_bytes)
{
    if (at < PAGE_BYTES || at >= page_format.address_end || num_bytes > page_format.address_end - at)
        return (struct span){ 0 };
    map(at, at + num_bytes, PAGE_READ);
    pages_use();
    return (struct span){ (const uint8_t *)(uintptr_t)at, num_bytes };
}
