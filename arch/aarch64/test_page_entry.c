// SPDX-License-Identifier: ISC
#include "arch/pages.h"
#include "check/test.h"

#define XN (3ull << 53)
#define UXN (2ull << 53)

TEST(rights_become_bits)
{
    EQ(page_entry_leaf(0x1000, PAGE_READ, 0), XN | 0x1000 | 0x783);
    EQ(page_entry_leaf(0x1000, PAGE_WRITE, 0), XN | 0x1000 | 0x703);
    EQ(page_entry_leaf(0x1000, PAGE_EXECUTE, 0), UXN | 0x1000 | 0x783);
    EQ(page_entry_leaf(0x200000, PAGE_DEVICE, 1), XN | 0x200000 | 0x405);
    EQ(page_entry_table(0x1000), 0x1003);
}
TEST(a_large_page_becomes_small_ones)
{
    EQ(page_entry_split(page_entry_leaf(0x200000, PAGE_WRITE, 1), 3), XN | 0x203000 | 0x703);
}
TEST_MAIN
