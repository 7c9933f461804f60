// SPDX-License-Identifier: ISC
/* random.h - the random generator: ChaCha20 with fast key erasure, seeded by the first source of the
 * ladder (the world below, the CPU, declared jitter). Without a seed the start stops. */
#ifndef RUNTIME_RANDOM_H
#define RUNTIME_RANDOM_H
#include "base/err.h"
#include "base/span.h"

/* Seeds; before anything else is used. E_IO: no source gives entropy. */
MUST_CHECK err random_init(void);
void random_fill(struct mspan out);
uint64_t random_u64(void);
uint32_t random_below(uint32_t bound);      /* uniform in 0..bound-1; bound > 0 */

#endif
