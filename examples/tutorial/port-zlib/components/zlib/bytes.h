// SPDX-License-Identifier: ISC
/* bytes.h - deflate and inflate (RFC 1950, 1951) of whole texts in memory, by zlib. */
#ifndef ZLIB_BYTES_H
#define ZLIB_BYTES_H
#include "base/err.h"
#include "base/span.h"

/* level: 1 to 9. E_RANGE: it does not fit out. E_NOMEM: zlib wants some 270 KB meanwhile. */
MUST_CHECK err zlib_pack(struct span in, struct mspan out, int level, size_t *num_bytes);
/* E_INVALID: this is not what zlib packed. E_RANGE, E_NOMEM. */
MUST_CHECK err zlib_unpack(struct span in, struct mspan out, size_t *num_bytes);

#endif
