// SPDX-License-Identifier: ISC
/* heap.h - the one general heap: bounded by the memory of the start, constant time, hardened. For start-up,
 * arenas and third-party code (malloc, calloc, realloc and free are this heap); packets and
 * connections live in pools made from it once. A double free, a foreign pointer and an overrun of a block
 * panic at the free, at the latest. */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H
#include "base/err.h"
#include "base/span.h"

/* Takes over the memory; once. */
void heap_init(struct mspan memory);
/* num_bytes zeroed bytes, aligned to 16. E_NOMEM. The caller gives them back with heap_free. */
MUST_CHECK err heap_alloc(size_t num_bytes, void **out);
void heap_free(void *p);        /* NULL is fine */

struct heap_stats {
    size_t total_bytes, used_bytes, peak_bytes, num_blocks;
    size_t largest_free_bytes;
};
struct heap_stats heap_stats(void);

/* Allocates num zeroed elements of a type into a SLICE of that type. */
#define HEAP_SLICE(num_, slice_ptr)                                                         \
    heap_slice_((num_), sizeof *(slice_ptr)->p, (void **)&(slice_ptr)->p, &(slice_ptr)->n)
MUST_CHECK err heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n);

#endif
