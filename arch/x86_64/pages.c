// SPDX-License-Identifier: ISC
#include "arch/x86_64/pages.h"
#include "base/checked.h"

#define ENTRIES 512u
enum { LEVEL_4K, LEVEL_2M, LEVEL_1G, LEVEL_ROOT };

#define PRESENT UINT64_C(1)
#define WRITABLE UINT64_C(2)
#define ACCESSED_DIRTY UINT64_C(0x60)   /* set in advance, so that the CPU never writes to the tables */
#define LARGE UINT64_C(0x80)
#define NO_EXECUTE (UINT64_C(1) << 63)
#define ADDRESS UINT64_C(0x000ffffffffff000)

size_t pages_bytes(uint64_t small_end, uint64_t end)
{
    uint64_t small = small_end / LARGE_PAGE_BYTES + 1, directories = end / (LARGE_PAGE_BYTES * ENTRIES) + 1;
    return (size_t)(2 + directories + small) * PAGE_BYTES;
}

void pages_init(struct pages *p, struct mspan memory, bool has_nx)
{
    void *tables = memory.p;
    *p = (struct pages){ .address = (uintptr_t)memory.p, .num_tables = 1, .has_nx = has_nx };
    REQUIRE(p->address % PAGE_BYTES == 0 && memory.n >= PAGE_BYTES);
    p->entries.p = tables;
    p->entries.n = memory.n / PAGE_BYTES * ENTRIES;
}

static uint64_t flags_of(const struct pages *p, enum page_rights rights)
{
    uint64_t no_execute = p->has_nx ? NO_EXECUTE : 0;
    switch (rights) {
    case PAGE_NONE:    return 0;
    case PAGE_READ:    return PRESENT | ACCESSED_DIRTY | no_execute;
    case PAGE_WRITE:   return PRESENT | ACCESSED_DIRTY | WRITABLE | no_execute;
    case PAGE_EXECUTE: return PRESENT | ACCESSED_DIRTY;
    }
    UNREACHABLE("unknown rights of a page");
}

static unsigned shift_of(unsigned level)
{
    return 12 + 9 * level;
}
/* The entry for an address in the table that begins at the entry `table`. */
static uint64_t *entry_of(struct pages *p, size_t table, unsigned level, uint64_t address)
{
    return &AT(p->entries, table + (address >> shift_of(level)) % ENTRIES);
}

/* A large page that is to be divided becomes 512 small ones. */
static void divide(struct pages *p, size_t table, uint64_t leaf)
{
    for (size_t i = 0; i < ENTRIES; i++)
        AT(p->entries, table + i) = (leaf & ~LARGE) + i * PAGE_BYTES;
}

/* The table below an entry, made where there is none. */
static bool table_below(struct pages *p, uint64_t *entry, size_t *table)
{
    uint64_t old = *entry;
    if ((old & PRESENT) && !(old & LARGE)) {
        *table = (size_t)((old & ADDRESS) - p->address) / sizeof *entry;
        return true;
    }
    if ((p->num_tables + 1) * ENTRIES > p->entries.n)
        return false;
    *table = p->num_tables++ * ENTRIES;
    if (old & PRESENT)
        divide(p, *table, old);
    *entry = (p->address + *table * sizeof *entry) | PRESENT | WRITABLE | ACCESSED_DIRTY;
    return true;
}

/* Maps one page at `address`, a large one where it fits; *num_bytes says which. */
static bool map_one(struct pages *p, uint64_t address, uint64_t end, uint64_t flags, uint64_t *num_bytes)
{
    bool is_large = address % LARGE_PAGE_BYTES == 0 && end - address >= LARGE_PAGE_BYTES;
    unsigned last = is_large ? LEVEL_2M : LEVEL_4K;
    size_t table = 0;
    for (unsigned level = LEVEL_ROOT; level > last; level--)
        if (!table_below(p, entry_of(p, table, level, address), &table))
            return false;
    *entry_of(p, table, last, address) = flags == 0 ? 0 : address | flags | (is_large ? LARGE : 0);
    *num_bytes = is_large ? LARGE_PAGE_BYTES : PAGE_BYTES;
    return true;
}

bool pages_map(struct pages *p, uint64_t start, uint64_t end, enum page_rights rights)
{
    uint64_t num_bytes, flags = flags_of(p, rights);
    uint64_t address = start / PAGE_BYTES * PAGE_BYTES;
    uint64_t last = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    for (; address < last; address += num_bytes)
        if (!map_one(p, address, last, flags, &num_bytes))
            return false;
    return true;
}
