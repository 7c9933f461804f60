// SPDX-License-Identifier: ISC
/* first_frame.c - the beginning of a context. */
#include "arch/common/frames.h"

void arch_stack_start(void);

/* As arch_stack_switch takes it. */
struct first_frame {
    void (*x19)(void *);
    void *x20;
    uint64_t x21_to_x28[8];
    uint64_t x29;
    void (*x30)(void);
    uint64_t d8_to_d15[8];
    uint64_t fpcr, unused;
};
_Static_assert(sizeof(struct first_frame) == 176, "switch.S says so, and the stack stays aligned to 16");

void *arch_first_frame(struct mspan stack, void (*run)(void *), void *arg)
{
    const struct first_frame frame = { .x19 = run, .x20 = arg, .x30 = arch_stack_start };
    struct mspan at = mspan_sub(stack, stack.n - sizeof frame, sizeof frame);
    (void)span_copy(at, SPAN_OF(frame));
    return at.p;
}
