// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/http/http.h"

static bool lies_in(struct span part, struct span whole)
{
    return part.n == 0 || (part.p >= whole.p && part.n <= whole.n && (size_t)(part.p - whole.p) <= whole.n - part.n);
}

/* A request is whole, well framed and made of its input; it is one with the head's last byte and not before, and what
 * follows it changes nothing. */
PROPERTY(prop_http_request_parse, 512)
{
    struct http_request r, again;
    enum http_err e = http_request_parse(in, 0, &r);
    CHECK((e == HTTP_OK) == (r.head_bytes > 0) && r.head_bytes <= in.n);
    CHECK((e == HTTP_OK || e == HTTP_MORE) == (http_err_status(e) == 0));
    if (e != HTTP_OK)
        return;
    CHECK(lies_in(r.target, in) && lies_in(r.query, in) && lies_in(r.host, in) && lies_in(r.fields, in));
    CHECK(r.path.n == 0 || span_at(r.path, 0) == '/');
    CHECK(r.has_length || r.content_length == 0);
    CHECK(!r.is_chunked || !r.has_length);
    CHECK(http_request_parse(span_first(in, r.head_bytes - 1), 0, &again) == HTTP_MORE);
    CHECK(http_request_parse(span_first(in, r.head_bytes), r.head_bytes - 1, &again) == HTTP_OK);
    CHECK(again.head_bytes == r.head_bytes && again.content_length == r.content_length);
    struct span rest = r.fields, name, value;
    while (http_next_field(&rest, &name, &value))
        CHECK(name.n > 0 && lies_in(name, in) && lies_in(value, in));
}
