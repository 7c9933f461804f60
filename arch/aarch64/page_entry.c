// SPDX-License-Identifier: ISC
/* page_entry.c - entries of page tables of AArch64 (Arm ARM, section D8.3): pages of 4 KB, 39 bits of address, so that a walk begins
 * at level 1 of the manual's count, which is ours from the other end. Attributes are indices into MAIR, which machine.c fills. */
#include "arch/pages.h"

#define PRESENT UINT64_C(1)
#define TABLE_OR_SMALL UINT64_C(2)
#define ATTRIBUTE_DEVICE (UINT64_C(1) << 2)
#define READ_ONLY (UINT64_C(1) << 7)
#define INNER_SHAREABLE (UINT64_C(3) << 8)
#define ACCESSED (UINT64_C(1) << 10)
#define NO_EXECUTE (UINT64_C(3) << 53)      /* at both levels of privilege */
#define NO_EXECUTE_BELOW (UINT64_C(2) << 53)
#define ADDRESS UINT64_C(0x0000fffffffff000)

const struct page_format page_format = { .num_levels = 3, .address_end = UINT64_C(1) << 39 };

uint64_t page_entry_table(uint64_t table)
{
    return table | PRESENT | TABLE_OR_SMALL;
}

static uint64_t flags_of(enum page_rights rights)
{
    const uint64_t memory = PRESENT | ACCESSED | INNER_SHAREABLE;
    switch (rights) {
    case PAGE_NONE:    return 0;
    case PAGE_READ:    return memory | READ_ONLY | NO_EXECUTE;
    case PAGE_WRITE:   return memory | NO_EXECUTE;
    case PAGE_EXECUTE: return memory | READ_ONLY | NO_EXECUTE_BELOW;
    case PAGE_DEVICE:  return PRESENT | ACCESSED | ATTRIBUTE_DEVICE | NO_EXECUTE;
    }
    UNREACHABLE("unknown rights of a page");
}

uint64_t page_entry_leaf(uint64_t address, enum page_rights rights, unsigned level)
{
    uint64_t flags = flags_of(rights);
    return flags == 0 ? 0 : address | flags | (level > 0 ? 0 : TABLE_OR_SMALL);
}

uint64_t page_entry_split(uint64_t large, unsigned i)
{
    return (large | TABLE_OR_SMALL) + i * UINT64_C(4096);
}

bool page_entry_is_present(uint64_t entry)
{
    return (entry & PRESENT) != 0;
}

bool page_entry_is_large(uint64_t entry)
{
    return (entry & TABLE_OR_SMALL) == 0;
}

uint64_t page_entry_address(uint64_t entry)
{
    return entry & ADDRESS;
}
