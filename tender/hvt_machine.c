// SPDX-License-Identifier: ISC
/* hvt_machine.c - page tables of four levels: addresses are the same physically and virtually. */
#include "tender/hvt_machine.h"

#define PAGE 4096u
#define ENTRIES 512u

void hvt_machine_put(struct mspan memory, uint64_t table, uint64_t i, uint64_t entry)
{
    (void)span_copy(mspan_sub(memory, table + i * sizeof entry, sizeof entry), SPAN_OF(entry));
}

/* The first 2 MiB in small pages: boot information read-only, the image and what follows writable, the rest not there. */
static void map_first(struct mspan memory)
{
    const struct machine_tables *t = &machine_tables;
    for (uint64_t i = SOLO5_HVT_BOOT / PAGE; i < ENTRIES; i++)
        hvt_machine_put(memory, t->small_pages, i, i * PAGE | (i < SOLO5_IMAGE_START / PAGE ? t->small_read_only : t->small));
    hvt_machine_put(memory, t->large_pages, 0, t->small_pages | t->table);
}

void hvt_machine_prepare(struct mspan memory, uint64_t memory_bytes)
{
    const struct machine_tables *t = &machine_tables;
    uint64_t num_large = memory_bytes / SOLO5_HVT_MEMORY_UNIT;
    hvt_machine_put(memory, t->root, 0, t->gigabytes | t->table);
    for (uint64_t i = 0; i * ENTRIES < num_large; i++)
        hvt_machine_put(memory, t->gigabytes, i, (t->large_pages + i * PAGE) | t->table);
    map_first(memory);
    for (uint64_t i = 1; i < num_large; i++)    /* the four tables of large pages follow one another */
        hvt_machine_put(memory, t->large_pages, i, i * SOLO5_HVT_MEMORY_UNIT | t->large);
    hvt_machine_prepare_rest(memory);
}
