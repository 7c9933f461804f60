// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "base/writer.h"
#include "platform/common/devicetree.h"

enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };

static uint8_t blob[1024];
static const char strings[] = "compatible\0reg\0#address-cells\0#size-cells\0dma-coherent";
enum { COMPATIBLE = 0, REG = 11, ADDRESS_CELLS = 15, SIZE_CELLS = 30, COHERENT = 42 };
static struct wr structure;

static void pad(void)
{
    while (wr_done(&structure).n % 4 != 0)
        wr_u8(&structure, 0);
}
static void node(const char *name)
{
    wr_u32(&structure, BEGIN_NODE);
    wr_bytes(&structure, span_of_str(name));
    wr_u8(&structure, 0);
    pad();
}
static void property(uint32_t name, struct span value)
{
    wr_u32(&structure, PROP);
    wr_u32(&structure, (uint32_t)value.n);
    wr_u32(&structure, name);
    wr_bytes(&structure, value);
    pad();
}
static void cell(uint32_t name, uint8_t v)
{
    const uint8_t bytes[4] = { 0, 0, 0, v };
    property(name, SPAN(bytes));
}
static void token(uint32_t v)
{
    wr_u32(&structure, v);
}

static void put32(size_t at, uint32_t v)
{
    for (unsigned i = 0; i < 4; i++)
        blob[at + i] = (uint8_t)(v >> (24 - 8 * i));
}
enum {
    HEADER_AT_TOTAL = 4,
    AT_STRUCTURE = 8,
    AT_STRINGS = 12,
    AT_VERSION = 20,
    AT_COMPATIBLE = 24,
    AT_STRINGS_BYTES = 32,
    AT_STRUCTURE_BYTES = 36,
};

/* A root with a device of two cells each, and a bus of one cell each with a device of its own. */
static struct span make(void)
{
    memset(blob, 0, sizeof blob);
    structure = wr_of(mspan_skip(MSPAN(blob), DEVICETREE_HEADER_BYTES));
    node("");
    cell(ADDRESS_CELLS, 2);
    cell(SIZE_CELLS, 2);
    token(NOP);
    node("uart@9000000");
    property(COMPATIBLE, TEXT("arm,pl011\0arm,primecell\0"));
    property(REG, TEXT("\0\0\0\1\0\0\0\2\0\0\0\0\0\0\x10\0"));
    property(COHERENT, TEXT(""));
    token(END_NODE);
    node("bus");
    cell(ADDRESS_CELLS, 1);
    node("one@8");
    property(REG, TEXT("\0\0\0\7\0\0\0\10\0\0\0\11\0\0\0\12"));
    token(END_NODE);
    token(END_NODE);
    token(END_NODE);
    token(END);
    size_t n = wr_done(&structure).n, at = DEVICETREE_HEADER_BYTES + n;
    memcpy(blob + at, strings, sizeof strings);
    put32(0, 0xd00dfeed);
    put32(HEADER_AT_TOTAL, (uint32_t)(at + sizeof strings));
    put32(AT_STRUCTURE, DEVICETREE_HEADER_BYTES);
    put32(AT_STRINGS, (uint32_t)at);
    put32(AT_VERSION, 17);
    put32(AT_COMPATIBLE, 16);
    put32(AT_STRINGS_BYTES, sizeof strings);
    put32(AT_STRUCTURE_BYTES, (uint32_t)n);
    return span_first(SPAN(blob), at + sizeof strings);
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
    struct devicetree t = { .strings = SPAN(strings) };
    struct devicetree_walk w;
    struct devicetree_node n;
    uint64_t at, num_bytes;
    structure = wr_of(MSPAN(blob));
    node("");
    cell(ADDRESS_CELLS, 9);
    cell(SIZE_CELLS, 0);
    node("one");
    property(REG, TEXT("\0\0\0\1"));
    t.structure = wr_done(&structure);
    devicetree_begin(&w, &t);
    TRUE(devicetree_next(&w, &n) && devicetree_next(&w, &n));
    TRUE(!devicetree_reg(&t, &n, 0, &at, &num_bytes));
}
TEST_MAIN
