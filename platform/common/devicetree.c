// SPDX-License-Identifier: ISC
/* devicetree.c - walks the structure block and looks into the strings block. */
#include "platform/common/devicetree.h"

#define MAGIC 0xd00dfeedu
#define VERSION 17u
#define CELL_BYTES 4u
#define CELLS_MAX 8u
#define PROPERTY_BYTES 12u                  /* of its token, length and name */

enum {                                      /* tokens */
    BEGIN_NODE = 1,
    END_NODE = 2,
    PROPERTY_ = 3,
    NOP = 4,
    END = 9,
};

size_t devicetree_bytes(struct span header)
{
    struct cur c = cur_of(header);
    cur_want(&c, cur_u32(&c) == MAGIC, WIRE_BAD_VALUE);
    return cur_u32(&c);
}

enum wire_err devicetree_open(struct devicetree *t, struct span blob)
{
    struct cur c = cur_of(blob);
    cur_want(&c, cur_u32(&c) == MAGIC, WIRE_BAD_VALUE);
    uint32_t total_bytes = cur_u32(&c), structure = cur_u32(&c), strings = cur_u32(&c);
    (void)cur_u32(&c);                      /* memory reservations */
    uint32_t version = cur_u32(&c), last_compatible = cur_u32(&c);
    (void)cur_u32(&c);                      /* the CPU that started us */
    uint32_t strings_bytes = cur_u32(&c), structure_bytes = cur_u32(&c);
    cur_want(&c, version >= VERSION && last_compatible <= VERSION, WIRE_BAD_VALUE);
    cur_want(&c, total_bytes <= blob.n && structure % CELL_BYTES == 0, WIRE_BAD_VALUE);
    cur_want(&c, structure <= total_bytes && structure_bytes <= total_bytes - structure, WIRE_BAD_VALUE);
    cur_want(&c, strings <= total_bytes && strings_bytes <= total_bytes - strings, WIRE_BAD_VALUE);
    *t = (struct devicetree){ 0 };
    if (c.err == WIRE_OK)
        *t = (struct devicetree){ span_sub(blob, structure, structure_bytes), span_sub(blob, strings, strings_bytes) };
    return c.err;
}

/* ---- Properties. They are looked for often at the start of a machine, so no cursor is spent on them. */

/* The next of a node, in its bytes; false: there is none, or it is damaged. */
static bool next_property(struct span *left, uint32_t *name, struct span *value)
{
    struct span s = *left;
    while (s.n >= CELL_BYTES && span_u32(s, 0) == NOP)
        s = span_skip(s, CELL_BYTES);
    if (s.n < PROPERTY_BYTES || span_u32(s, 0) != PROPERTY_)
        return false;
    size_t num_bytes = span_u32(s, CELL_BYTES);
    *name = span_u32(s, 2 * CELL_BYTES);
    s = span_skip(s, PROPERTY_BYTES);
    if (num_bytes > s.n)
        return false;
    *value = span_first(s, num_bytes);
    *left = span_skip(s, (num_bytes + CELL_BYTES - 1) / CELL_BYTES * CELL_BYTES);
    return true;
}

static bool is_name(const struct devicetree *t, uint32_t at, struct span name)
{
    struct span found = span_skip(t->strings, at);
    return found.n > name.n && span_at(found, name.n) == 0 && span_starts(found, name);
}

static bool find(const struct devicetree *t, struct span properties, struct span name, struct span *value)
{
    uint32_t at;
    while (next_property(&properties, &at, value))
        if (is_name(t, at, name))
            return true;
    *value = (struct span){ 0 };
    return false;
}

struct span devicetree_property(const struct devicetree *t, struct span properties, struct span name)
{
    struct span value;
    (void)find(t, properties, name, &value);
    return value;
}

bool devicetree_has(const struct devicetree *t, struct span properties, struct span name)
{
    struct span value;
    return find(t, properties, name, &value);
}

bool devicetree_lists(struct span list, struct span word)
{
    while (list.n > 0) {
        struct span each = span_first(list, span_find(list, 0));
        if (span_eq(each, word))
            return true;
        list = span_skip(list, each.n + 1);
    }
    return false;
}

uint64_t devicetree_take(struct span *cells, unsigned num)
{
    struct cur c = cur_of(*cells);
    uint64_t v = 0;
    for (unsigned i = 0; i < num && c.err == WIRE_OK; i++)
        v = v << 32 | cur_u32(&c);
    *cells = c.left;
    return c.err == WIRE_OK ? v : 0;
}

uint32_t devicetree_u32(const struct devicetree *t, struct span properties, struct span name, uint32_t otherwise)
{
    struct span value = devicetree_property(t, properties, name);
    return value.n == CELL_BYTES ? (uint32_t)devicetree_take(&value, 1) : otherwise;
}

bool devicetree_reg(const struct devicetree *t, const struct devicetree_node *n, unsigned i, uint64_t *at, uint64_t *num_bytes)
{
    size_t each = (size_t)(n->address_cells + n->size_cells) * CELL_BYTES;
    struct span reg = devicetree_property(t, n->properties, TEXT("reg"));
    *at = *num_bytes = 0;
    if (each == 0 || reg.n / each <= i)
        return false;
    reg = span_skip(reg, each * i);
    *at = devicetree_take(&reg, n->address_cells);
    *num_bytes = devicetree_take(&reg, n->size_cells);
    return true;
}

/* ---- Nodes */

void devicetree_begin(struct devicetree_walk *w, const struct devicetree *t)
{
    *w = (struct devicetree_walk){ .tree = t, .left = cur_of(t->structure) };
}

/* Up to the beginning of a node. false: the tree ends here, or is damaged. */
static bool find_node(struct devicetree_walk *w)
{
    while (cur_more(&w->left)) {
        uint32_t token = cur_u32(&w->left);
        if (token == BEGIN_NODE)
            return true;
        if (token == END)
            return false;
        if (token == END_NODE && w->depth > 0)
            w->depth--;
        else
            cur_want(&w->left, token == NOP, WIRE_BAD_VALUE);
    }
    cur_want(&w->left, false, WIRE_SHORT);  /* the end is missing */
    return false;
}

static struct span take_name(struct cur *c)
{
    struct span name = cur_bytes(c, span_find(c->left, 0));
    (void)cur_bytes(c, CELL_BYTES - name.n % CELL_BYTES);
    return name;
}

/* All of the node's, which come before its children. */
static struct span take_properties(struct devicetree_walk *w)
{
    struct span left = w->left.left, value;
    uint32_t name;
    while (next_property(&left, &name, &value))
        ;
    return cur_bytes(&w->left, w->left.left.n - left.n);
}

/* 0: more than can be. */
static unsigned cells_of(const struct devicetree *t, struct span properties, struct span name, unsigned otherwise)
{
    uint32_t num = devicetree_u32(t, properties, name, otherwise);
    return num <= CELLS_MAX ? num : 0;
}

/* What the node around it says of its children. */
static void take_cells(struct devicetree_walk *w, struct devicetree_node *node)
{
    SLICE(struct devicetree_around) around = { w->around, NUM_OF(w->around) };
    if (node->depth == 0 || node->depth > around.n)
        return;
    struct devicetree_around *a = &AT(around, node->depth - 1);
    if (!a->has_cells) {
        a->address_cells = cells_of(w->tree, a->properties, TEXT("#address-cells"), 2);
        a->size_cells = cells_of(w->tree, a->properties, TEXT("#size-cells"), 1);
        a->has_cells = true;
    }
    node->parent = a->properties;
    node->address_cells = a->address_cells;
    node->size_cells = a->size_cells;
}

static void take_node(struct devicetree_walk *w, struct devicetree_node *node)
{
    SLICE(struct devicetree_around) around = { w->around, NUM_OF(w->around) };
    *node = (struct devicetree_node){ .depth = w->depth++ };
    take_cells(w, node);
    node->name = take_name(&w->left);
    node->properties = take_properties(w);
    if (node->depth < around.n)
        AT(around, node->depth) = (struct devicetree_around){ .properties = node->properties };
}

bool devicetree_next(struct devicetree_walk *w, struct devicetree_node *node)
{
    bool is_there = find_node(w);
    while (is_there && w->depth > DEVICETREE_DEPTH_MAX) {
        take_node(w, node);
        is_there = find_node(w);
    }
    if (is_there)
        take_node(w, node);
    w->is_broken = w->left.err != WIRE_OK;
    if (is_there && !w->is_broken)
        return true;
    *node = (struct devicetree_node){ 0 };
    return false;
}
