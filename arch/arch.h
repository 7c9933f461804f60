// SPDX-License-Identifier: ISC
/* arch.h - what a CPU does differently: the switch between stacks, its random numbers, its frames.
 * Kept by one folder for each CPU. */
#ifndef ARCH_ARCH_H
#define ARCH_ARCH_H
#include "base/attr.h"
#include "base/span.h"

/* A suspended flow of control: its stack pointer, with the callee-saved registers on the stack. */
struct arch_context {
    void *sp;
    struct mspan stack;         /* where known: for arch_context_init's, and under AddressSanitizer */
    void *sanitizer;            /* AddressSanitizer's own stack for this flow; unused in other builds */
};
/* Makes a context that will run entry(arg) on the stack when it is first switched to; entry never returns.
 * The stack is aligned to 16. Backtraces end at the entry. */
void arch_context_init(struct arch_context *c, struct mspan stack, void (*entry)(void *), void *arg);
/* Saves the running flow into `from` and resumes `to`. Returns when somebody resumes `from`. */
void arch_context_switch(struct arch_context *from, const struct arch_context *to);
/* Resumes `to` for good: `from` is never resumed, its stack may be used again. */
NORETURN void arch_context_leave(struct arch_context *from, const struct arch_context *to);

/* One word from the CPU's own random source (RDSEED, else RDRAND; RNDR); false: it has none, or not now. */
MUST_CHECK bool arch_random(uint64_t *out);
/* A fine-grained counter for timing jitter; its unit is unspecified. */
uint64_t arch_cycles(void);
/* For loops that wait for another processor. */
void arch_relax(void);

/* Return addresses from the caller's frame outwards, by frame pointers that must ascend inside `stack`.
 * Returns how many were stored. */
size_t arch_backtrace(struct mspan stack, uintptr_t *out, size_t max);
/* The same from a frame pointer that was saved elsewhere, by a fault. */
size_t arch_backtrace_from(uintptr_t frame, struct mspan stack, uintptr_t *out, size_t max);

#endif
