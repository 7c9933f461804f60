// SPDX-License-Identifier: ISC
/* malloc.c - the C allocator over the heap (runtime/heap.h). Memory is always zero at first. */
#define _GNU_SOURCE                 /* reallocarray */
#include "base/checked.h"
#include "runtime/heap.h"
#include <errno.h>
#include <stdlib.h>

static void *or_errno(err e, void *const *p)    /* by address: read after the call that gives e */
{
    if (e != OK)
        errno = e == E_NOMEM ? ENOMEM : EINVAL;
    return *p;
}
void *malloc(size_t num_bytes)
{
    void *p;
    return or_errno(heap_alloc(num_bytes, &p), &p);
}
void *calloc(size_t num, size_t element_bytes)
{
    void *p = NULL;
    size_t num_bytes;
    return or_errno(size_mul(num, element_bytes, &num_bytes) ? heap_alloc(num_bytes, &p) : E_NOMEM, &p);
}
void *realloc(void *old, size_t num_bytes)
{
    void *p;
    return or_errno(heap_resize(old, num_bytes, &p), &p);
}
void *reallocarray(void *old, size_t num, size_t element_bytes)
{
    void *p = NULL;
    size_t num_bytes;
    return or_errno(size_mul(num, element_bytes, &num_bytes) ? heap_resize(old, num_bytes, &p) : E_NOMEM, &p);
}
void free(void *p)
{
    heap_free(p);
}
void *aligned_alloc(size_t alignment, size_t num_bytes)
{
    void *p;
    return or_errno(heap_alloc_aligned(alignment, num_bytes, &p), &p);
}
int posix_memalign(void **out, size_t alignment, size_t num_bytes)
{
    void *p;
    if (alignment < sizeof(void *))
        return EINVAL;
    err e = heap_alloc_aligned(alignment, num_bytes, &p);
    if (e == OK)
        *out = p;
    return e == OK ? 0 : e == E_NOMEM ? ENOMEM : EINVAL;
}
