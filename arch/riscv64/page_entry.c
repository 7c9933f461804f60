// SPDX-License-Identifier: ISC
/* page_entry.c - entries of page tables of Sv39 (RISC-V privileged architecture, section 4.4). Identity needs addresses whose
 * upper half is not used, as those are sign-extended. What memory is cached is the platform's to say. */
#include "arch/pages.h"

#define PRESENT UINT64_C(1)
#define READ UINT64_C(2)
#define WRITE UINT64_C(4)
#define EXECUTE UINT64_C(8)
#define ACCESSED_DIRTY UINT64_C(0xc0)
#define NUMBER_SHIFT 10                 /* page numbers begin there */
#define PAGE_SHIFT 12
#define NUMBERS UINT64_C(0x003ffffffffffc00)

const struct page_format page_format = { .num_levels = 3, .address_end = UINT64_C(1) << 38 };

static uint64_t number_of(uint64_t address)
{
    return address >> PAGE_SHIFT << NUMBER_SHIFT;
}

uint64_t page_entry_table(uint64_t table)
{
    return number_of(table) | PRESENT;
}

static uint64_t flags_of(enum page_rights rights)
{
    switch (rights) {
    case PAGE_NONE:    return 0;
    case PAGE_READ:    return PRESENT | ACCESSED_DIRTY | READ;
    case PAGE_WRITE:
    case PAGE_DEVICE:  return PRESENT | ACCESSED_DIRTY | READ | WRITE;
    case PAGE_EXECUTE: return PRESENT | ACCESSED_DIRTY | READ | EXECUTE;
    }
    UNREACHABLE("unknown rights of a page");
}

uint64_t page_entry_leaf(uint64_t address, enum page_rights rights, unsigned level)
{
    uint64_t flags = flags_of(rights);
    (void)level;                        /* any entry with a right is a page */
    return flags == 0 ? 0 : number_of(address) | flags;
}

uint64_t page_entry_split(uint64_t large, unsigned i)
{
    return large + number_of(i * UINT64_C(4096));
}

bool page_entry_is_present(uint64_t entry)
{
    return (entry & PRESENT) != 0;
}

bool page_entry_is_large(uint64_t entry)
{
    return (entry & (READ | WRITE | EXECUTE)) != 0;
}

uint64_t page_entry_address(uint64_t entry)
{
    return (entry & NUMBERS) >> NUMBER_SHIFT << PAGE_SHIFT;
}
