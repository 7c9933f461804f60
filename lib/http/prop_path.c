// SPDX-License-Identifier: ISC
#include "check/any.h"
#include "lib/http/response.h"

/* What comes out keeps the rules for keys, and comes back from the path that is written for it. */
PROPERTY(prop_http_path_key, 64)
{
    uint8_t room[64], written[3 * 64 + 2], room_again[64];
    struct http_key key, again;
    enum http_err e = http_path_key(in, MSPAN(room), &key);
    CHECK(e == HTTP_OK || (e == HTTP_BAD_TARGET && key.key.n == 0));
    if (e != HTTP_OK)
        return;
    struct span left = key.key;
    while (left.n > 0) {
        struct span segment = span_first(left, span_find(left, '/'));
        CHECK(segment.n > 0 && !span_eq(segment, TEXT(".")) && !span_eq(segment, TEXT("..")));
        CHECK(span_find(segment, 0) == segment.n && span_find(segment, '\n') == segment.n);
        CHECK(segment.n == left.n || segment.n + 1 < left.n);
        left = span_skip(left, segment.n + 1);
    }
    struct wr w = wr_of(MSPAN(written));
    http_write_path(&w, &key);
    CHECK(http_path_key(wr_done(&w), MSPAN(room_again), &again) == HTTP_OK || key.key.n == sizeof room);
    CHECK(key.key.n == sizeof room || (span_eq(key.key, again.key) && key.is_folder == again.is_folder));
}
