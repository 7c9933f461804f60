// SPDX-License-Identifier: ISC
/* heap_index.h - which free blocks there are, by size, found in constant time: the two-level segregated fit
 * of Masmano, Ripoll, Crespo and Real (TLSF, ECRTS 2004). Private to the heap.
 *
 * Sizes are counted in units of 16 bytes. The first level is the power of two, the second cuts it in 16
 * equal classes, so that rounding up to a class wastes less than a sixteenth. */
#ifndef RUNTIME_HEAP_INDEX_H
#define RUNTIME_HEAP_INDEX_H
#include "base/list.h"
#include <stdint.h>

#define HEAP_UNIT_BYTES 16u
#define HEAP_FIRST_NUM 32u          /* 2^35 units: half a tebibyte */
#define HEAP_SECOND_BITS 4u
#define HEAP_SECOND_NUM (1u << HEAP_SECOND_BITS)

struct heap_class {
    unsigned first, second;
};
struct heap_index {                 /* all zero: empty */
    uint32_t first_used;            /* bit f: second_used[f] is not 0 */
    uint16_t second_used[HEAP_FIRST_NUM];
    struct list blocks[HEAP_FIRST_NUM][HEAP_SECOND_NUM];
};

/* The class that blocks of this size are kept in. */
struct heap_class heap_class_of(size_t num_bytes);
/* The lowest class of which every block has at least this size. */
struct heap_class heap_class_above(size_t num_bytes);

void heap_index_add(struct heap_index *x, struct heap_class c, struct link *block);
void heap_index_remove(struct heap_index *x, struct heap_class c, struct link *block);
/* A block of class c or, where that is empty, of the next larger class that is not; NULL: there is none. */
struct link *heap_index_find(const struct heap_index *x, struct heap_class c);

#endif
