// SPDX-License-Identifier: ISC
#include "check/test.h"
#include "lib/http/response.h"

static uint8_t room[1024];

static struct span date(uint64_t t)
{
    struct wr w = wr_of(MSPAN(room));
    http_write_date(&w, t);
    return wr_done(&w);
}

TEST(dates_have_the_fixed_form)
{
    SPAN_EQ(date(784111777), "Sun, 06 Nov 1994 08:49:37 GMT");
    SPAN_EQ(date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    SPAN_EQ(date(951782400), "Tue, 29 Feb 2000 00:00:00 GMT");
    SPAN_EQ(date(4107542399), "Sun, 28 Feb 2100 23:59:59 GMT");
    SPAN_EQ(date(4107542400), "Mon, 01 Mar 2100 00:00:00 GMT");
    SPAN_EQ(date(1735689599), "Tue, 31 Dec 2024 23:59:59 GMT");
    SPAN_EQ(date(UINT64_MAX), "Fri, 31 Dec 9999 23:59:59 GMT");
    EQ(date(1).n, HTTP_DATE_BYTES);
}
static struct span head(const struct http_head *h)
{
    struct wr w = wr_of(MSPAN(room));
    http_write_head(&w, h);
    return wr_done(&w);
}
TEST(a_head_says_what_is_known)
{
    SPAN_EQ(head(&(struct http_head){ .status = 200 }), "HTTP/1.1 200 OK\r\n\r\n");
    SPAN_EQ(head(&(struct http_head){ .status = 206, .content_type = TEXT("text/plain"), .etag = TEXT("\"x\""), .accepts_ranges = true,
                                      .range_first = 1, .range_last = 3, .range_total = 9, .framing = HTTP_FRAMING_LENGTH,
                                      .content_length = 3, .connection = HTTP_CONNECTION_CLOSE, .fields = TEXT("A: b\r\n"),
                                      .date = TEXT("now") }),
            "HTTP/1.1 206 Partial Content\r\nDate: now\r\nContent-Type: text/plain\r\nETag: \"x\"\r\nAccept-Ranges: bytes\r\n"
            "Content-Range: bytes 1-3/9\r\nContent-Length: 3\r\nConnection: close\r\nA: b\r\n\r\n");
    SPAN_EQ(head(&(struct http_head){ .status = 416, .range_total = 9, .connection = HTTP_CONNECTION_KEEP_ALIVE,
                                      .framing = HTTP_FRAMING_CHUNKED }),
            "HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */9\r\nTransfer-Encoding: chunked\r\n"
            "Connection: keep-alive\r\n\r\n");
    SPAN_EQ(head(&(struct http_head){ .status = 405, .allow = TEXT("GET") }), "HTTP/1.1 405 Method Not Allowed\r\nAllow: GET\r\n\r\n");
    SPAN_EQ(head(&(struct http_head){ .status = 599 }), "HTTP/1.1 599 Unknown\r\n\r\n");
}
TEST(a_value_that_would_begin_another_line_is_left_out)
{
    SPAN_EQ(head(&(struct http_head){ .status = 404, .location = TEXT("/a\r\nSet-Cookie: x"), .allow = TEXT("GET") }),
            "HTTP/1.1 404 Not Found\r\nAllow: GET\r\n\r\n");
    SPAN_EQ(head(&(struct http_head){ .status = 404, .etag = TEXT("\"a\nb\"") }), "HTTP/1.1 404 Not Found\r\n\r\n");
}
TEST(a_status_is_of_three_digits_and_a_class_that_there_is)
{
    PANICS((void)head(&(struct http_head){ .status = 99 }));
    PANICS((void)head(&(struct http_head){ .status = 600 }));
}
TEST(a_head_without_room_is_no_head)
{
    uint8_t small[20];
    struct wr w = wr_of(MSPAN(small));
    http_write_head(&w, &(struct http_head){ .status = 404 });
    EQ(wr_done(&w).n, 0);
}
TEST(types_go_by_the_extension)
{
    static const struct { const char *key, *type; } want[] = {
        { "index.html", "text/html; charset=utf-8" }, { "a/b.CSS", "text/css; charset=utf-8" },
        { "x.js", "text/javascript; charset=utf-8" },
        { "x.json", "application/json" }, { "x.svg", "image/svg+xml" }, { "x.png", "image/png" }, { "x.jpg", "image/jpeg" },
        { "x.webp", "image/webp" }, { "favicon.ico", "image/vnd.microsoft.icon" }, { "x.txt", "text/plain; charset=utf-8" },
        { "x.xml", "application/xml" }, { "x.wasm", "application/wasm" }, { "x.woff2", "font/woff2" }, { "x.woff", "font/woff" },
        { "x.pdf", "application/pdf" }, { "x.mp4", "video/mp4" }, { "x.tar.gz", "application/gzip" }, { "x.aac", "audio/aac" },
        { "x.zst", "application/zstd" }, { "x.c", "text/plain; charset=utf-8" }, { "README", "application/octet-stream" },
        { "x.", "application/octet-stream" }, { "a.b/html", "application/octet-stream" }, { ".html", "application/octet-stream" },
        { "a/.html", "application/octet-stream" }, { "", "application/octet-stream" }, { "x.htmlx", "application/octet-stream" },
    };
    for (size_t i = 0; i < NUM_OF(want); i++)
        if (!span_eq(http_content_type(span_of_str(want[i].key)), span_of_str(want[i].type)))
            TEST_FAIL("%s is not %s", want[i].key, want[i].type);
}
TEST(entity_tags_are_found_in_lists)
{
    struct span etag = TEXT("\"abc\"");
    TRUE(http_etag_listed(TEXT("\"abc\""), etag, false));
    TRUE(http_etag_listed(TEXT("*"), etag, false));
    TRUE(http_etag_listed(TEXT("\"x\",\t\"abc\""), etag, false));
    TRUE(http_etag_listed(TEXT("\"x\" , , W/\"abc\""), etag, true));
    TRUE(!http_etag_listed(TEXT("W/\"abc\""), etag, false));
    TRUE(!http_etag_listed(TEXT("\"ab\", \"abcd\""), etag, true));
    TRUE(http_etag_listed(TEXT("\"abc\",\"x\""), etag, true));
    TRUE(!http_etag_listed(TEXT("abc"), etag, true));
    TRUE(!http_etag_listed(TEXT("\"abc"), etag, true));
    TRUE(!http_etag_listed(TEXT("x \"abc\""), etag, true));
    TRUE(!http_etag_listed(TEXT("\"x, \"abc\""), etag, true));
    TRUE(!http_etag_listed(TEXT(""), etag, true));
}
static struct http_selection range(const char *field, uint64_t num_bytes)
{
    struct http_request r = { .method = HTTP_GET, .range = span_of_str(field) };
    return http_select(&r, TEXT("\"e\""), num_bytes);
}
TEST(single_ranges_are_cut_to_the_value)
{
    static const struct { const char *range; uint64_t total; unsigned status; uint64_t first, num; } want[] = {
        { "bytes=0-0", 10, 206, 0, 1 }, { "bytes=2-5", 10, 206, 2, 4 }, { "bytes=2-", 10, 206, 2, 8 }, { "bytes=9-99", 10, 206, 9, 1 },
        { "bytes=-3", 10, 206, 7, 3 }, { "bytes=-99", 10, 206, 0, 10 }, { "Bytes= 1-1", 10, 206, 1, 1 },
        { "bytes=0-99999999999999999999999", 10, 206, 0, 10 },
        { "bytes=10-", 10, 416, 0, 0 }, { "bytes=10-20", 10, 416, 0, 0 }, { "bytes=-0", 10, 416, 0, 0 }, { "bytes=0-0", 0, 416, 0, 0 },
        { "bytes=-1", 0, 416, 0, 0 }, { "bytes=99999999999999999999999-", 10, 416, 0, 0 },
        { "bytes=5-2", 10, 200, 0, 10 }, { "bytes=0-1,3-4", 10, 200, 0, 10 }, { "bytes=", 10, 200, 0, 10 }, { "bytes=-", 10, 200, 0, 10 },
        { "bytes=a-b", 10, 200, 0, 10 }, { "lines=0-1", 10, 200, 0, 10 }, { "bytes", 10, 200, 0, 10 }, { "bytes=1", 10, 200, 0, 10 },
        { "bytes=+1-2", 10, 200, 0, 10 }, { "bytes=1-2x", 10, 200, 0, 10 }, { "bytes=--1", 10, 200, 0, 10 },
    };
    for (size_t i = 0; i < NUM_OF(want); i++) {
        struct http_selection s = range(want[i].range, want[i].total);
        if (s.status != want[i].status || s.first != want[i].first || s.num_bytes != want[i].num)
            TEST_FAIL("%s of %u: %u, %u bytes from %u", want[i].range,
                      (unsigned)want[i].total, s.status, (unsigned)s.num_bytes, (unsigned)s.first);
    }
}
TEST(conditions_come_before_ranges)
{
    struct span etag = TEXT("\"e\"");
    struct http_request r = { .method = HTTP_GET, .range = TEXT("bytes=0-1"), .if_none_match = TEXT("W/\"e\"") };
    EQ(http_select(&r, etag, 10).status, 304);
    r.if_match = TEXT("\"x\"");
    EQ(http_select(&r, etag, 10).status, 412);
    r.if_match = TEXT("\"x\", \"e\"");
    r.if_none_match = TEXT("\"x\"");
    EQ(http_select(&r, etag, 10).status, 206);
    r.if_range = TEXT("\"e\"");
    EQ(http_select(&r, etag, 10).status, 206);
    r.if_range = TEXT("W/\"e\"");
    EQ(http_select(&r, etag, 10).status, 200);
    r.if_range = TEXT("Sun, 06 Nov 1994 08:49:37 GMT");
    EQ(http_select(&r, etag, 10).status, 200);
    r.if_range = (struct span){ 0 };
    r.method = HTTP_HEAD;
    EQ(http_select(&r, etag, 10).status, 200);
}
TEST(a_key_becomes_a_path_again)
{
    static const char *const paths[] = { "/", "/a/", "/a/b", "/a%20b/%E4%BD%A0", "/a%25%3F%23", "/it's;(x)=1,2@:+" };
    for (size_t i = 0; i < NUM_OF(paths); i++) {
        uint8_t key_room[64];
        struct http_key key;
        struct wr w = wr_of(MSPAN(room));
        EQ(http_path_key(span_of_str(paths[i]), MSPAN(key_room), &key), HTTP_OK);
        http_write_path(&w, &key);
        TRUE(span_eq(wr_done(&w), span_of_str(paths[i])));
    }
}
TEST(statuses_without_a_body_are_known)
{
    TRUE(!http_status_has_body(100) && !http_status_has_body(204) && !http_status_has_body(304));
    TRUE(http_status_has_body(200) && http_status_has_body(404));
    SPAN_EQ(http_reason(414), "URI Too Long");
}
TEST_MAIN
