// SPDX-License-Identifier: ISC
/* page_entry.c - entries of page tables of four levels (Intel SDM volume 3, section 4.5; AMD APM volume 2, section 5.3). */
#include "arch/pages.h"

#define PRESENT UINT64_C(1)
#define WRITABLE UINT64_C(2)
#define UNCACHED UINT64_C(0x18)         /* PCD, PWT */
#define ACCESSED_DIRTY UINT64_C(0x60)
#define LARGE UINT64_C(0x80)
#define NO_EXECUTE (UINT64_C(1) << 63)
#define ADDRESS UINT64_C(0x000ffffffffff000)

const struct page_format page_format = { .num_levels = 4, .address_end = UINT64_C(1) << 47 };

uint64_t page_entry_table(uint64_t table)
{
    return table | PRESENT | WRITABLE | ACCESSED_DIRTY;
}

static uint64_t flags_of(enum page_rights rights)
{
    switch (rights) {
    case PAGE_NONE:    return 0;
    case PAGE_READ:    return PRESENT | ACCESSED_DIRTY | NO_EXECUTE;
    case PAGE_WRITE:   return PRESENT | ACCESSED_DIRTY | WRITABLE | NO_EXECUTE;
    case PAGE_EXECUTE: return PRESENT | ACCESSED_DIRTY;
    case PAGE_DEVICE:  return PRESENT | ACCESSED_DIRTY | WRITABLE | NO_EXECUTE | UNCACHED;
    }
    UNREACHABLE("unknown rights of a page");
}

uint64_t page_entry_leaf(uint64_t address, enum page_rights rights, unsigned level)
{
    uint64_t flags = flags_of(rights);
    return flags == 0 ? 0 : address | flags | (level > 0 ? LARGE : 0);
}

uint64_t page_entry_split(uint64_t large, unsigned i)
{
    return (large & ~LARGE) + i * UINT64_C(4096);
}

bool page_entry_is_present(uint64_t entry)
{
    return (entry & PRESENT) != 0;
}

bool page_entry_is_large(uint64_t entry)
{
    return (entry & LARGE) != 0;
}

uint64_t page_entry_address(uint64_t entry)
{
    return entry & ADDRESS;
}
