// SPDX-License-Identifier: ISC
/* fresh_heap.h - for tests: the heap begins anew, in memory that an earlier test may have left as it was. */
#ifndef CHECK_FRESH_HEAP_H
#define CHECK_FRESH_HEAP_H
#include "base/poison.h"
#include "runtime/heap.h"
#include <string.h>

static inline void fresh_heap(struct mspan memory)
{
    unpoison(memory.p, memory.n);
    memset(memory.p, 0, memory.n);
    heap_init(memory);
}

#endif
