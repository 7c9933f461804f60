// SPDX-License-Identifier: ISC
#include "arch/pages.h"
#include "check/test.h"

#define NX (1ull << 63)

TEST(rights_become_bits)
{
    EQ(page_entry_leaf(0x1000, PAGE_READ, 0), NX | 0x1000 | 0x61);
    EQ(page_entry_leaf(0x1000, PAGE_WRITE, 0), NX | 0x1000 | 0x63);
    EQ(page_entry_leaf(0x1000, PAGE_EXECUTE, 0), 0x1000 | 0x61);
    EQ(page_entry_leaf(0x200000, PAGE_DEVICE, 1), NX | 0x200000 | 0xfb);
    EQ(page_entry_table(0x1000), 0x1000 | 0x63);
}
TEST(a_large_page_becomes_small_ones)
{
    EQ(page_entry_split(page_entry_leaf(0x200000, PAGE_WRITE, 1), 3), NX | 0x203000 | 0x63);
}
TEST_MAIN
