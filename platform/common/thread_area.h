// SPDX-License-Identifier: ISC
/* thread_area.h - what the thread pointer of an image points to (x86_64: %fs): the stack canary, which Debian's libraries
 * read at %fs:0x28, and the members of musl's struct pthread that its pure functions use. */
#ifndef PLATFORM_COMMON_THREAD_AREA_H
#define PLATFORM_COMMON_THREAD_AREA_H
#include <stddef.h>
#include <stdint.h>

struct thread_area {
    struct thread_area *self;
    uint64_t unused0[4];
    uint64_t canary;            /* 0x28 */
    uint64_t unused1[15];
    const void *const *locale;  /* 0xa8: six categories, all "C" */
    uint64_t unused2[42];
};
_Static_assert(offsetof(struct thread_area, canary) == 0x28 && offsetof(struct thread_area, locale) == 0xa8 &&
               sizeof(struct thread_area) == 512, "musl 1.2.3");
#define THREAD_AREA_LOCALES 6

/* The canary's first byte becomes zero, so that a string function stops at it. */
__attribute__((no_stack_protector, always_inline)) static inline void thread_area_fill(
    struct thread_area *area, uint64_t canary, const void *const locale[THREAD_AREA_LOCALES])
{
    *area = (struct thread_area){ .self = area, .canary = canary & ~(uint64_t)0xff, .locale = locale };
}

#endif
