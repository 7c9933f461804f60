// SPDX-License-Identifier: ISC
/* chunked.h - decoder of the chunked transfer coding (RFC 9112 section 7.1). Data comes out in place; chunk
 * extensions are skipped and trailers discarded, both within limits. */
#ifndef LIB_HTTP_CHUNKED_H
#define LIB_HTTP_CHUNKED_H
#include "lib/http/http.h"

#define HTTP_CHUNK_LINE_BYTES_MAX 512u      /* size and extensions of one chunk */
#define HTTP_TRAILER_BYTES_MAX 8192u
#define HTTP_CHUNK_WASTE_MAX 16384u         /* framing beyond what chunks of a sensible size need */
#define HTTP_CHUNK_BYTES_MAX (UINT64_MAX >> 4)

enum http_chunked_state {
    CHUNKED_SIZE_FIRST, CHUNKED_SIZE, CHUNKED_BLANK, CHUNKED_EXTENSION, CHUNKED_SIZE_LF, CHUNKED_DATA, CHUNKED_DATA_CR,
    CHUNKED_DATA_LF, CHUNKED_TRAILER_FIRST, CHUNKED_TRAILER, CHUNKED_TRAILER_LF, CHUNKED_END_LF, CHUNKED_DONE, CHUNKED_FAILED
};
struct http_chunked {           /* all zero: at the start of a body */
    enum http_chunked_state state;
    uint64_t chunk_left;
    uint32_t line_bytes;
    uint32_t waste_bytes;
};

/* Decodes from the front of `in` until there is data or `in` ends: num_used bytes are done with, and *data, the
 * last of them, is the next piece of the body (empty: none yet). HTTP_OK: the body has ended.
 * HTTP_MORE: go on with what follows. HTTP_BAD_CHUNK sticks. */
MUST_CHECK enum http_err http_chunked_input(struct http_chunked *c, struct span in, size_t *num_used, struct span *data);

#endif
