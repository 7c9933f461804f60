// SPDX-License-Identifier: ISC
#include "arch/pages.h"
#include "check/test.h"

TEST(rights_become_bits)
{
    EQ(page_entry_leaf(0x80001000, PAGE_READ, 0), 0x20000400 | 0xc3);
    EQ(page_entry_leaf(0x80001000, PAGE_WRITE, 0), 0x20000400 | 0xc7);
    EQ(page_entry_leaf(0x80001000, PAGE_EXECUTE, 0), 0x20000400 | 0xcb);
    EQ(page_entry_leaf(0x80200000, PAGE_DEVICE, 1), 0x20080000 | 0xc7);
    EQ(page_entry_table(0x80001000), 0x20000401);
    EQ(page_entry_address(page_entry_table(0x80001000)), 0x80001000);
}
TEST(a_large_page_becomes_small_ones)
{
    EQ(page_entry_split(page_entry_leaf(0x80200000, PAGE_WRITE, 1), 3), page_entry_leaf(0x80203000, PAGE_WRITE, 0));
}
TEST_MAIN
