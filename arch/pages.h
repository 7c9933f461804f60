// SPDX-License-Identifier: ISC
/* pages.h - page tables as the CPUs have them that Morgana runs on: levels of 512 entries of 8 bytes, pages of 4 KB or 2 MB. How an
 * entry is written is each CPU's; addresses are the same physically and virtually. Pure: it fills memory that the caller switches to. */
#ifndef ARCH_PAGES_H
#define ARCH_PAGES_H
#include "base/span.h"

#define PAGE_BYTES 4096u
#define LARGE_PAGE_BYTES ((uint64_t)2 << 20)
#define PAGE_ENTRIES 512u

enum page_rights {
    PAGE_NONE,                  /* not present */
    PAGE_READ,
    PAGE_WRITE,                 /* and read */
    PAGE_EXECUTE,               /* and read */
    PAGE_DEVICE,                /* registers: read and written, neither cached nor reordered */
};

/* ---- Entries: kept by each CPU's folder. Level 0 is that of small pages, 1 that of large ones. */

struct page_format {
    unsigned num_levels;
    uint64_t address_end;       /* addresses below it can be mapped */
};
extern const struct page_format page_format;
/* To the table at an address. */
uint64_t page_entry_table(uint64_t table);
/* A page of level 0 or 1; 0 for PAGE_NONE. Marked as used and written in advance, so that the CPU never writes to the tables. */
uint64_t page_entry_leaf(uint64_t address, enum page_rights rights, unsigned level);
/* The i-th small page of a large one. */
uint64_t page_entry_split(uint64_t large, unsigned i);
bool page_entry_is_present(uint64_t entry);
/* A page and not a table; of an entry that is present, on a level above 0. */
bool page_entry_is_large(uint64_t entry);
/* Of the table or the page. */
uint64_t page_entry_address(uint64_t entry);

/* ---- Tables */

struct pages {
    SLICE(uint64_t) entries;    /* all tables, the root first */
    uint64_t address;           /* of the first */
    size_t num_tables;          /* in use */
    uint64_t cleared;           /* bits that no page gets */
};
/* How many bytes of tables it takes to map [0, end) when all but large pages lie below small_end. */
size_t pages_bytes(uint64_t small_end, uint64_t end);
/* The tables lie at `memory`: zero-filled, whole pages, at the address that the CPU will see. has_nx: else what may be
 * read may be executed. */
void pages_init(struct pages *p, struct mspan memory, bool has_nx);
/* Gives [start, end) these rights, outwards to whole pages; what was said of them before is replaced. false: the memory
 * for tables is used up. */
MUST_CHECK bool pages_map(struct pages *p, uint64_t start, uint64_t end, enum page_rights rights);

#endif
