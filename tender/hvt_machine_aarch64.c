// SPDX-License-Identifier: ISC
/* hvt_machine_aarch64.c - entries (Arm ARM, section D8.3): 4 KB a page, 40 bits of address, so that a walk begins at level 0. The
 * gigabyte of the calls is a device. */
#include "tender/hvt_machine.h"

#define PRESENT UINT64_C(1)
#define TABLE_OR_SMALL UINT64_C(2)
#define ATTRIBUTE(i) (UINT64_C(i) << 2)         /* of MACHINE_MAIR */
#define READ_ONLY (UINT64_C(1) << 7)
#define INNER_SHAREABLE (UINT64_C(3) << 8)
#define ACCESSED (UINT64_C(1) << 10)
#define NO_EXECUTE (UINT64_C(3) << 53)
#define MEMORY (PRESENT | ATTRIBUTE(4) | INNER_SHAREABLE | ACCESSED)
#define DEVICE (PRESENT | ATTRIBUTE(1) | ACCESSED | NO_EXECUTE)
#define GIGABYTE_SHIFT 30

const struct machine_tables machine_tables = {
    .root = SOLO5_HVT_LEVEL0,
    .gigabytes = SOLO5_HVT_LEVEL1,
    .large_pages = SOLO5_HVT_LEVEL2,
    .small_pages = SOLO5_HVT_LEVEL3,
    .table = PRESENT | TABLE_OR_SMALL,
    .large = MEMORY,
    .small = MEMORY | TABLE_OR_SMALL,
    .small_read_only = MEMORY | TABLE_OR_SMALL | READ_ONLY,
};

void hvt_machine_prepare_rest(struct mspan memory)
{
    hvt_machine_put(memory, SOLO5_HVT_LEVEL1, SOLO5_HVT_CALLS >> GIGABYTE_SHIFT, SOLO5_HVT_CALLS | DEVICE);
}
