// SPDX-License-Identifier: ISC
/* Every allocation of the C allocator fails in turn: with NULL and ENOMEM, what was there before untouched. Includes what it tests
 * under other names, since the host has a C library of its own. */
#include "check/alloc_faults.h"
#include "check/fresh_heap.h"
#include <errno.h>
#include "lib/libc/test_names.h"
#undef _GNU_SOURCE
#include "lib/libc/malloc.c"
#include "check/fake_platform.h"
#include "runtime/scheduler.h"

void platform_console_write(struct span text)
{
    (void)text;
}

/* What a call gave: with ENOMEM, nothing, and p as it was. */
static bool is_given(void *got, void **p)
{
    if (!got) {
        EQ(errno, ENOMEM);
        return false;
    }
    *p = got;
    return true;
}
static err use(void *arg)
{
    char *grown = our_malloc(10);
    void *p = NULL;
    bool *worked = arg;
    *worked = is_given(grown, &p);
    if (grown)
        memcpy(grown, "123456789", 10);
    for (size_t n = 1000; grown && n <= 3000; n += 1000) {
        *worked &= is_given(our_realloc(grown, n), &p);
        grown = p;
        *worked &= is_given(our_reallocarray(grown, n, 2), &p);
        grown = p;
        TRUE(memcmp(grown, "123456789", 10) == 0);
    }
    our_free(grown);
    for (int i = 0; i < 3; i++) {
        void *zeros = our_calloc(5, 5), *aligned = our_aligned_alloc(64, 64), *more = NULL;
        int e = our_posix_memalign(&more, 128, 64);
        TRUE(e == (more ? 0 : ENOMEM));
        *worked &= zeros && aligned && more;
        our_free(zeros);
        our_free(aligned);
        our_free(more);
    }
    return OK;
}
static bool run(void)
{
    static uint8_t memory[1 << 20];
    bool worked = false;
    fresh_heap(MSPAN(memory));
    fake_reset();
    err e = scheduler_run(use, &worked, "test");
    TRUE(e == OK || e == E_NOMEM);
    heap_check();
    EQ(heap_stats().num_blocks, 0);
    return worked;
}
TEST(whichever_allocation_fails_the_caller_is_told_and_nothing_leaks)
{
    fail_each_allocation(run);
}
TEST_MAIN
