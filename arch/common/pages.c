// SPDX-License-Identifier: ISC
/* pages.c - fills page tables in memory. */
#include "arch/pages.h"
#include "base/checked.h"

static unsigned shift_of(unsigned level)
{
    return 12 + 9 * level;
}

size_t pages_bytes(uint64_t small_end, uint64_t end)
{
    size_t small = (size_t)(small_end / LARGE_PAGE_BYTES) + 1, num = 1 + small;
    for (unsigned level = 2; level < page_format.num_levels; level++)
        num += (size_t)(end >> shift_of(level)) + 1;
    return num * PAGE_BYTES;
}

void pages_init(struct pages *p, struct mspan memory, bool has_nx)
{
    void *tables = memory.p;
    *p = (struct pages){ .address = (uintptr_t)memory.p, .num_tables = 1 };
    REQUIRE(p->address % PAGE_BYTES == 0 && memory.n >= PAGE_BYTES);
    p->entries.p = tables;
    p->entries.n = memory.n / PAGE_BYTES * PAGE_ENTRIES;
    if (!has_nx)
        p->cleared = page_entry_leaf(0, PAGE_READ, 0) & ~page_entry_leaf(0, PAGE_EXECUTE, 0);
}

/* The entry for an address in the table that begins at the entry `table`. */
static uint64_t *entry_of(struct pages *p, size_t table, unsigned level, uint64_t address)
{
    return &AT(p->entries, table + (address >> shift_of(level)) % PAGE_ENTRIES);
}

/* A large page that is to be divided becomes 512 small ones. */
static void divide(struct pages *p, size_t table, uint64_t large)
{
    for (unsigned i = 0; i < PAGE_ENTRIES; i++)
        AT(p->entries, table + i) = page_entry_split(large, i);
}

/* The table below an entry, made where there is none. */
static bool table_below(struct pages *p, uint64_t *entry, size_t *table)
{
    uint64_t old = *entry;
    bool is_present = page_entry_is_present(old);
    if (is_present && !page_entry_is_large(old)) {
        *table = (size_t)(page_entry_address(old) - p->address) / sizeof *entry;
        return true;
    }
    if ((p->num_tables + 1) * PAGE_ENTRIES > p->entries.n)
        return false;
    *table = p->num_tables++ * PAGE_ENTRIES;
    if (is_present)
        divide(p, *table, old);
    *entry = page_entry_table(p->address + *table * sizeof *entry);
    return true;
}

/* Maps one page at `address`, a large one where it fits; *num_bytes says which. */
static bool map_one(struct pages *p, uint64_t address, uint64_t end, enum page_rights rights, uint64_t *num_bytes)
{
    bool is_large = address % LARGE_PAGE_BYTES == 0 && end - address >= LARGE_PAGE_BYTES;
    unsigned last = is_large ? 1 : 0;
    size_t table = 0;
    for (unsigned level = page_format.num_levels - 1; level > last; level--)
        if (!table_below(p, entry_of(p, table, level, address), &table))
            return false;
    *entry_of(p, table, last, address) = page_entry_leaf(address, rights, last) & ~p->cleared;
    *num_bytes = is_large ? LARGE_PAGE_BYTES : PAGE_BYTES;
    return true;
}

bool pages_map(struct pages *p, uint64_t start, uint64_t end, enum page_rights rights)
{
    uint64_t num_bytes;
    uint64_t address = start / PAGE_BYTES * PAGE_BYTES;
    uint64_t last = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    REQUIRE(last <= page_format.address_end);
    for (; address < last; address += num_bytes)
        if (!map_one(p, address, last, rights, &num_bytes))
            return false;
    return true;
}
