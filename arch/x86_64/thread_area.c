// SPDX-License-Identifier: ISC
/* thread_area.c - what %fs points to. Debian's libraries read the canary at %fs:0x28. */
#include "arch/thread_area.h"
#include <stddef.h>

#define LOCALE_CATEGORIES 6

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

static const void *const c_locale[LOCALE_CATEGORIES];
static struct thread_area area __attribute__((aligned(64)));

__attribute__((no_stack_protector)) uintptr_t arch_thread_area(void)
{
    area.self = &area;
    area.locale = c_locale;
    return (uintptr_t)&area;
}

__attribute__((no_stack_protector)) void arch_set_canary(uint64_t random)
{
    area.canary = random & ~(uint64_t)0xff;
}
