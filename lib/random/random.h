// SPDX-License-Identifier: ISC
/* random.h - the random generator: ChaCha20 (RFC 8439) with fast key erasure, seeded from a fixed ladder of
 * sources. A component of its own: whoever wants random bytes names it in `uses`, and the generated main.c
 * of an image that links it calls random_init before anything else. Without a seed the start stops: main.c
 * returns the error. */
#ifndef LIB_RANDOM_RANDOM_H
#define LIB_RANDOM_RANDOM_H
#include "base/err.h"
#include "base/span.h"

#define RANDOM_SEED_BYTES 32

/* Seeds from the world below and the CPU's own generator, whichever are there, both mixed; where neither is, from
 * timing jitter. E_IO: no source gives entropy. */
MUST_CHECK err random_init(void);
/* Before random_init these panic. */
void random_fill(struct mspan out);
uint64_t random_u64(void);
uint32_t random_below(uint32_t bound);      /* uniform in 0..bound-1; bound > 0 */

#endif
