// SPDX-License-Identifier: ISC
/* The CPU's counter. Its random source (Zkr) can be read where the firmware allows it alone, which none is known to do. */
#include "arch/arch.h"

bool arch_random(uint64_t *out)
{
    *out = 0;
    return false;
}

uint64_t arch_cycles(void)
{
    uint64_t v;
    __asm__ volatile("rdtime %0" : "=r"(v));
    return v;
}

void arch_relax(void)
{
    __asm__ volatile(".4byte 0x0100000f");      /* pause (Zihintpause); a fence of nothing to CPUs without it */
}
