// SPDX-License-Identifier: ISC
#include "tender/hvt_machine.h"

#define PAGE 4096u
#define ENTRIES 512u
#define PRESENT UINT64_C(1)
#define WRITABLE UINT64_C(2)
#define LARGE UINT64_C(0x80)
#define CODE_DESCRIPTOR UINT64_C(0x00af99000000ffff)
#define DATA_DESCRIPTOR UINT64_C(0x00cf93000000ffff)

/* Entry i of the table at this address. */
static void put(struct mspan memory, uint64_t table, uint64_t i, uint64_t entry)
{
    (void)span_copy(mspan_sub(memory, table + i * sizeof entry, sizeof entry), SPAN_OF(entry));
}

/* The first 2 MiB in small pages: boot information read-only, the image and what follows writable, the rest not there. */
static void map_first(struct mspan memory)
{
    for (uint64_t i = SOLO5_HVT_BOOT / PAGE; i < ENTRIES; i++)
        put(memory, SOLO5_HVT_PT, i, i * PAGE | PRESENT | (i < SOLO5_IMAGE_START / PAGE ? 0 : WRITABLE));
    put(memory, SOLO5_HVT_PD, 0, SOLO5_HVT_PT | PRESENT | WRITABLE);
}

void hvt_machine_prepare(struct mspan memory, uint64_t memory_bytes)
{
    uint64_t num_large = memory_bytes / SOLO5_HVT_MEMORY_UNIT;
    put(memory, SOLO5_HVT_GDT, 1, CODE_DESCRIPTOR);
    put(memory, SOLO5_HVT_GDT, 2, DATA_DESCRIPTOR);
    put(memory, SOLO5_HVT_PML4, 0, SOLO5_HVT_PDPT | PRESENT | WRITABLE);
    for (uint64_t i = 0; i * ENTRIES < num_large; i++)
        put(memory, SOLO5_HVT_PDPT, i, (SOLO5_HVT_PD + i * PAGE) | PRESENT | WRITABLE);
    map_first(memory);
    for (uint64_t i = 1; i < num_large; i++)    /* the four directories follow one another */
        put(memory, SOLO5_HVT_PD, i, i * SOLO5_HVT_MEMORY_UNIT | PRESENT | WRITABLE | LARGE);
}
