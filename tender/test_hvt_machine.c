// SPDX-License-Identifier: ISC
#include "check/test.h"
#define LOW_BYTES 0x9000u
#include "tender/test_hvt_machine.h"

/* As a CPU walks: the leaf's entry, or 0. */
static uint64_t walk(uint64_t address)
{
    uint64_t e = entry(SOLO5_HVT_PML4, address >> 39 & 511);
    for (int shift = 30; shift >= 12 && e & 1; shift -= 9) {
        e = entry(e & 0xffffff000, address >> shift & 511);
        if (shift == 12 || e & 0x80)
            return e & 1 ? e : 0;
    }
    return 0;
}

TEST(low_memory_is_hidden_but_for_the_boot_information)
{
    prepare(2 * MEGABYTE);
    for (uint64_t a = 0; a < 0x10000; a += 4096)
        EQ(walk(a), 0);
    for (uint64_t a = 0x10000; a < 0x100000; a += 4096)
        EQ(walk(a), a | 1);
    for (uint64_t a = 0x100000; a < 0x200000; a += 4096)
        EQ(walk(a), a | 3);
    EQ(walk(0x200000), 0);
}

TEST(the_rest_is_mapped_up_to_its_end)
{
    for (uint64_t n = 4 * MEGABYTE; n <= 4096 * MEGABYTE; n *= 2) {
        prepare(n);
        for (uint64_t a = 2 * MEGABYTE; a < n; a += 2 * MEGABYTE)
            EQ(walk(a), a | 0x83);
        EQ(walk(n), 0);
    }
}

TEST(descriptors_are_those_of_the_abi)
{
    prepare(2 * MEGABYTE);
    EQ(entry(SOLO5_HVT_GDT, 0), 0);
    EQ(entry(SOLO5_HVT_GDT, 1), 0x00af99000000ffff);
    EQ(entry(SOLO5_HVT_GDT, 2), 0x00cf93000000ffff);
}

TEST_MAIN
