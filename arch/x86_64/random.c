// SPDX-License-Identifier: ISC
/* The CPU's random source (Intel SDM volume 1, section 7.3.17): RDSEED, else RDRAND, as CPUID tells. Both may
 * have nothing for a moment, and broken ones report success with all ones or zeros: refused. */
#include "arch/arch.h"
#include <cpuid.h>

#define TRIES_MAX 64
#define CPUID_1_ECX_RDRAND (1u << 30)
#define CPUID_7_EBX_RDSEED (1u << 18)

enum source { SOURCE_UNKNOWN, SOURCE_NONE, SOURCE_RDRAND, SOURCE_RDSEED };

static enum source find_source(void)
{
    unsigned a, b, c, d;
    if (__get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & CPUID_7_EBX_RDSEED) != 0)
        return SOURCE_RDSEED;
    if (__get_cpuid(1, &a, &b, &c, &d) && (c & CPUID_1_ECX_RDRAND) != 0)
        return SOURCE_RDRAND;
    return SOURCE_NONE;
}

static bool read_source(enum source source, uint64_t *out)
{
    bool ok = false;
    *out = 0;
    if (source == SOURCE_RDSEED)
        __asm__ volatile("rdseed %0" : "=r"(*out), "=@ccc"(ok));
    else if (source == SOURCE_RDRAND)
        __asm__ volatile("rdrand %0" : "=r"(*out), "=@ccc"(ok));
    return ok && *out != 0 && *out != UINT64_MAX;
}

bool arch_random(uint64_t *out)
{
    static enum source source;
    if (source == SOURCE_UNKNOWN)
        source = find_source();
    for (unsigned tries = 0; source != SOURCE_NONE && tries < TRIES_MAX; tries++) {
        if (read_source(source, out))
            return true;
        arch_relax();
    }
    *out = 0;
    return false;
}

uint64_t arch_cycles(void)
{
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

void arch_relax(void)
{
    __asm__ volatile("pause");
}
