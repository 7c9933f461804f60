// SPDX-License-Identifier: ISC
/* heap.h - the one general heap: bounded by the memory of the start, constant time, hardened. For start-up,
 * arenas and third-party code (lib/libc has malloc, calloc, realloc and free over it); packets and
 * connections live in pools made from it once. A double free, a foreign pointer and an overrun of a block
 * panic at the free, at the latest; a write after the free mostly when the next frees have pushed the block out of its
 * quarantine, or at the next use of that memory. */
#ifndef RUNTIME_HEAP_H
#define RUNTIME_HEAP_H
#include "base/err.h"
#include "base/span.h"

#define HEAP_ALIGNMENT 16u

/* Takes over the memory, which is zero-filled; once. */
void heap_init(struct mspan memory);
/* num_bytes zeroed bytes, aligned to HEAP_ALIGNMENT. E_NOMEM. The caller gives them back with heap_free. */
MUST_CHECK err heap_alloc(size_t num_bytes, void **out);
/* The same with an alignment of a larger power of two; any other value is E_INVALID. */
MUST_CHECK err heap_alloc_aligned(size_t alignment, size_t num_bytes, void **out);
/* Changes the size, moving the block where it must; what is new is zero. p may be NULL. On E_NOMEM the old
 * block stays as it is. */
MUST_CHECK err heap_resize(void *p, size_t num_bytes, void **out);
void heap_free(void *p);        /* NULL is fine */

struct heap_stats {             /* bytes count with their headers */
    size_t total_bytes, used_bytes, peak_bytes, num_blocks;
    size_t largest_free_bytes;  /* what one allocation could get */
};
struct heap_stats heap_stats(void);
/* Looks at every block there is, and panics at a damaged one. For tests and debugging: takes its time. */
void heap_check(void);

/* Allocates num zeroed elements of a type into a SLICE of that type. */
#define HEAP_SLICE(num_, slice_ptr)                                                         \
    heap_slice_((num_), sizeof *(slice_ptr)->p, (void **)&(slice_ptr)->p, &(slice_ptr)->n)
MUST_CHECK err heap_slice_(size_t num, size_t element_bytes, void **p, size_t *n);

#endif
