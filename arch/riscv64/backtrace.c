// SPDX-License-Identifier: ISC
/* Frames by s0 (RISC-V ELF psABI, frame pointer convention): below s0 lie the return address and the caller's s0. */
#include "arch/arch.h"
#include "arch/common/frames.h"

#define BELOW 16u

size_t arch_backtrace_from(uintptr_t frame, struct mspan stack, uintptr_t *out, size_t max)
{
    return arch_walk_frames(frame, BELOW, stack, out, max);
}

__attribute__((noinline)) size_t arch_backtrace(struct mspan stack, uintptr_t *out, size_t max)
{
    size_t num = arch_walk_frames((uintptr_t)__builtin_frame_address(0), BELOW, stack, out, max);
    __asm__ volatile("");           /* or our frame would be gone before it is read */
    return num;
}
