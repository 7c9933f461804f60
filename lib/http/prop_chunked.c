// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/http/chunked.h"

/* Decodes in pieces of so many bytes; a sum stands for the data. */
static enum http_err decode(struct span in, size_t piece, size_t *num_used, uint64_t *sum)
{
    struct http_chunked c = { 0 };
    enum http_err e = HTTP_MORE;
    size_t total = in.n;
    *sum = 0;
    while (e == HTTP_MORE && in.n > 0) {
        struct span data;
        size_t used;
        e = http_chunked_input(&c, span_first(in, piece), &used, &data);
        CHECK(used <= in.n && data.n <= used && (e != HTTP_MORE || used > 0));
        for (size_t i = 0; i < data.n; i++)
            *sum = *sum * 31 + span_at(data, i);
        in = span_skip(in, used);
    }
    *num_used = total - in.n;
    return e;
}

/* Verdict, end and data do not depend on how the bytes are cut. */
PROPERTY(prop_http_chunked_input, 256)
{
    size_t used, used_bytewise;
    uint64_t sum, sum_bytewise;
    enum http_err e = decode(in, SIZE_MAX, &used, &sum);
    CHECK(e == HTTP_OK || e == HTTP_MORE || e == HTTP_BAD_CHUNK);
    CHECK(decode(in, 1, &used_bytewise, &sum_bytewise) == e);
    CHECK(used == used_bytewise && sum == sum_bytewise);
}
