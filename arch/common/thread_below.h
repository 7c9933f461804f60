// SPDX-License-Identifier: ISC
/* thread_below.h - for the folders of CPUs whose thread pointer leads to the end of musl's struct pthread, and whose compilers look
 * for the canary in the variable __stack_chk_guard. */
#ifndef ARCH_COMMON_THREAD_BELOW_H
#define ARCH_COMMON_THREAD_BELOW_H
#include <stddef.h>
#include <stdint.h>

#define THREAD_LOCALES 6

struct thread_below {
    uint64_t unused0[58];
    const void *const *locale;  /* 48 bytes below the end: six categories, all "C" */
    uint64_t unused1[5];
};
_Static_assert(sizeof(struct thread_below) - offsetof(struct thread_below, locale) == 48, "musl 1.2.3 and 1.2.5");

__attribute__((no_stack_protector, always_inline)) static inline uintptr_t thread_below_fill(struct thread_below *area,
                                                                                             const void *const locale[THREAD_LOCALES])
{
    area->locale = locale;
    return (uintptr_t)area + sizeof *area;
}

#endif
