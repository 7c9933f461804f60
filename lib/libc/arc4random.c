// SPDX-License-Identifier: ISC
/* arc4random.c - random bytes for libraries that salt their hash tables. */
#include "lib/random/random.h"
#include <stddef.h>

void arc4random_buf(void *out, size_t num_bytes);

void arc4random_buf(void *out, size_t num_bytes)
{
    random_fill((struct mspan){ out, num_bytes });
}
