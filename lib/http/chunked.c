// SPDX-License-Identifier: ISC
/* chunked.c - the chunked transfer coding (RFC 9112 section 7.1): a state machine over the octets of the framing;
 * data is passed by, not looked at. */
#include "lib/http/chunked.h"
#include "base/checked.h"
#include "lib/http/octet.h"

static bool is_control(uint8_t c)
{
    return (c < ' ' && c != '\t') || c == 0x7f;
}

/* The end of the line that carries a chunk's size. Framing is paid for by data: a stream of tiny chunks with
 * large extensions would make us work without getting anywhere. */
static enum http_chunked_state size_is_known(struct http_chunked *c)
{
    uint32_t waste = c->waste_bytes + c->line_bytes;
    uint64_t credit = c->chunk_left > HTTP_CHUNK_WASTE_MAX ? HTTP_CHUNK_WASTE_MAX : 16 + c->chunk_left;
    c->waste_bytes = waste > credit ? waste - (uint32_t)credit : 0;
    c->line_bytes = 0;
    if (c->waste_bytes > HTTP_CHUNK_WASTE_MAX)
        return CHUNKED_FAILED;
    return c->chunk_left > 0 ? CHUNKED_DATA : CHUNKED_TRAILER_FIRST;
}

static enum http_chunked_state size_digit(struct http_chunked *c, unsigned digit)
{
    if (c->chunk_left > HTTP_CHUNK_BYTES_MAX >> 4)
        return CHUNKED_FAILED;
    c->chunk_left = c->chunk_left << 4 | digit;
    return CHUNKED_SIZE;
}

static enum http_chunked_state behind_size(uint8_t o)
{
    return o == '\r' ? CHUNKED_SIZE_LF : o == ';' ? CHUNKED_EXTENSION : octet_is_blank(o) ? CHUNKED_BLANK : CHUNKED_FAILED;
}

/* The state after one octet of framing. */
static enum http_chunked_state step(struct http_chunked *c, uint8_t o)
{
    switch (c->state) {
    case CHUNKED_SIZE_FIRST:
        return octet_hex(o) < 16 ? size_digit(c, octet_hex(o)) : CHUNKED_FAILED;
    case CHUNKED_SIZE:
        return octet_hex(o) < 16 ? size_digit(c, octet_hex(o)) : behind_size(o);
    case CHUNKED_BLANK:         /* only in front of an extension */
        return o == '\r' ? CHUNKED_FAILED : behind_size(o);
    case CHUNKED_EXTENSION:
        return o == '\r' ? CHUNKED_SIZE_LF : is_control(o) ? CHUNKED_FAILED : CHUNKED_EXTENSION;
    case CHUNKED_SIZE_LF:
        return o == '\n' ? size_is_known(c) : CHUNKED_FAILED;
    case CHUNKED_DATA_CR:
        return o == '\r' ? CHUNKED_DATA_LF : CHUNKED_FAILED;
    case CHUNKED_DATA_LF:
        c->line_bytes = 0;
        return o == '\n' ? CHUNKED_SIZE_FIRST : CHUNKED_FAILED;
    case CHUNKED_TRAILER_FIRST:
        return o == '\r' ? CHUNKED_END_LF : octet_is(o, OCTET_TOKEN) ? CHUNKED_TRAILER : CHUNKED_FAILED;
    case CHUNKED_TRAILER:
        return o == '\r' ? CHUNKED_TRAILER_LF : is_control(o) ? CHUNKED_FAILED : CHUNKED_TRAILER;
    case CHUNKED_TRAILER_LF:
        return o == '\n' ? CHUNKED_TRAILER_FIRST : CHUNKED_FAILED;
    case CHUNKED_END_LF:
        return o == '\n' ? CHUNKED_DONE : CHUNKED_FAILED;
    case CHUNKED_DATA:
    case CHUNKED_DONE:
    case CHUNKED_FAILED:
        break;
    }
    return CHUNKED_FAILED;
}

static bool line_is_too_long(const struct http_chunked *c)
{
    bool in_trailer = c->state >= CHUNKED_TRAILER_FIRST;        /* or behind its end */
    return c->line_bytes > (in_trailer ? HTTP_TRAILER_BYTES_MAX : HTTP_CHUNK_LINE_BYTES_MAX);
}

enum http_err http_chunked_input(struct http_chunked *c, struct span in, size_t *num_used, struct span *data)
{
    size_t at = 0;
    *data = (struct span){ 0 };
    while (at < in.n && c->state < CHUNKED_DONE && c->state != CHUNKED_DATA) {
        c->line_bytes++;
        c->state = step(c, span_at(in, at++));
        if (line_is_too_long(c))
            c->state = CHUNKED_FAILED;
    }
    if (c->state == CHUNKED_DATA && at < in.n) {
        *data = span_sub(in, at, (size_t)(c->chunk_left < in.n ? c->chunk_left : in.n));
        at += data->n;
        c->chunk_left -= data->n;
        if (c->chunk_left == 0)
            c->state = CHUNKED_DATA_CR;
    }
    *num_used = at;
    return c->state == CHUNKED_DONE ? HTTP_OK : c->state == CHUNKED_FAILED ? HTTP_BAD_CHUNK : HTTP_MORE;
}
