// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "arch/pages.h"

#define TABLES 8
static uint8_t memory[TABLES * PAGE_BYTES] __attribute__((aligned(4096)));
static struct pages pages;

static void begin(void)
{
    memset(memory, 0, sizeof memory);
    pages_init(&pages, MSPAN(memory), true);
}
/* As a CPU walks: the leaf's entry, or 0. */
static uint64_t walk(uint64_t address, unsigned *level)
{
    uint64_t table = (uintptr_t)memory;
    for (*level = page_format.num_levels - 1;; --*level) {
        uint64_t entry = ((const uint64_t *)table)[address >> (12 + 9 * *level) & 511];
        if (!page_entry_is_present(entry))
            return 0;
        if (*level == 0 || page_entry_is_large(entry))
            return entry;
        table = page_entry_address(entry);
    }
}
static bool is_small(uint64_t address, uint64_t page, enum page_rights rights)
{
    unsigned level;
    return walk(address, &level) == page_entry_leaf(page, rights, 0) && level == 0;
}
static bool is_large(uint64_t address, uint64_t page, enum page_rights rights)
{
    unsigned level;
    return walk(address, &level) == page_entry_leaf(page, rights, 1) && level == 1;
}
static bool is_absent(uint64_t address)
{
    unsigned level;
    return walk(address, &level) == 0;
}

TEST(each_page_gets_its_rights)
{
    begin();
    TRUE(pages_map(&pages, 0x1000, 0x2000, PAGE_READ) && pages_map(&pages, 0x2000, 0x3000, PAGE_WRITE) &&
         pages_map(&pages, 0x3000, 0x4000, PAGE_EXECUTE));
    TRUE(is_absent(0));
    TRUE(is_small(0x1fff, 0x1000, PAGE_READ));
    TRUE(is_small(0x2000, 0x2000, PAGE_WRITE));
    TRUE(is_small(0x3000, 0x3000, PAGE_EXECUTE));
    TRUE(is_absent(0x4000));
    EQ(pages.num_tables, page_format.num_levels);
}

TEST(rights_differ)
{
    for (int a = PAGE_READ; a <= PAGE_EXECUTE; a++)
        for (int b = PAGE_READ; b < a; b++)
            TRUE(page_entry_leaf(0, (enum page_rights)a, 0) != page_entry_leaf(0, (enum page_rights)b, 0));
    EQ(page_entry_leaf(0x1000, PAGE_NONE, 0), 0);
}

TEST(without_no_execute_what_is_read_is_as_what_is_executed)
{
    unsigned level;
    begin();
    pages_init(&pages, MSPAN(memory), false);
    TRUE(pages_map(&pages, 0x1000, 0x2000, PAGE_READ) && pages_map(&pages, 0x2000, 0x3000, PAGE_EXECUTE));
    EQ(walk(0x1000, &level), page_entry_leaf(0x1000, PAGE_READ, 0) & page_entry_leaf(0x1000, PAGE_EXECUTE, 0));
}

TEST(whole_two_megabytes_are_one_large_page)
{
    begin();
    TRUE(pages_map(&pages, 0x1ff000, 0x601000, PAGE_WRITE));
    TRUE(is_small(0x1ff000, 0x1ff000, PAGE_WRITE));
    TRUE(is_large(0x3fffff, 0x200000, PAGE_WRITE));
    TRUE(is_small(0x600000, 0x600000, PAGE_WRITE));
    EQ(pages.num_tables, page_format.num_levels + 1);
}

TEST(a_large_page_is_divided_for_a_guard)
{
    begin();
    TRUE(pages_map(&pages, 0x200000, 0x400000, PAGE_WRITE) && pages_map(&pages, 0x300000, 0x301000, PAGE_NONE));
    TRUE(is_small(0x2ff000, 0x2ff000, PAGE_WRITE));
    TRUE(is_absent(0x300000));
    TRUE(is_small(0x301000, 0x301000, PAGE_WRITE));
}

TEST(addresses_above_a_gigabyte_have_a_directory_of_their_own)
{
    begin();
    TRUE(pages_map(&pages, 0xc0000000, 0x100000000, PAGE_WRITE));
    TRUE(is_large(0xffffffff, 0xffe00000, PAGE_WRITE));
    EQ(pages.num_tables, page_format.num_levels - 1);
}

TEST(an_address_that_cannot_be_mapped_is_our_own_mistake)
{
    begin();
    PANICS(TRUE(pages_map(&pages, page_format.address_end, page_format.address_end + 0x1000, PAGE_WRITE)));
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
    pages_init(&pages, mspan_first(MSPAN(memory), (page_format.num_levels - 1) * PAGE_BYTES), true);
    TRUE(!pages_map(&pages, 0x1000, 0x2000, PAGE_READ));
}

TEST_MAIN
