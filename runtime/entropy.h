// SPDX-License-Identifier: ISC
/* entropy.h - the raw sources of randomness, as they come: for the generator that makes numbers of them
 * (lib/random), and for nobody else. */
#ifndef RUNTIME_ENTROPY_H
#define RUNTIME_ENTROPY_H
#include "base/span.h"

/* All of `out` from the world below; false: it has no such source. */
MUST_CHECK bool entropy_from_below(struct mspan out);
/* A word of the CPU's own generator, asked again for a moment where it is drained; false: there is none. */
MUST_CHECK bool entropy_from_cpu(uint64_t *word);
/* A fine-grained counter whose jitter is the last resort. */
uint64_t entropy_counter(void);

#endif
