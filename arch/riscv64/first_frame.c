// SPDX-License-Identifier: ISC
/* first_frame.c - the beginning of a context. */
#include "arch/common/frames.h"

void arch_stack_start(void);

/* As arch_stack_switch takes it. */
struct first_frame {
    void (*ra)(void);
    uint64_t s0;
    void (*s1)(void *);
    void *s2;
    uint64_t s3_to_s11[9], fs0_to_fs11[12];
    uint64_t fcsr;
};
_Static_assert(sizeof(struct first_frame) == 208, "switch.S says so, and the stack stays aligned to 16");

void *arch_first_frame(struct mspan stack, void (*run)(void *), void *arg)
{
    const struct first_frame frame = { .ra = arch_stack_start, .s1 = run, .s2 = arg };
    struct mspan at = mspan_sub(stack, stack.n - sizeof frame, sizeof frame);
    (void)span_copy(at, SPAN_OF(frame));
    return at.p;
}
