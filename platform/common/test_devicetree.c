// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "check/device_tree.h"

/* A root with a device of two cells each, and a bus of one cell each with a device of its own. */
static struct span make(void)
{
    tree_begin();
    node("");
    CELLS("#address-cells", 2);
    CELLS("#size-cells", 2);
    token(NOP);
    node("uart@9000000");
    property("compatible", TEXT("arm,pl011\0arm,primecell\0"));
    property("reg", TEXT("\0\0\0\1\0\0\0\2\0\0\0\0\0\0\x10\0"));
    property("dma-coherent", TEXT(""));
    token(END_NODE);
    node("bus");
    CELLS("#address-cells", 1);
    node("one@8");
    property("reg", TEXT("\0\0\0\7\0\0\0\10\0\0\0\11\0\0\0\12"));
    token(END_NODE);
    token(END_NODE);
    return tree_end();
}

/* How many nodes there are, with the walk at its end. */
static size_t count(const struct devicetree *t, struct devicetree_walk *w)
{
    struct devicetree_node n;
    size_t num = 0;
    devicetree_begin(w, t);
    while (devicetree_next(w, &n))
        num++;
    return num;
}

TEST(nodes_come_in_order_with_their_depth_and_the_cells_of_their_parent)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    EQ(devicetree_open(&t, make()), WIRE_OK);
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n));
    SPAN_EQ(n.name, "");
    EQ(n.depth, 0);
    TRUE(devicetree_next(&w, &n));
    SPAN_EQ(n.name, "uart@9000000");
    EQ(n.depth, 1);
    EQ(n.address_cells, 2);
    EQ(n.size_cells, 2);
    TRUE(devicetree_next(&w, &n));
    SPAN_EQ(n.name, "bus");
    TRUE(devicetree_next(&w, &n));
    SPAN_EQ(n.name, "one@8");
    EQ(n.depth, 2);
    EQ(n.address_cells, 1);
    EQ(n.size_cells, 1);            /* where nothing is said */
    TRUE(!devicetree_next(&w, &n));
    TRUE(!w.is_broken);
}
TEST(properties_are_found_by_name)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    uint64_t at, num_bytes;
    EQ(devicetree_open(&t, make()), WIRE_OK);
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n) && devicetree_u32(&t, n.properties, TEXT("#size-cells"), 0) == 2);
    TRUE(devicetree_next(&w, &n));
    struct span compatible = devicetree_property(&t, n.properties, TEXT("compatible"));
    TRUE(devicetree_lists(compatible, TEXT("arm,primecell")) && devicetree_lists(compatible, TEXT("arm,pl011")));
    TRUE(!devicetree_lists(compatible, TEXT("arm,pl01")) && !devicetree_lists(compatible, TEXT("pl011")));
    TRUE(devicetree_has(&t, n.properties, TEXT("dma-coherent")) && !devicetree_has(&t, n.properties, TEXT("dma")));
    EQ(devicetree_u32(&t, n.properties, TEXT("dma-coherent"), 7), 7);
    TRUE(devicetree_reg(&t, &n, 0, &at, &num_bytes));
    EQ(at, 0x100000002);
    EQ(num_bytes, 0x1000);
    TRUE(!devicetree_reg(&t, &n, 1, &at, &num_bytes));
    TRUE(devicetree_next(&w, &n) && devicetree_next(&w, &n));
    TRUE(devicetree_reg(&t, &n, 1, &at, &num_bytes));
    EQ(at, 9);
    EQ(num_bytes, 10);
}
TEST(a_header_that_is_none_is_refused)
{
    static const struct { size_t at; uint32_t v; } lies[] = {
        { 0, 0xd00dfeee }, { HEADER_AT_TOTAL, 2000 }, { HEADER_AT_TOTAL, 100 }, { AT_STRUCTURE, 41 }, { AT_STRUCTURE, 0xfffffffc },
        { AT_STRINGS, 0xffffffff }, { AT_VERSION, 16 }, { AT_COMPATIBLE, 18 }, { AT_STRINGS_BYTES, 0xffffffff },
        { AT_STRUCTURE_BYTES, 0xfffffff0 },
    };
    struct devicetree t;
    for (size_t i = 0; i < NUM_OF(lies); i++) {
        struct span s = make();
        put32(lies[i].at, lies[i].v);
        TRUE(devicetree_open(&t, s) != WIRE_OK);
        EQ(t.structure.n, 0);
    }
}
TEST(every_truncation_is_refused)
{
    struct devicetree t;
    struct span whole = make();
    for (size_t n = 0; n < whole.n; n++)
        TRUE(devicetree_open(&t, span_first(whole, n)) != WIRE_OK);
    EQ(devicetree_bytes(span_first(whole, 8)), whole.n);
    EQ(devicetree_bytes(span_first(whole, 7)), 0);
}
TEST(a_structure_that_ends_early_is_broken)
{
    struct devicetree t;
    struct devicetree_walk w;
    EQ(devicetree_open(&t, make()), WIRE_OK);
    struct span whole = t.structure;
    for (size_t n = 0; n < whole.n; n++) {
        t.structure = span_first(whole, n);
        TRUE(count(&t, &w) <= 4 && w.is_broken);
    }
}
TEST(every_flipped_byte_leaves_a_walk_that_ends)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct span whole = make();
    for (size_t i = DEVICETREE_HEADER_BYTES; i < whole.n; i++) {
        (void)make();
        blob[i] ^= 0xff;
        EQ(devicetree_open(&t, whole), WIRE_OK);
        TRUE(count(&t, &w) <= 4);
    }
}
TEST(nodes_that_lie_too_deep_are_passed_over)
{
    struct devicetree t = { 0 };
    struct devicetree_walk w;
    structure = wr_of(MSPAN(blob));
    for (unsigned i = 0; i < 2 * DEVICETREE_DEPTH_MAX; i++)
        node("n");
    for (unsigned i = 0; i < 2 * DEVICETREE_DEPTH_MAX; i++)
        token(END_NODE);
    token(END);
    t.structure = wr_done(&structure);
    EQ(count(&t, &w), DEVICETREE_DEPTH_MAX + 1);
    TRUE(!w.is_broken);
}
TEST(cells_beyond_reason_are_none)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    uint64_t at, num_bytes;
    tree_begin();
    node("");
    CELLS("#address-cells", 9);
    CELLS("#size-cells", 0);
    node("one");
    CELLS("reg", 1);
    t = (struct devicetree){ wr_done(&structure), strings() };
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n) && devicetree_next(&w, &n));
    TRUE(!devicetree_reg(&t, &n, 0, &at, &num_bytes));
}
/* A bus of so many cells of address and size, with a device whose first range is 1, 2, 3 and so on. */
static bool reg_of_bus(uint32_t address_cells, uint32_t size_cells, uint64_t *at, uint64_t *num_bytes)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    tree_begin();
    node("");
    CELLS("#address-cells", address_cells);
    CELLS("#size-cells", size_cells);
    node("one");
    CELLS("reg", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    token(END_NODE);
    EQ(devicetree_open(&t, tree_end()), WIRE_OK);
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n) && devicetree_next(&w, &n));
    return devicetree_reg(&t, &n, 0, at, num_bytes);
}
TEST(of_more_than_two_cells_the_last_two_count_and_more_than_eight_are_none)
{
    uint64_t at, num_bytes;
    TRUE(reg_of_bus(8, 2, &at, &num_bytes));
    EQ(at, 0x700000008);
    EQ(num_bytes, 0x90000000a);
    TRUE(reg_of_bus(9, 2, &at, &num_bytes));
    EQ(at, 0);
    EQ(num_bytes, 0x100000002);
}
TEST(bounds_that_are_just_kept_are_kept)
{
    struct devicetree t;
    struct span s = make();
    put32(AT_COMPATIBLE, 17);
    EQ(devicetree_open(&t, s), WIRE_OK);
    s = make();
    put32(AT_STRUCTURE_BYTES, span_u32(s, HEADER_AT_TOTAL) - DEVICETREE_HEADER_BYTES);
    EQ(devicetree_open(&t, s), WIRE_OK);
    s = make();
    uint32_t end = (uint32_t)s.n & ~3u;
    put32(HEADER_AT_TOTAL, end);
    put32(AT_STRUCTURE, end);
    put32(AT_STRUCTURE_BYTES, 0);
    put32(AT_STRINGS, end);
    put32(AT_STRINGS_BYTES, 0);
    EQ(devicetree_open(&t, s), WIRE_OK);
    EQ(t.structure.n + t.strings.n, 0);
}
TEST(nothing_is_taken_of_too_few_cells)
{
    struct span cells = TEXT("\0\0\0\1\0\0");
    EQ(devicetree_take(&cells, 1), 1);
    EQ(devicetree_take(&cells, 1), 0);
    EQ(devicetree_take(&cells, 1), 0);
    EQ(devicetree_take(&cells, UINT32_MAX), 0);     /* at once */
}
TEST(a_node_may_end_with_tokens_that_mean_nothing)
{
    struct devicetree t;
    struct devicetree_walk w;
    tree_begin();
    node("");
    token(NOP);
    t.structure = wr_done(&structure);
    EQ(count(&t, &w), 1);
    TRUE(w.is_broken);                  /* its end is missing */
    token(END_NODE);
    token(NOP);
    token(END);
    t.structure = wr_done(&structure);
    EQ(count(&t, &w), 1);
    TRUE(!w.is_broken);
}
TEST(a_node_that_ends_twice_and_a_property_longer_than_the_tree_are_damage)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    tree_begin();
    node("");
    token(END_NODE);
    token(END_NODE);
    token(END);
    t = (struct devicetree){ .structure = wr_done(&structure) };
    EQ(count(&t, &w), 1);
    TRUE(w.is_broken);
    tree_begin();
    node("");
    token(PROP);
    token(9);
    token(name_at("reg"));
    token(0);
    token(END);
    t = (struct devicetree){ wr_done(&structure), strings() };
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n));
    EQ(n.properties.n, 0);
    EQ(devicetree_property(&t, t.structure, TEXT("reg")).n, 0);
}
TEST(a_name_at_the_very_end_of_the_strings_needs_its_zero)
{
    struct devicetree t;
    tree_begin();
    CELLS("reg", 7);
    t = (struct devicetree){ wr_done(&structure), span_first(strings(), 3) };
    TRUE(!devicetree_has(&t, t.structure, TEXT("reg")));
    t.strings = strings();
    EQ(devicetree_u32(&t, t.structure, TEXT("reg"), 0), 7);
}
TEST(the_deepest_node_that_is_seen_has_the_cells_of_its_parent)
{
    struct devicetree t;
    struct devicetree_walk w;
    struct devicetree_node n;
    tree_begin();
    for (unsigned i = 0; i <= DEVICETREE_DEPTH_MAX; i++) {
        node("n");
        CELLS("#address-cells", i % 8);
    }
    t = (struct devicetree){ wr_done(&structure), strings() };
    devicetree_begin(&w, &t);
    for (unsigned i = 0; i <= DEVICETREE_DEPTH_MAX; i++) {
        TRUE(devicetree_next(&w, &n));
        EQ(n.address_cells, i == 0 ? 0 : (i - 1) % 8);
    }
}
TEST_MAIN
