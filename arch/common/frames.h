// SPDX-License-Identifier: ISC
/* frames.h - kept by each CPU's folder, for arch/common. */
#ifndef ARCH_COMMON_FRAMES_H
#define ARCH_COMMON_FRAMES_H
#include "base/span.h"

/* Saves the callee-saved registers on the stack, its pointer in *save_sp, and goes on with those on the stack at sp. */
void arch_stack_switch(void **save_sp, void *sp);
/* Lays at the end of the stack, which is aligned to 16, what arch_stack_switch takes from it to begin with run(arg). Returns the
 * pointer for it. */
void *arch_first_frame(struct mspan stack, void (*run)(void *), void *arg);

#endif
