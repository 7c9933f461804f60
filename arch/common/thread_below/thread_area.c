// SPDX-License-Identifier: ISC
/* thread_area.c - what lies below the thread pointer: tpidr_el0, tp. */
#include "arch/thread_area.h"
#include "arch/common/thread_below.h"

extern uintptr_t __stack_chk_guard;
uintptr_t __stack_chk_guard;

static const void *const c_locale[THREAD_LOCALES];
static struct thread_below area __attribute__((aligned(64)));

__attribute__((no_stack_protector)) uintptr_t arch_thread_area(void)
{
    return thread_below_fill(&area, c_locale);
}

__attribute__((no_stack_protector)) void arch_set_canary(uint64_t random)
{
    __stack_chk_guard = random & ~(uintptr_t)0xff;
}
