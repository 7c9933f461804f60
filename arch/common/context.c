// SPDX-License-Identifier: ISC
/* Contexts: the first frame of a stack, and the switch with notice to AddressSanitizer where it is linked in
 * (its hooks are weak: in other builds they are not there and cost a comparison). */
#include "arch/arch.h"
#include "arch/common/frames.h"

/* compiler-rt include/sanitizer/common_interface_defs.h, asan_interface.h */
__attribute__((weak)) void __sanitizer_start_switch_fiber(void **save, const void *bottom, size_t size);
__attribute__((weak)) void __sanitizer_finish_switch_fiber(void *saved, const void **bottom, size_t *size);
__attribute__((weak)) void __asan_unpoison_memory_region(const volatile void *p, size_t n);

static struct arch_context *left;       /* whose stack the switch under way comes from */

static void notice_leave(struct arch_context *from, const struct arch_context *to, void **save)
{
    left = from;
    if (__sanitizer_start_switch_fiber)
        __sanitizer_start_switch_fiber(save, to->stack.p, to->stack.n);
}

static void notice_arrival(void *saved)
{
    const void *bottom;
    if (!__sanitizer_finish_switch_fiber)
        return;
    __sanitizer_finish_switch_fiber(saved, &bottom, &left->stack.n);
    left->stack.p = (uint8_t *)(uintptr_t)bottom;
}

struct start {
    void (*entry)(void *);
    void *arg;
};

/* On the new stack: `start` lies at its top. */
static void run(void *arg)
{
    struct start s = *(struct start *)arg;
    notice_arrival(NULL);
    s.entry(s.arg);
    UNREACHABLE("the entry of a context returned");
}

void arch_context_init(struct arch_context *c, struct mspan stack, void (*entry)(void *), void *arg)
{
    struct start start = { entry, arg };

    REQUIRE(stack.n % 16 == 0 && (uintptr_t)stack.p % 16 == 0 && stack.n >= 1024);
    if (__asan_unpoison_memory_region)
        __asan_unpoison_memory_region(stack.p, stack.n);
    struct mspan at_start = mspan_sub(stack, stack.n - sizeof start, sizeof start);
    (void)span_copy(at_start, SPAN_OF(start));
    *c = (struct arch_context){ .sp = arch_first_frame(mspan_first(stack, stack.n - sizeof start), run, at_start.p), .stack = stack };
}

void arch_context_switch(struct arch_context *from, const struct arch_context *to)
{
    notice_leave(from, to, &from->sanitizer);
    arch_stack_switch(&from->sp, to->sp);
    notice_arrival(from->sanitizer);
}

void arch_context_leave(struct arch_context *from, const struct arch_context *to)
{
    notice_leave(from, to, NULL);
    arch_stack_switch(&from->sp, to->sp);
    UNREACHABLE("a context that had been left was resumed");
}
