// SPDX-License-Identifier: ISC
/* Includes what it tests under other names, since the host has a C library of its own. */
#include "check/fresh_heap.h"
#include "check/test.h"
#include <assert.h>
#include <errno.h>
#include <signal.h>
#include "lib/libc/test_names.h"
#define abort our_abort
#define __assert_fail our_assert_fail
#define raise our_raise
#define getenv our_getenv
#define secure_getenv our_secure_getenv
#define fwrite our_fwrite
#define fputs our_fputs
#define __fprintf_chk our_fprintf_chk
#define __vfprintf_chk our_vfprintf_chk
#define __memcpy_chk our_memcpy_chk
#define __memmove_chk our_memmove_chk
#define __memset_chk our_memset_chk
#define __explicit_bzero_chk our_explicit_bzero_chk
#define __snprintf_chk our_snprintf_chk
#define __vsnprintf_chk our_vsnprintf_chk
#undef stderr
#define stderr our_stderr
#undef _GNU_SOURCE
#include "lib/libc/malloc.c"
#include "lib/libc/abort.c"
#undef _GNU_SOURCE
#include "lib/libc/getenv.c"
#include "lib/libc/stderr.c"
#include "lib/libc/chk.c"
#include "lib/libc/chk_printf.c"
#include "arch/arch.h"
#include "platform/platform.h"
#include "runtime/clock.h"

static uint8_t console[1024];
static struct wr console_writer;

void platform_console_write(struct span text)
{
    wr_bytes(&console_writer, text);
}
bool arch_random(uint64_t *out)
{
    *out = 1;
    return true;
}
uint64_t arch_cycles(void)
{
    return 1;
}
nanos clock_now(void)
{
    return from_s(5) + 7;
}
static void start(void)
{
    static uint8_t memory[1 << 16];
    fresh_heap(MSPAN(memory));
}

TEST(the_allocator_keeps_the_rules_of_c)
{
    start();
    char *a = our_malloc(10), *none = our_malloc(0);
    TRUE(a != NULL && none != NULL && none != a);
    memcpy(a, "123456789", 10);
    a = our_realloc(a, 5000);
    TRUE(memcmp(a, "123456789", 10) == 0);
    our_free(none);
    our_free(a);
    our_free(NULL);
    int *zeros = our_calloc(100, sizeof *zeros);
    for (size_t i = 0; i < 100; i++)
        EQ(zeros[i], 0);
    our_free(our_reallocarray(zeros, 200, sizeof *zeros));
    EQ(heap_stats().used_bytes, 0);
}
TEST(exhaustion_is_null_and_enomem)
{
    void *p = &errno;
    start();
    errno = 0;
    TRUE(our_malloc(1 << 20) == NULL);
    EQ(errno, ENOMEM);
    errno = 0;
    TRUE(our_calloc(SIZE_MAX / 2, 4) == NULL && our_reallocarray(NULL, SIZE_MAX / 2, 4) == NULL);
    EQ(errno, ENOMEM);
    EQ(our_posix_memalign(&p, 64, 1 << 20), ENOMEM);
    TRUE(p == &errno);
}
TEST(alignment_is_kept_or_refused)
{
    void *p;
    start();
    EQ(our_posix_memalign(&p, 4096, 100), 0);
    EQ((uintptr_t)p % 4096, 0);
    our_free(p);
    p = our_aligned_alloc(64, 64);
    EQ((uintptr_t)p % 64, 0);
    our_free(p);
    EQ(our_posix_memalign(&p, 3 * sizeof(void *), 1), EINVAL);
    EQ(our_posix_memalign(&p, 4, 1), EINVAL);
    errno = 0;
    TRUE(our_aligned_alloc(3, 1) == NULL);
    EQ(errno, EINVAL);
}
TEST(a_library_that_gives_up_panics)
{
    PANICS(our_abort());
    PANICS(our_assert_fail("x > 0", "file.c", 1, "f"));
    PANICS(our_raise(8));
}
TEST(there_is_no_environment)
{
    TRUE(our_getenv("PATH") == NULL && our_secure_getenv("PATH") == NULL);
}
TEST(what_a_library_says_goes_to_the_log)
{
    console_writer = wr_of(MSPAN(console));
    EQ(our_fwrite("no memory\n", 1, 10, our_stderr), 10);
    EQ(our_fprintf_chk(our_stderr, 1, "%s failed\n", "it"), 0);
    SPAN_EQ(wr_done(&console_writer), "    0.000000 ERROR libc: no memory\n    0.000000 ERROR libc: %s failed\n");
}
TEST(a_checked_copy_that_leaves_its_buffer_panics)
{
    char to[8] = { 0 };
    TRUE(our_memcpy_chk(to, "12345678", 8, 8) == to && to[7] == '8');
    TRUE(our_memmove_chk(to, to + 1, 7, 8) == to && to[0] == '2');
    TRUE(our_memset_chk(to, 'x', 2, 8) == to && to[1] == 'x');
    our_explicit_bzero_chk(to, 8, 8);
    EQ(to[0], 0);
    EQ(our_snprintf_chk(to, 8, 1, 8, "%d", 12), 2);
    PANICS(our_memcpy_chk(to, "123456789", 9, 8));
    PANICS(our_memmove_chk(to, "123456789", 9, 8));
    PANICS(our_memset_chk(to, 0, 9, 8));
    PANICS(our_explicit_bzero_chk(to, 9, 8));
    PANICS(our_snprintf_chk(to, 9, 1, 8, "x"));
}
TEST_MAIN
