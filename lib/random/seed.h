// SPDX-License-Identifier: ISC
/* seed.h - where the seed comes from. Private to lib/random. */
#ifndef LIB_RANDOM_SEED_H
#define LIB_RANDOM_SEED_H
#include "lib/random/random.h"

/* Fills RANDOM_SEED_BYTES. E_IO: no source. */
MUST_CHECK err seed_gather(struct mspan out);
/* Zeroes, in a way that the compiler does not leave out. */
static inline void wipe(struct mspan m)
{
    mspan_zero(m);
    __asm__ volatile("" : : "r"(m.p) : "memory");
}

#endif
