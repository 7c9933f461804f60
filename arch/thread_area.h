// SPDX-License-Identifier: ISC
/* thread_area.h - what the thread pointer of an image leads to: what is in front of or behind it of musl's struct pthread, as
 * its pure functions use that, and the stack canary, wherever the CPU's compiler looks for it. Not for processes of the host. */
#ifndef ARCH_THREAD_AREA_H
#define ARCH_THREAD_AREA_H
#include <stdint.h>

/* Fills the one area of the image with musl's locale "C"; what the thread pointer is to be. */
uintptr_t arch_thread_area(void);
/* Replaces the canary; its first byte becomes zero, so that a string function stops at it. Whoever calls it must not return to
 * a function that checks its own. */
void arch_set_canary(uint64_t random);

#endif
