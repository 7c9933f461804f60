// SPDX-License-Identifier: ISC
/* canary.h - where the compiler looks for the stack's canary. */
#ifndef CANARY_H
#define CANARY_H
#include <stdint.h>

#if defined(__x86_64__)
static inline uint64_t canary_now(void)
{
    uint64_t canary;
    __asm__("movq %%fs:0x28, %0" : "=r"(canary));
    return canary;
}
#else
extern uintptr_t __stack_chk_guard;
static inline uint64_t canary_now(void)
{
    return __stack_chk_guard;
}
#endif

#endif
