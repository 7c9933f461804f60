// SPDX-License-Identifier: ISC
/* frames.c - the frames of a stack, by frame pointers. */
#include "arch/common/frames.h"

/* Where the CPU signs return addresses, the signature lies above the address. */
#if defined(__aarch64__)
#define UNSIGNED(address) ((address) & 0xffffffffffffu)
#else
#define UNSIGNED(address) (address)
#endif

size_t arch_walk_frames(uintptr_t frame, size_t below, struct mspan stack, uintptr_t *out, size_t max)
{
    SLICE(uintptr_t) addresses = { out, max };
    uintptr_t base = (uintptr_t)stack.p + below, last = 0;
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
