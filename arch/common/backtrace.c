// SPDX-License-Identifier: ISC
/* backtrace.c - the frames of a stack, by frame pointers. */
#include "arch/arch.h"

/* At the frame pointer lie the caller's and, behind it, the return address (x86_64: psABI section 3.2.2; aarch64: AAPCS64 section 6.4.6);
 * on riscv64 both end there (ELF psABI, frame pointer convention). */
#if defined(__riscv)
#define BELOW 16u
#else
#define BELOW 0u
#endif

/* Where the CPU signs return addresses, the signature lies above the address. */
#if defined(__aarch64__)
#define UNSIGNED(address) ((address) & 0xffffffffffffu)
#else
#define UNSIGNED(address) (address)
#endif

/* The chain may be damaged when it is asked for: every frame must lie in the stack, aligned and above the last one. */
size_t arch_backtrace_from(uintptr_t frame, struct mspan stack, uintptr_t *out, size_t max)
{
    SLICE(uintptr_t) addresses = { out, max };
    uintptr_t base = (uintptr_t)stack.p + BELOW, last = 0;
    size_t num = 0;

    while (num < max && frame > last && frame % 8 == 0 && frame >= base && frame - base + 16 <= stack.n) {
        uintptr_t return_address = span_le64(span_of(stack), frame - base + 8);
        if (return_address == 0)
            break;
        AT(addresses, num++) = UNSIGNED(return_address);
        last = frame;
        frame = span_le64(span_of(stack), frame - base);
    }
    return num;
}

__attribute__((noinline)) size_t arch_backtrace(struct mspan stack, uintptr_t *out, size_t max)
{
    size_t num = arch_backtrace_from((uintptr_t)__builtin_frame_address(0), stack, out, max);
    __asm__ volatile("");           /* or our frame would be gone before it is read */
    return num;
}
