// SPDX-License-Identifier: ISC
/* hvt_machine_x86_64.c - entries, and segments (Intel SDM volume 3, sections 4.5 and 3.4.5). */
#include "tender/hvt_machine.h"

#define PRESENT UINT64_C(1)
#define WRITABLE UINT64_C(2)
#define LARGE UINT64_C(0x80)
#define CODE_DESCRIPTOR UINT64_C(0x00af99000000ffff)
#define DATA_DESCRIPTOR UINT64_C(0x00cf93000000ffff)

const struct machine_tables machine_tables = {
    .root = SOLO5_HVT_PML4,
    .gigabytes = SOLO5_HVT_PDPT,
    .large_pages = SOLO5_HVT_PD,
    .small_pages = SOLO5_HVT_PT,
    .table = PRESENT | WRITABLE,
    .large = PRESENT | WRITABLE | LARGE,
    .small = PRESENT | WRITABLE,
    .small_read_only = PRESENT,
};

void hvt_machine_prepare_rest(struct mspan memory)
{
    hvt_machine_put(memory, SOLO5_HVT_GDT, 1, CODE_DESCRIPTOR);
    hvt_machine_put(memory, SOLO5_HVT_GDT, 2, DATA_DESCRIPTOR);
}
