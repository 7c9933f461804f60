// SPDX-License-Identifier: ISC
/* The head of an answer, whatever the handler says of a resource: it fits its room or is nothing, ends with an empty line, has one
 * status line and no line that the handler did not write; a date is as long as all are. */
#include "check/any.h"
#include "lib/http/response.h"

UNUSED static size_t num_lines(struct span head)
{
    size_t num = 0;
    for (size_t at = 0; (at += span_find(span_skip(head, at), '\n')) < head.n; at++)
        num++;
    return num;
}
PROPERTY(prop_http_head, 80)
{
    uint8_t out[400], date[64];
    struct wr w = wr_of(MSPAN(out)), d = wr_of(MSPAN(date));
    struct span rest = span_skip(in, 13);
    uint8_t about = in.n > 0 ? span_at(in, 0) : 0;
    uint32_t number = in.n >= 5 ? span_u32(in, 1) : 0;
    struct http_head h = { .status = 100 + number % 500, .content_type = span_first(rest, 40),
                           .etag = span_sub(rest, 40, 40), .accepts_ranges = about & 1,
                           .range_first = number, .range_last = number + 1ull, .range_total = number * 2ull,
                           .connection = (enum http_connection)(about >> 1 & 1 ? about >> 2 & 1 ? 2 : 1 : 0),
                           .framing = (enum http_framing)((about >> 3 & 3) % 3), .content_length = number };
    http_write_head(&w, &h);
    struct span head = wr_done(&w);
    CHECK(w.full || (span_starts(head, TEXT("HTTP/1.1 ")) && span_eq(span_skip(head, head.n - 4), TEXT("\r\n\r\n"))));
    CHECK(w.full || num_lines(head) <= 8);
    http_write_date(&d, in.n >= 13 ? span_le64(in, 5) : 0);
    CHECK(wr_len(&d) == HTTP_DATE_BYTES);
    CHECK(http_reason(h.status).n > 0 && http_content_type(rest).n > 0);
    CHECK(!http_status_has_body(h.status) || h.status >= 200);
    for (enum http_err e = HTTP_OK; e < HTTP_ERR_NUM; e++)
        CHECK(http_err_name(e) && (e <= HTTP_MORE) == (http_err_status(e) == 0));
    for (enum http_method m = HTTP_GET; m < HTTP_METHOD_NUM; m++)
        CHECK(http_method_name(m).n >= 3);
}
