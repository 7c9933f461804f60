// SPDX-License-Identifier: ISC
/* The CPU's random source (Arm ARM, FEAT_RNG): RNDRRS, freshly seeded, else RNDR. Both may have nothing for a moment; a
 * stuck one that reports success with all ones or zeros is refused. */
#include "arch/arch.h"

#define TRIES_MAX 64
#define HAS_RNDR(isar0) ((isar0) >> 60 != 0)

static bool has_source(void)
{
    uint64_t isar0;
    __asm__("mrs %0, id_aa64isar0_el1" : "=r"(isar0));      /* Linux answers this one in a process, too */
    return HAS_RNDR(isar0);
}

/* The flags say whether the word is one. */
static bool read_reseeded(uint64_t *out)
{
    bool ok;
    __asm__ volatile("mrs %0, s3_3_c2_c4_1" : "=r"(*out), "=@ccne"(ok));
    return ok;
}
static bool read_plain(uint64_t *out)
{
    bool ok;
    __asm__ volatile("mrs %0, s3_3_c2_c4_0" : "=r"(*out), "=@ccne"(ok));
    return ok;
}

bool arch_random(uint64_t *out)
{
    bool is_there = has_source();
    for (unsigned tries = 0; is_there && tries < TRIES_MAX; tries++) {
        if ((read_reseeded(out) || read_plain(out)) && *out != 0 && *out != UINT64_MAX)
            return true;
        arch_relax();
    }
    *out = 0;
    return false;
}

uint64_t arch_cycles(void)
{
    uint64_t v;
    __asm__ volatile("mrs %0, cntvct_el0" : "=r"(v));
    return v;
}

void arch_relax(void)
{
    __asm__ volatile("yield");
}
