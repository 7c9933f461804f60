// SPDX-License-Identifier: ISC
/* device_tree.h - for tests: writes a flattened device tree (Devicetree Specification 0.4, chapter 5), token after token. */
#ifndef CHECK_DEVICE_TREE_H
#define CHECK_DEVICE_TREE_H
#include "base/attr.h"
#include "base/writer.h"
#include "platform/common/devicetree.h"

enum { BEGIN_NODE = 1, END_NODE = 2, PROP = 3, NOP = 4, END = 9 };
enum {                          /* offsets in the header */
    HEADER_AT_TOTAL = 4,
    AT_STRUCTURE = 8,
    AT_STRINGS = 12,
    AT_VERSION = 20,
    AT_COMPATIBLE = 24,
    AT_STRINGS_BYTES = 32,
    AT_STRUCTURE_BYTES = 36,
};

static uint8_t blob[8192];
static char names[512];         /* the strings block: each name once, with its zero */
static size_t names_bytes;
static struct wr structure;

static void pad(void)
{
    while (wr_done(&structure).n % 4 != 0)
        wr_u8(&structure, 0);
}
static void token(uint32_t v)
{
    wr_u32(&structure, v);
}
static void node(const char *name)
{
    token(BEGIN_NODE);
    wr_bytes(&structure, span_of_str(name));
    wr_u8(&structure, 0);
    pad();
}
UNUSED static struct span strings(void)
{
    return (struct span){ (const uint8_t *)names, names_bytes };
}
static uint32_t name_at(const char *name)
{
    size_t at = 0, n = strlen(name) + 1;
    while (at < names_bytes && strcmp(names + at, name) != 0)
        at += strlen(names + at) + 1;
    if (at == names_bytes) {
        memcpy(names + at, name, n);
        names_bytes += n;
    }
    return (uint32_t)at;
}
static void property(const char *name, struct span value)
{
    token(PROP);
    token((uint32_t)value.n);
    token(name_at(name));
    wr_bytes(&structure, value);
    pad();
}
static void cells(const char *name, const uint32_t *cell, size_t num)
{
    token(PROP);
    token((uint32_t)(4 * num));
    token(name_at(name));
    for (size_t i = 0; i < num; i++)
        token(cell[i]);
}
#define CELLS(name, ...) cells((name), (const uint32_t[]){ __VA_ARGS__ }, sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void put32(size_t at, uint32_t v)
{
    mspan_u32(MSPAN(blob), at, v);
}
static void tree_begin(void)
{
    memset(blob, 0, sizeof blob);
    names_bytes = 0;
    structure = wr_of(mspan_skip(MSPAN(blob), DEVICETREE_HEADER_BYTES));
}
/* The root's end is written; the tree as a whole. */
static struct span tree_end(void)
{
    token(END_NODE);
    token(END);
    size_t n = wr_done(&structure).n, at = DEVICETREE_HEADER_BYTES + n;
    memcpy(blob + at, names, names_bytes);
    put32(0, 0xd00dfeed);
    put32(HEADER_AT_TOTAL, (uint32_t)(at + names_bytes));
    put32(AT_STRUCTURE, DEVICETREE_HEADER_BYTES);
    put32(AT_STRINGS, (uint32_t)at);
    put32(AT_VERSION, 17);
    put32(AT_COMPATIBLE, 16);
    put32(AT_STRINGS_BYTES, (uint32_t)names_bytes);
    put32(AT_STRUCTURE_BYTES, (uint32_t)n);
    return span_first(SPAN(blob), at + names_bytes);
}

#endif
