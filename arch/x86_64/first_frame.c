// SPDX-License-Identifier: ISC
/* first_frame.c - the beginning of a context. */
#include "arch/common/frames.h"

void arch_stack_start(void);

/* As arch_stack_switch pops it. */
struct first_frame {
    uint32_t mxcsr;
    uint16_t x87_control, unused;
    uint64_t r15, r14;
    void *r13;
    void (*r12)(void *);
    uint64_t rbx, rbp;
    void (*return_address)(void);
    uint64_t end[2];            /* of the frames; keeps the stack aligned to 16 at the call */
};
_Static_assert(sizeof(struct first_frame) % 16 == 0, "the stack is aligned to 16 behind the first frame");

void *arch_first_frame(struct mspan stack, void (*run)(void *), void *arg)
{
    const struct first_frame frame = { .mxcsr = 0x1f80, .x87_control = 0x37f, .r12 = run, .r13 = arg, .return_address = arch_stack_start };
    struct mspan at = mspan_sub(stack, stack.n - sizeof frame, sizeof frame);
    (void)span_copy(at, SPAN_OF(frame));
    return at.p;
}
