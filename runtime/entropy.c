// SPDX-License-Identifier: ISC
#include "runtime/entropy.h"
#include "arch/arch.h"
#include "platform/platform.h"

enum { CPU_TRIES = 16 };            /* Intel's manuals say ten */

bool entropy_from_below(struct mspan out)
{
    return platform_entropy(out) == OK;
}
bool entropy_from_cpu(uint64_t *word)
{
    for (int i = 0; i < CPU_TRIES; i++)
        if (arch_random(word))
            return true;
    return false;
}
uint64_t entropy_counter(void)
{
    return arch_cycles();
}
