// SPDX-License-Identifier: ISC
/* Frames by rbp (psABI section 3.2.2): at rbp lies the caller's rbp, behind it the return address. The chain may be
 * damaged when it is asked for, so every frame must lie in the stack, aligned and above the last one. */
#include "arch/arch.h"

size_t arch_backtrace_from(uintptr_t frame, struct mspan stack, uintptr_t *out, size_t max)
{
    SLICE(uintptr_t) addresses = { out, max };
    uintptr_t base = (uintptr_t)stack.p, below = 0;
    size_t num = 0;

    while (num < max && frame > below && frame % 8 == 0 && frame >= base && frame - base + 16 <= stack.n) {
        uintptr_t return_address = span_le64(span_of(stack), frame - base + 8);
        if (return_address == 0)
            break;
        AT(addresses, num++) = return_address;
        below = frame;
        frame = span_le64(span_of(stack), frame - base);
    }
    return num;
}

__attribute__((noinline)) size_t arch_backtrace(struct mspan stack, uintptr_t *out, size_t max)
{
    return arch_backtrace_from((uintptr_t)__builtin_frame_address(0), stack, out, max);
}
