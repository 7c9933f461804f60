// SPDX-License-Identifier: ISC
#include "base/writer.h"
#include "check/test.h"
#include "lib/http/http.h"

static struct span text(const char *s)
{
    return span_of_str(s);
}

static enum http_err parse(const char *s, struct http_request *r)
{
    return http_request_parse(text(s), 0, r);
}

#define BROWSER                                                                                             \
    "GET /docs/a%20b.html?x=1&y=2 HTTP/1.1\r\nHost: www.example.org:8080\r\nUser-Agent: Mozilla/5.0 (X11; Linux) Gecko\r\n" \
    "Accept: text/html,application/xml;q=0.9,*/*;q=0.8\r\nAccept-Language: en\r\nAccept-Encoding: gzip, deflate, br\r\n"   \
    "Connection: keep-alive\r\nReferer: http://www.example.org/\r\nIf-None-Match: W/\"abc\", \"def\"\r\nRange: bytes=0-99\r\n" \
    "If-Range: \"def\"\r\nIf-Match: *\r\n\r\n"

TEST(a_browser_s_request_is_taken_apart)
{
    struct http_request r;
    EQ(parse(BROWSER, &r), HTTP_OK);
    EQ(r.method, HTTP_GET);
    EQ(r.version_minor, 1);
    SPAN_EQ(r.target, "/docs/a%20b.html?x=1&y=2");
    SPAN_EQ(r.path, "/docs/a%20b.html");
    SPAN_EQ(r.query, "x=1&y=2");
    SPAN_EQ(r.host, "www.example.org:8080");
    SPAN_EQ(r.if_none_match, "W/\"abc\", \"def\"");
    SPAN_EQ(r.range, "bytes=0-99");
    SPAN_EQ(r.if_range, "\"def\"");
    SPAN_EQ(r.if_match, "*");
    TRUE(r.keep_alive && !r.is_chunked && !r.has_length && !r.expects_continue);
    EQ(r.head_bytes, sizeof BROWSER - 1);
}

TEST(every_truncation_of_a_request_is_incomplete)
{
    struct http_request r, zero = { 0 };
    struct span whole = TEXT(BROWSER);
    for (size_t n = 0; n < whole.n; n++) {
        EQ(http_request_parse(span_first(whole, n), 0, &r), HTTP_MORE);
        TRUE(memcmp(&r, &zero, sizeof r) == 0);
    }
}

TEST(what_follows_the_head_is_not_looked_at)
{
    struct http_request r;
    EQ(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n\0garbage", &r), HTTP_OK);
    EQ(r.head_bytes, 27);
    EQ(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET", &r), HTTP_OK);
    EQ(r.head_bytes, 27);
}

TEST(a_pipelined_stream_gives_the_same_however_it_is_cut)
{
    static const char stream[] = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n\r\nHEAD /bb HTTP/1.0\r\nX: y\r\n\r\n"
                                 "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n";
    static const enum http_method method[] = { HTTP_GET, HTTP_HEAD, HTTP_OPTIONS };
    size_t total = sizeof stream - 1;
    for (size_t cut = 0; cut <= total; cut++) {
        struct span in = span_first(TEXT("") , 0), all = { (const uint8_t *)stream, total };
        size_t done = 0, num = 0, seen = 0, there = cut;
        while (num < 3) {
            struct http_request r;
            in = span_sub(all, done, there - done);
            enum http_err e = http_request_parse(in, seen, &r);
            if (e == HTTP_MORE) {
                TRUE(there < total);
                seen = in.n;
                there = total;
                continue;
            }
            EQ(e, HTTP_OK);
            EQ(r.method, method[num]);
            done += r.head_bytes;
            seen = 0;
            num++;
        }
        EQ(done, total);
    }
}

TEST(byte_by_byte_the_verdict_comes_with_the_last_byte)
{
    struct http_request r;
    struct span whole = TEXT(BROWSER);
    for (size_t n = 1; n < whole.n; n++)
        EQ(http_request_parse(span_first(whole, n), n - 1, &r), HTTP_MORE);
    EQ(http_request_parse(whole, whole.n - 1, &r), HTTP_OK);
}

TEST(every_flipped_byte_gives_a_verdict_and_never_one_beyond_the_input)
{
    uint8_t b[sizeof BROWSER - 1];
    struct http_request r;
    for (size_t i = 0; i < sizeof b; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            memcpy(b, BROWSER, sizeof b);
            b[i] ^= (uint8_t)flip;
            enum http_err e = http_request_parse(SPAN(b), 0, &r);
            TRUE(e < HTTP_ERR_NUM);
            TRUE(e == HTTP_OK || r.head_bytes == 0);
            TRUE(r.head_bytes <= sizeof b);
        }
}

struct shape {
    const char *request;
    enum http_err verdict;
};
static void judge(const struct shape *shapes, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        struct http_request r;
        enum http_err e = parse(shapes[i].request, &r);
        if (e != shapes[i].verdict)
            TEST_FAIL("\"%s\": %s, want %s", shapes[i].request, http_err_name(e), http_err_name(shapes[i].verdict));
    }
}

TEST(shapes_of_request_smuggling_are_refused)
{
    static const struct shape shapes[] = {
#define POST "POST / HTTP/1.1\r\nHost: a\r\n"
        { POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 5, 5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: +5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: -5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 5 6\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 0x5\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length:\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 99999999999999999999\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length: 18446744073709551621\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Content-Length : 5\r\n\r\n", HTTP_BAD_FIELD },
        { POST "Content-Length\t: 5\r\n\r\n", HTTP_BAD_FIELD },
        { POST " Content-Length: 5\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: y\r\n folded\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: y\r\n\tfolded\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: y\rContent-Length: 5\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: y\nContent-Length: 5\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: y\n\n", HTTP_BAD_FIELD },
        { POST "X: y\r\n\r\r\n", HTTP_BAD_FIELD },
        { POST "\n", HTTP_BAD_FIELD },
        { POST "X: \x01\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X: \x7f\r\n\r\n", HTTP_BAD_FIELD },
        { POST ": y\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X\r\n\r\n", HTTP_BAD_FIELD },
        { POST "X(y): z\r\n\r\n", HTTP_BAD_FIELD },
        { POST "Transfer-Encoding: identity\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: chunked, identity\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: chunked, chunked\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: xchunked\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: chunkedx\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: chunked;x=y\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: \"chunked\"\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: \x0b""chunked\r\n\r\n", HTTP_BAD_FIELD },
        { POST "Transfer-Encoding:\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: gzip, chunked\r\n\r\n", HTTP_UNKNOWN_CODING },
        { POST "Transfer-Encoding: chunked,\r\n\r\n", HTTP_UNKNOWN_CODING },
        { POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_BAD_FRAMING },
        { "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_BAD_FRAMING },
        { POST "Transfer-Encoding: CHUNKED\r\n\r\n", HTTP_OK },
        { POST "Transfer-Encoding:\t chunked \t\r\n\r\n", HTTP_OK },
        { POST "Content-Length: 007\r\n\r\n", HTTP_OK },
#undef POST
    };
    judge(shapes, NUM_OF(shapes));
}

TEST(a_nul_byte_is_refused_wherever_it_stands)
{
    struct http_request r;
    struct span whole = TEXT("GET /index.html HTTP/1.1\r\nHost: abc\r\n\r\n");
    uint8_t b[64];
    for (size_t i = 0; i < whole.n; i++) {
        (void)span_copy(MSPAN(b), whole);
        b[i] = 0;
        enum http_err e = http_request_parse(span_first(SPAN(b), whole.n), 0, &r);
        TRUE(e != HTTP_OK && e != HTTP_MORE);
    }
}

TEST(a_line_that_cannot_become_right_is_refused_before_it_ends)
{
    struct http_request r;
    EQ(parse("G\1", &r), HTTP_BAD_LINE);
    EQ(parse("GET\1/ HTTP", &r), HTTP_BAD_LINE);
    EQ(parse("GET / HTTP", &r), HTTP_MORE);
}
TEST(malformed_request_lines_are_refused)
{
    static const struct shape shapes[] = {
        { "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { " GET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / HTTP/1.1\nHost: a\n\n", HTTP_BAD_LINE },
        { "GET / HTTP/1.1\rHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / http/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / HTTP/11\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / HTTP/1.10\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET / FOO\r\n\r\n", HTTP_BAD_LINE },
        { "GET /a\x80 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "\r\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_LINE },
        { "GET /\r\n", HTTP_BAD_VERSION },
        { "GET / HTTP/0.9\r\n\r\n", HTTP_BAD_VERSION },
        { "GET / HTTP/2.0\r\nHost: a\r\n\r\n", HTTP_BAD_VERSION },
        { "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", HTTP_BAD_VERSION },
        { "BREW / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_UNKNOWN_METHOD },
        { "get / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_UNKNOWN_METHOD },
        { "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_OK },
        { "GET / HTTP/1.7\r\nHost: a\r\n\r\n", HTTP_OK },
    };
    judge(shapes, NUM_OF(shapes));
}

TEST(the_host_is_there_once_and_well_formed)
{
    static const struct shape shapes[] = {
        { "GET / HTTP/1.1\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.0\r\nHost: a\r\nhOST: b\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", HTTP_BAD_HOST },
        { "GET / HTTP/1.0\r\n\r\n", HTTP_OK },
        { "GET / HTTP/1.1\r\nHost:\r\n\r\n", HTTP_OK },
        { "GET / HTTP/1.1\r\nHost: [2001:db8::1]:80\r\n\r\n", HTTP_OK },
    };
    judge(shapes, NUM_OF(shapes));
}

TEST(a_target_has_the_form_that_its_method_allows)
{
    static const struct shape shapes[] = {
        { "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET * HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET example.org:80 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET http:/a HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT a:70000 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT :443 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT ?:443 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_BAD_TARGET },
        { "CONNECT a:65535 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_OK },
        { "CONNECT a:443 HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_OK },
        { "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_OK },
        { "OPTIONS /a HTTP/1.1\r\nHost: a\r\n\r\n", HTTP_OK },
    };
    judge(shapes, NUM_OF(shapes));
}

TEST(the_authority_of_an_absolute_target_overrules_host)
{
    struct http_request r;
    EQ(parse("GET HTTP://b.example/x?y HTTP/1.1\r\nHost: a\r\n\r\n", &r), HTTP_OK);
    SPAN_EQ(r.host, "b.example");
    SPAN_EQ(r.path, "/x");
    SPAN_EQ(r.query, "y");
    EQ(parse("GET https://b?y=/ HTTP/1.1\r\nHost: a\r\n\r\n", &r), HTTP_OK);
    SPAN_EQ(r.host, "b");
    SPAN_EQ(r.path, "/");
    SPAN_EQ(r.query, "y=/");
}

TEST(persistence_follows_version_and_connection)
{
    struct http_request r;
    EQ(parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n", &r), HTTP_OK);
    TRUE(r.keep_alive);
    EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n", &r), HTTP_OK);
    TRUE(!r.keep_alive);
    EQ(parse("GET / HTTP/1.0\r\n\r\n", &r), HTTP_OK);
    TRUE(!r.keep_alive);
    EQ(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", &r), HTTP_OK);
    TRUE(r.keep_alive);
    EQ(parse("GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n", &r), HTTP_OK);
    TRUE(!r.keep_alive);
}

TEST(an_expectation_counts_only_with_a_body)
{
    struct http_request r;
    EQ(parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n", &r), HTTP_OK);
    TRUE(r.expects_continue);
    EQ(r.content_length, 3);
    EQ(parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n\r\n", &r), HTTP_OK);
    TRUE(!r.expects_continue);
    EQ(parse("PUT / HTTP/1.1\r\nHost: a\r\nExpect: tea\r\n\r\n", &r), HTTP_BAD_EXPECT);
}

static uint8_t big[2 * HTTP_HEAD_BYTES_MAX];

/* "GET /xxx HTTP/1.1\r\n" of exactly n bytes */
static struct wr line_of(size_t n)
{
    struct wr w = wr_of(MSPAN(big));
    wr_bytes(&w, TEXT("GET /"));
    struct mspan x = wr_take(&w, n - 5 - 11);
    memset(x.p, 'x', x.n);
    wr_bytes(&w, TEXT(" HTTP/1.1\r\n"));
    return w;
}

TEST(a_request_line_has_a_limit_that_does_not_depend_on_cuts)
{
    struct http_request r;
    struct wr w = line_of(HTTP_LINE_BYTES_MAX);
    wr_bytes(&w, TEXT("Host: a\r\n\r\n"));
    EQ(http_request_parse(wr_done(&w), 0, &r), HTTP_OK);
    w = line_of(HTTP_LINE_BYTES_MAX + 1);
    wr_bytes(&w, TEXT("Host: a\r\n\r\n"));
    EQ(http_request_parse(wr_done(&w), 0, &r), HTTP_LINE_TOO_LONG);
    EQ(http_request_parse(span_first(SPAN(big), HTTP_LINE_BYTES_MAX), HTTP_LINE_BYTES_MAX - 1, &r), HTTP_MORE);
    EQ(http_request_parse(span_first(SPAN(big), HTTP_LINE_BYTES_MAX + 1), HTTP_LINE_BYTES_MAX, &r), HTTP_LINE_TOO_LONG);
}

TEST(a_header_section_has_a_limit_of_bytes)
{
    struct http_request r;
    for (size_t excess = 0; excess < 2; excess++) {
        struct wr w = wr_of(MSPAN(big));
        wr_bytes(&w, TEXT("GET / HTTP/1.1\r\nHost: a\r\nX: "));
        struct mspan x = wr_take(&w, HTTP_FIELDS_BYTES_MAX - 9 - 3 - 4 + excess);
        memset(x.p, 'x', x.n);
        wr_bytes(&w, TEXT("\r\n\r\n"));
        EQ(http_request_parse(wr_done(&w), 0, &r), excess ? HTTP_FIELDS_TOO_LARGE : HTTP_OK);
    }
}

TEST(a_header_section_has_a_limit_of_fields)
{
    struct http_request r;
    for (unsigned excess = 0; excess < 2; excess++) {
        struct wr w = wr_of(MSPAN(big));
        wr_bytes(&w, TEXT("GET / HTTP/1.1\r\nHost: a\r\n"));
        for (unsigned i = 1; i < HTTP_FIELDS_MAX + excess; i++)
            wr_bytes(&w, TEXT("a:\r\n"));
        wr_bytes(&w, TEXT("\r\n"));
        EQ(http_request_parse(wr_done(&w), 0, &r), excess ? HTTP_FIELDS_TOO_LARGE : HTTP_OK);
    }
}

TEST(the_largest_head_that_is_not_refused_fits_its_buffer)
{
    struct http_request r;
    struct wr w = line_of(HTTP_LINE_BYTES_MAX);
    wr_bytes(&w, TEXT("Host: a\r\nX: "));
    struct mspan x = wr_take(&w, HTTP_FIELDS_BYTES_MAX);
    memset(x.p, 'x', x.n);
    EQ(http_request_parse(span_first(SPAN(big), HTTP_HEAD_BYTES_MAX), HTTP_HEAD_BYTES_MAX - 1, &r), HTTP_FIELDS_TOO_LARGE);
}

TEST(all_fields_can_be_stepped_through)
{
    struct http_request r;
    struct span name, value, rest;
    EQ(parse("GET / HTTP/1.1\r\nHost: a\r\nX-Long-Name1:\tone \r\nEmpty:\r\n\r\n", &r), HTTP_OK);
    rest = r.fields;
    TRUE(http_next_field(&rest, &name, &value));
    SPAN_EQ(name, "Host");
    SPAN_EQ(value, "a");
    TRUE(http_next_field(&rest, &name, &value));
    SPAN_EQ(name, "X-Long-Name1");
    SPAN_EQ(value, "one");
    TRUE(http_token_is(name, TEXT("x-long-name1")));
    TRUE(http_next_field(&rest, &name, &value));
    SPAN_EQ(name, "Empty");
    EQ(value.n, 0);
    TRUE(!http_next_field(&rest, &name, &value));
}

TEST(every_octet_in_a_name_a_value_and_a_target_is_judged_at_every_position)
{
    static const char name_ok[] = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    struct http_request r;
    char b[128];
    for (unsigned c = 1; c < 256; c++)
        for (int at = 0; at < 18; at++) {
            bool in_value = (c >= ' ' && c != 0x7f) || c == '\t';
            snprintf(b, sizeof b, "GET / HTTP/1.0\r\nabcdefghijklmnopqr: v\r\n\r\n");
            b[16 + at] = (char)c;
            EQ(parse(b, &r) == HTTP_OK, strchr(name_ok, (int)c) != NULL || (c == ':' && at > 0));
            snprintf(b, sizeof b, "GET / HTTP/1.0\r\nx:abcdefghijklmnopqr\r\n\r\n");
            b[18 + at] = (char)c;
            EQ(parse(b, &r) == HTTP_OK, in_value);
            snprintf(b, sizeof b, "GET /abcdefghijklmnopqr HTTP/1.0\r\n\r\n");
            b[5 + at] = (char)c;
            EQ(parse(b, &r) == HTTP_OK, c > ' ' && c < 0x7f && c != '#');
        }
}

static enum http_err key_of(const char *path, struct http_key *key)
{
    static uint8_t room[HTTP_KEY_BYTES_MAX];
    return http_path_key(text(path), MSPAN(room), key);
}

TEST(paths_become_keys)
{
    static const struct { const char *path, *key; bool is_folder; } good[] = {
        { "/", "", true }, { "/a", "a", false }, { "/a/", "a", true }, { "/a/b.html", "a/b.html", false },
        { "/a%20b", "a b", false }, { "/a+b", "a+b", false }, { "/%e4%bd%A0", "\xe4\xbd\xa0", false }, { "/a/./b", "a/b", false },
        { "/a/../b", "b", false }, { "/a/b/..", "a", true }, { "/a/.", "a", true }, { "/a/..", "", true },
        { "/a/%2e%2E/b", "b", false }, { "/...", "...", false }, { "/.hidden", ".hidden", false }, { "/%2525", "%25", false },
        { "/a\\b", "a\\b", false },
    };
    struct http_key key;
    for (size_t i = 0; i < NUM_OF(good); i++) {
        if (key_of(good[i].path, &key) != HTTP_OK || !span_eq(key.key, text(good[i].key)) || key.is_folder != good[i].is_folder)
            TEST_FAIL("%s gives %.*s", good[i].path, (int)key.key.n, (const char *)key.key.p);
    }
}

TEST(paths_that_climb_or_deceive_are_refused)
{
    static const char *const bad[] = {
        "", "a", "/..", "/../a", "/a/../..", "/%2e%2e/a", "/a/%2e%2e/%2e%2e/b", "//", "//a", "/a//b", "/a%00", "/a%2fb", "/a%2Fb",
        "/%", "/%2", "/%zz", "/%4g", "/%0a", "/%7f", "/a%1f", "/./..", "/%g0",
    };
    struct http_key key;
    for (size_t i = 0; i < NUM_OF(bad); i++)
        if (key_of(bad[i], &key) != HTTP_BAD_TARGET || key.key.n != 0)
            TEST_FAIL("%s is accepted", bad[i]);
}

TEST(a_path_longer_than_its_room_is_refused)
{
    uint8_t room[4];
    struct http_key key;
    EQ(http_path_key(TEXT("/abcd"), MSPAN(room), &key), HTTP_OK);
    SPAN_EQ(key.key, "abcd");
    EQ(http_path_key(TEXT("/abcde"), MSPAN(room), &key), HTTP_BAD_TARGET);
    EQ(http_path_key(TEXT("/abcd/"), MSPAN(room), &key), HTTP_BAD_TARGET);
    EQ(http_path_key(TEXT("/abc/"), MSPAN(room), &key), HTTP_OK);
    EQ(http_path_key(TEXT("/abc/.."), MSPAN(room), &key), HTTP_BAD_TARGET);
    EQ(http_path_key(TEXT("/ab/cd"), (struct mspan){ 0 }, &key), HTTP_BAD_TARGET);
}

TEST(every_refusal_has_a_status_and_a_name)
{
    for (unsigned e = HTTP_BAD_LINE; e < HTTP_ERR_NUM; e++) {
        unsigned status = http_err_status((enum http_err)e);
        TRUE(status >= 400 && status <= 505);
        TRUE(strlen(http_err_name((enum http_err)e)) > 0);
    }
    EQ(http_err_status(HTTP_MORE), 0);
    SPAN_EQ(http_method_name(HTTP_PATCH), "PATCH");
}
TEST_MAIN
