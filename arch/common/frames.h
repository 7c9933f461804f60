// SPDX-License-Identifier: ISC
/* frames.h - what the folders of the CPUs and arch/common ask of each other. */
#ifndef ARCH_COMMON_FRAMES_H
#define ARCH_COMMON_FRAMES_H
#include "base/span.h"

/* ---- Kept by each CPU's folder */

/* Saves the callee-saved registers on the stack, its pointer in *save_sp, and goes on with those on the stack at sp. */
void arch_stack_switch(void **save_sp, void *sp);
/* Lays at the end of the stack, which is aligned to 16, what arch_stack_switch takes from it to begin with run(arg). Returns the
 * pointer for it. */
void *arch_first_frame(struct mspan stack, void (*run)(void *), void *arg);

/* ---- Kept by arch/common */

/* Return addresses from `frame` outwards, where the caller's frame pointer and the return address lie side by side, the
 * first of them `below` bytes below the frame pointer. The chain may be damaged when it is asked for: every frame must lie in the stack,
 * aligned and above the last one. */
size_t arch_walk_frames(uintptr_t frame, size_t below, struct mspan stack, uintptr_t *out, size_t max);

#endif
