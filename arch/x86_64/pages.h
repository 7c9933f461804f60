// SPDX-License-Identifier: ISC
/* pages.h - page tables of four levels (Intel SDM volume 3, section 4.5; AMD APM volume 2, section 5.3) for addresses
 * below 512 GiB that are the same physically and virtually. Pure: it fills memory that the caller switches to. */
#ifndef ARCH_X86_64_PAGES_H
#define ARCH_X86_64_PAGES_H
#include "base/span.h"

#define PAGE_BYTES 4096u
#define LARGE_PAGE_BYTES ((uint64_t)2 << 20)

enum page_rights {
    PAGE_NONE,                  /* not present */
    PAGE_READ,
    PAGE_WRITE,                 /* and read */
    PAGE_EXECUTE,               /* and read */
};
struct pages {
    SLICE(uint64_t) entries;    /* all tables, the root first */
    uint64_t address;           /* of the first */
    size_t num_tables;          /* in use */
    bool has_nx;                /* else what may be read may be executed */
};
/* How many bytes of tables it takes to map [0, end) when all but large pages lie below small_end. */
size_t pages_bytes(uint64_t small_end, uint64_t end);
/* The tables lie at `memory`: zero-filled, whole pages, at the address that the CPU will see. */
void pages_init(struct pages *p, struct mspan memory, bool has_nx);
/* Gives [start, end) these rights, outwards to whole pages; what was said of them before is replaced. false: the memory
 * for tables is used up. */
MUST_CHECK bool pages_map(struct pages *p, uint64_t start, uint64_t end, enum page_rights rights);

#endif
