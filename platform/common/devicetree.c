// SPDX-License-Identifier: ISC
/* devicetree.c - walks the structure block and looks into the strings block. */
#include "platform/common/devicetree.h"

#define MAGIC 0xd00dfeedu
#define VERSION 17u
#define CELL_BYTES 4u
#define CELLS_MAX 8u

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

/* ---- Properties */

/* The next of a node, in its bytes; false: there is none, or it is damaged. */
static bool next_property(const struct devicetree *t, struct cur *c, struct span *name, struct span *value)
{
    uint32_t token = NOP;
    while (cur_more(c) && token == NOP)
        token = cur_u32(c);
    cur_want(c, token == PROPERTY_, WIRE_BAD_VALUE);
    uint32_t num_bytes = cur_u32(c), at = cur_u32(c);
    *value = cur_bytes(c, num_bytes);
    (void)cur_bytes(c, -num_bytes % CELL_BYTES);
    *name = span_skip(t->strings, at);
    *name = span_first(*name, span_find(*name, 0));
    return c->err == WIRE_OK;
}

static bool find(const struct devicetree *t, const struct devicetree_node *n, struct span name, struct span *value)
{
    struct cur c = cur_of(n->properties);
    struct span found;
    while (next_property(t, &c, &found, value))
        if (span_eq(found, name))
            return true;
    *value = (struct span){ 0 };
    return false;
}

struct span devicetree_property(const struct devicetree *t, const struct devicetree_node *n, struct span name)
{
    struct span value;
    (void)find(t, n, name, &value);
    return value;
}

bool devicetree_has(const struct devicetree *t, const struct devicetree_node *n, struct span name)
{
    struct span value;
    return find(t, n, name, &value);
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
    for (unsigned i = 0; i < num; i++)
        v = v << 32 | cur_u32(&c);
    *cells = c.left;
    return c.err == WIRE_OK ? v : 0;
}

uint32_t devicetree_u32(const struct devicetree *t, const struct devicetree_node *n, struct span name, uint32_t otherwise)
{
    struct span value = devicetree_property(t, n, name);
    return value.n == CELL_BYTES ? (uint32_t)devicetree_take(&value, 1) : otherwise;
}

bool devicetree_reg(const struct devicetree *t, const struct devicetree_node *n, unsigned i, uint64_t *at, uint64_t *num_bytes)
{
    size_t each = (n->address_cells + n->size_cells) * CELL_BYTES;
    struct span reg = devicetree_property(t, n, TEXT("reg"));
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
    struct span all = w->left.left, name, value;
    struct cur c = w->left, next = c;
    while (next_property(w->tree, &next, &name, &value))
        c = next;
    w->left = c;
    return span_first(all, all.n - c.left.n);
}

static unsigned cells_of(struct devicetree_walk *w, const struct devicetree_node *n, struct span name, unsigned otherwise)
{
    uint32_t num = devicetree_u32(w->tree, n, name, otherwise);
    cur_want(&w->left, num <= CELLS_MAX, WIRE_BAD_VALUE);
    return num <= CELLS_MAX ? num : 0;
}

static void take_node(struct devicetree_walk *w, struct devicetree_node *node)
{
    unsigned depth = w->depth++;
    bool is_child = depth > 0 && depth <= DEVICETREE_DEPTH_MAX;
    *node = (struct devicetree_node){ .depth = depth };
    if (is_child) {
        node->address_cells = w->children[depth - 1].address_cells;
        node->size_cells = w->children[depth - 1].size_cells;
    }
    node->name = take_name(&w->left);
    node->properties = take_properties(w);
    if (depth >= DEVICETREE_DEPTH_MAX)
        return;
    w->children[depth].address_cells = cells_of(w, node, TEXT("#address-cells"), 2);
    w->children[depth].size_cells = cells_of(w, node, TEXT("#size-cells"), 1);
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
