// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/http/response.h"

/* Whatever Range and If-None-Match hold, the part lies in the value. */
PROPERTY(prop_http_select, 64)
{
    struct http_request r = { .method = HTTP_GET, .range = span_skip(in, 2) };
    uint64_t num_bytes = in.n > 0 ? span_at(in, 0) % 16 : 0;
    if (in.n > 1 && span_at(in, 1) % 2 == 0)
        r.if_none_match = span_skip(in, 2);
    struct http_selection s = http_select(&r, TEXT("\"e\""), num_bytes);
    CHECK(s.status == 200 || s.status == 206 || s.status == 304 || s.status == 416);
    CHECK(s.first <= num_bytes && s.num_bytes <= num_bytes - s.first);
    CHECK(s.status != 200 || s.num_bytes == num_bytes);
    CHECK(s.status != 206 || s.num_bytes > 0);
}
