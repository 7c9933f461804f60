// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "arch/x86_64/pages.h"

#define TABLES 8
static uint8_t memory[TABLES * PAGE_BYTES] __attribute__((aligned(4096)));
static struct pages pages;

static void begin(void)
{
    memset(memory, 0, sizeof memory);
    pages_init(&pages, MSPAN(memory), true);
}
/* As a CPU walks: the leaf's entry, or 0. */
static uint64_t walk(uint64_t address, bool *is_large)
{
    uint64_t table = (uintptr_t)memory;
    for (int shift = 39; shift >= 12; shift -= 9) {
        uint64_t entry = ((const uint64_t *)table)[address >> shift & 511];
        *is_large = (entry & 0x80) != 0;
        if (!(entry & 1))
            return 0;
        if (shift == 12 || *is_large)
            return entry;
        table = entry & 0xffffffffff000;
    }
    return 0;
}
#define NX (1ull << 63)

TEST(rights_become_bits)
{
    bool large;
    begin();
    TRUE(pages_map(&pages, 0x1000, 0x2000, PAGE_READ) && pages_map(&pages, 0x2000, 0x3000, PAGE_WRITE) &&
         pages_map(&pages, 0x3000, 0x4000, PAGE_EXECUTE));
    EQ(walk(0, &large), 0);
    EQ(walk(0x1fff, &large), NX | 0x1000 | 0x61);
    EQ(walk(0x2000, &large), NX | 0x2000 | 0x63);
    EQ(walk(0x3000, &large), 0x3000 | 0x61);
    EQ(walk(0x4000, &large), 0);
    EQ(pages.num_tables, 4);
}

TEST(without_no_execute_its_bit_is_clear)
{
    bool large;
    begin();
    pages.has_nx = false;
    TRUE(pages_map(&pages, 0x1000, 0x2000, PAGE_READ));
    EQ(walk(0x1000, &large), 0x1000 | 0x61);
}

TEST(whole_two_megabytes_are_one_large_page)
{
    bool large;
    begin();
    TRUE(pages_map(&pages, 0x1ff000, 0x601000, PAGE_WRITE));
    EQ(walk(0x1ff000, &large), NX | 0x1ff000 | 0x63);
    TRUE(!large);
    EQ(walk(0x3fffff, &large), NX | 0x200000 | 0xe3);
    TRUE(large);
    EQ(walk(0x600000, &large), NX | 0x600000 | 0x63);
    TRUE(!large);
    EQ(pages.num_tables, 5);
}

TEST(a_large_page_is_divided_for_a_guard)
{
    bool large;
    begin();
    TRUE(pages_map(&pages, 0x200000, 0x400000, PAGE_WRITE) && pages_map(&pages, 0x300000, 0x301000, PAGE_NONE));
    EQ(walk(0x2ff000, &large), NX | 0x2ff000 | 0x63);
    EQ(walk(0x300000, &large), 0);
    EQ(walk(0x301000, &large), NX | 0x301000 | 0x63);
    TRUE(!large);
}

TEST(addresses_above_a_gigabyte_have_a_directory_of_their_own)
{
    bool large;
    begin();
    TRUE(pages_map(&pages, 0xc0000000, 0x100000000, PAGE_WRITE));
    EQ(walk(0xffffffff, &large), NX | 0xffe00000 | 0xe3);
    EQ(pages.num_tables, 3);
}

TEST(the_estimate_is_enough)
{
    for (uint64_t end = 0x200000; end <= 0xa00000; end += 0x200000)
        for (uint64_t small = 0x110000; small < end; small += 0x70000) {
            memset(memory, 0, sizeof memory);
            size_t num_bytes = pages_bytes(small, end);
            TRUE(num_bytes <= sizeof memory);
            pages_init(&pages, mspan_first(MSPAN(memory), num_bytes), true);
            TRUE(pages_map(&pages, 0x10000, small, PAGE_READ) && pages_map(&pages, small, end, PAGE_WRITE));
        }
}

TEST(no_table_left_is_told)
{
    begin();
    pages_init(&pages, mspan_first(MSPAN(memory), 3 * PAGE_BYTES), true);
    TRUE(!pages_map(&pages, 0x1000, 0x2000, PAGE_READ));
}

TEST_MAIN
