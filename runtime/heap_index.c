// SPDX-License-Identifier: ISC
#include "runtime/heap_index.h"

static unsigned log2_floor(uint64_t v)
{
    return 63u - (unsigned)__builtin_clzll(v);
}
static struct heap_class class_of_units(uint64_t units)
{
    if (units < HEAP_SECOND_NUM)
        return (struct heap_class){ 0, (unsigned)units };
    unsigned top = log2_floor(units);
    struct heap_class c = { top - HEAP_SECOND_BITS + 1, units >> (top - HEAP_SECOND_BITS) & (HEAP_SECOND_NUM - 1) };
    if (c.first >= HEAP_FIRST_NUM)
        return (struct heap_class){ HEAP_FIRST_NUM - 1, HEAP_SECOND_NUM - 1 };
    return c;
}
struct heap_class heap_class_of(size_t num_bytes)
{
    return class_of_units(num_bytes / HEAP_UNIT_BYTES);
}
struct heap_class heap_class_above(size_t num_bytes)
{
    uint64_t units = num_bytes / HEAP_UNIT_BYTES;
    if (units >= HEAP_SECOND_NUM)
        units += (1ull << (log2_floor(units) - HEAP_SECOND_BITS)) - 1;
    return class_of_units(units);
}
void heap_index_add(struct heap_index *x, struct heap_class c, struct link *block)
{
    list_push_front(&x->blocks[c.first][c.second], block);
    x->second_used[c.first] |= (uint16_t)(1u << c.second);
    x->first_used |= 1u << c.first;
}
void heap_index_remove(struct heap_index *x, struct heap_class c, struct link *block)
{
    list_remove(block);
    if (!list_is_empty(&x->blocks[c.first][c.second]))
        return;
    x->second_used[c.first] &= (uint16_t)~(1u << c.second);
    if (x->second_used[c.first] == 0)
        x->first_used &= ~(1u << c.first);
}
struct link *heap_index_find(const struct heap_index *x, struct heap_class c)
{
    unsigned second_used = x->second_used[c.first] & ~0u << c.second;
    if (second_used == 0) {
        uint32_t first_used = (uint32_t)((uint64_t)x->first_used & ~0ull << (c.first + 1));
        if (first_used == 0)
            return NULL;
        c.first = (unsigned)__builtin_ctz(first_used);
        second_used = x->second_used[c.first];
    }
    return list_first(&x->blocks[c.first][__builtin_ctz(second_used)]);
}
