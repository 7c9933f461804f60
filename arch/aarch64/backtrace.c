// SPDX-License-Identifier: ISC
/* Frames by x29 (AAPCS64 section 6.4.6): at x29 lies the caller's x29, behind it the return address. */
#include "arch/arch.h"
#include "arch/common/frames.h"

size_t arch_backtrace_from(uintptr_t frame, struct mspan stack, uintptr_t *out, size_t max)
{
    return arch_walk_frames(frame, 0, stack, out, max);
}

__attribute__((noinline)) size_t arch_backtrace(struct mspan stack, uintptr_t *out, size_t max)
{
    size_t num = arch_walk_frames((uintptr_t)__builtin_frame_address(0), 0, stack, out, max);
    __asm__ volatile("");           /* or our frame would be gone before it is read */
    return num;
}
