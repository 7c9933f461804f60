// SPDX-License-Identifier: ISC
#include "check/test.h"
#define LOW_BYTES 0x8000u
#include "tender/test_hvt_machine.h"

#define ADDRESS UINT64_C(0xfffffff000)
#define READ_ONLY (1u << 7)
#define ACCESSED (1u << 10)
#define ATTRIBUTE(entry) ((entry) >> 2 & 7)

/* As a CPU walks: the leaf's entry, or 0. */
static uint64_t walk(uint64_t address)
{
    uint64_t e = entry(SOLO5_HVT_LEVEL0, address >> 39 & 511);
    for (int shift = 30; shift >= 12 && e & 1; shift -= 9) {
        TRUE(e & 2);
        e = entry(e & ADDRESS, address >> shift & 511);
        if (shift == 12 || !(e & 2))
            return e & 1 ? e : 0;
    }
    return 0;
}

TEST(low_memory_is_hidden_but_for_the_boot_information)
{
    prepare(8 * MEGABYTE);
    EQ(walk(0), 0);
    EQ(walk(SOLO5_HVT_LEVEL3), 0);
    EQ(walk(SOLO5_HVT_BOOT - 1), 0);
    TRUE(walk(SOLO5_HVT_BOOT) & READ_ONLY);
    TRUE(walk(SOLO5_IMAGE_START - 1) & READ_ONLY);
    TRUE(!(walk(SOLO5_IMAGE_START) & READ_ONLY));
}
TEST(memory_maps_to_itself_up_to_its_end)
{
    prepare(8 * MEGABYTE);
    for (uint64_t at = SOLO5_HVT_BOOT; at < 8 * MEGABYTE; at += 4096) {
        uint64_t e = walk(at), page = at < 2 * MEGABYTE ? 4096 : 2 * MEGABYTE;
        EQ(e & ADDRESS, at & -page);
        TRUE((e & ACCESSED) && ATTRIBUTE(e) == 4 && (MACHINE_MAIR >> 32 & 0xff) == 0xff);
    }
    EQ(walk(8 * MEGABYTE), 0);
}
TEST(four_gigabytes_are_mapped_and_no_more)
{
    prepare(SOLO5_HVT_MEMORY_MAX);
    EQ(walk(SOLO5_HVT_MEMORY_MAX - 1) & ADDRESS, SOLO5_HVT_MEMORY_MAX - 2 * MEGABYTE);
    EQ(walk(SOLO5_HVT_CALLS + (UINT64_C(1) << 30)), 0);
}
TEST(calls_are_a_device_whatever_the_memory)
{
    for (uint64_t num_bytes = 2 * MEGABYTE; num_bytes <= SOLO5_HVT_MEMORY_MAX; num_bytes *= 2) {
        prepare(num_bytes);
        uint64_t e = walk(SOLO5_HVT_CALLS + 8 * SOLO5_HVT_HALT);
        EQ(e & ADDRESS, SOLO5_HVT_CALLS);
        EQ(ATTRIBUTE(e), 1);
        EQ(MACHINE_MAIR >> 8 & 0xff, 4);
        EQ(e >> 53 & 3, 3);
    }
}
TEST_MAIN
