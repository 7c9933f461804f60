// SPDX-License-Identifier: ISC
#include "base/writer.h"
#include "check/test.h"
#include "lib/http/chunked.h"

static uint8_t body[1024];

/* Feeds `in` in pieces of at most `piece` bytes; says the verdict, how much was used and what came out. */
static enum http_err decode(struct span in, size_t piece, size_t *num_used, struct span *out)
{
    struct http_chunked c = { 0 };
    struct wr w = wr_of(MSPAN(body));
    enum http_err e = HTTP_MORE;
    size_t total = in.n;
    while (e == HTTP_MORE && in.n > 0) {
        struct span data;
        size_t used;
        e = http_chunked_input(&c, span_first(in, piece), &used, &data);
        TRUE(e != HTTP_MORE || used > 0);
        wr_bytes(&w, data);
        in = span_skip(in, used);
    }
    *num_used = total - in.n;
    *out = wr_done(&w);
    return e;
}

static enum http_err verdict(const char *s)
{
    struct span out;
    size_t used;
    enum http_err whole = decode(span_of_str(s), SIZE_MAX, &used, &out);
    EQ(decode(span_of_str(s), 1, &used, &out), whole);
    return whole;
}

static const char good[] = "5\r\nhello\r\n1;x=\"y z\";w\r\n,\r\n0007 ;q\r\n world!\r\n00\r\nTrailer: x\r\nOther:\r\n\r\nGET / HT";

TEST(chunks_are_joined_whatever_the_pieces)
{
    for (size_t piece = 1; piece < sizeof good; piece++) {
        struct span out;
        size_t used;
        EQ(decode(span_of_str(good), piece, &used, &out), HTTP_OK);
        SPAN_EQ(out, "hello, world!");
        EQ(used, sizeof good - 1 - strlen("GET / HT"));
    }
}
TEST(every_truncation_of_a_chunked_body_is_incomplete)
{
    struct span out;
    size_t used;
    for (size_t n = 0; n < sizeof good - 1 - strlen("GET / HT"); n++)
        EQ(decode(span_first(span_of_str(good), n), SIZE_MAX, &used, &out), HTTP_MORE);
}
TEST(malformed_chunks_are_refused)
{
    static const char *const bad[] = {
        "\r\n", "x\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "0x1\r\n", "1\n", "1\r\r\n", "1 \r\n", "1;\n", "1;a\x01\r\n", "1\r\nab\r\n",
        "1\r\na\n", "1\r\na\rx", "0\r\n\n", "0\r\n\rx", "0\r\n x\r\n", "0\r\na: b\n\r\n", "0\r\na: \x7f\r\n\r\n",
        "fffffffffffffffff\r\n", "10000000000000000\r\n", "1,1\r\n",
    };
    for (size_t i = 0; i < NUM_OF(bad); i++)
        if (verdict(bad[i]) != HTTP_BAD_CHUNK)
            TEST_FAIL("%zu: \"%s\" is not refused", i, bad[i]);
}
TEST(a_failure_sticks)
{
    struct http_chunked c = { 0 };
    struct span data;
    size_t used;
    EQ(http_chunked_input(&c, TEXT("z"), &used, &data), HTTP_BAD_CHUNK);
    EQ(http_chunked_input(&c, TEXT("0\r\n\r\n"), &used, &data), HTTP_BAD_CHUNK);
    EQ(used, 0);
}
TEST(extensions_and_trailers_have_limits)
{
    static uint8_t big[2 * HTTP_TRAILER_BYTES_MAX];
    struct span out;
    size_t used;
    memset(big, 'x', sizeof big);
    memcpy(big, "1;", 2);
    EQ(decode(span_first(SPAN(big), HTTP_CHUNK_LINE_BYTES_MAX), SIZE_MAX, &used, &out), HTTP_MORE);
    EQ(decode(span_first(SPAN(big), HTTP_CHUNK_LINE_BYTES_MAX + 1), SIZE_MAX, &used, &out), HTTP_BAD_CHUNK);
    memcpy(big, "0\r\n", 3);
    EQ(decode(span_first(SPAN(big), 3 + HTTP_TRAILER_BYTES_MAX), SIZE_MAX, &used, &out), HTTP_MORE);
    EQ(decode(span_first(SPAN(big), 4 + HTTP_TRAILER_BYTES_MAX), SIZE_MAX, &used, &out), HTTP_BAD_CHUNK);
}
TEST(a_trailer_may_be_longer_than_the_line_of_a_chunk)
{
    uint8_t trailer[3 + 2 * HTTP_CHUNK_LINE_BYTES_MAX + 4];
    struct span out;
    size_t used;
    memset(trailer, 'x', sizeof trailer);
    memcpy(trailer, "0\r\n", 3);
    memcpy(trailer + sizeof trailer - 4, "\r\n\r\n", 4);
    EQ(decode(SPAN(trailer), SIZE_MAX, &used, &out), HTTP_OK);
}
TEST(a_size_of_fifteen_digits_is_taken_and_one_of_sixteen_is_not)
{
    EQ(verdict("fffffffffffffff\r\n"), HTTP_MORE);
    EQ(verdict("ffffffffffffffff\r\n"), HTTP_BAD_CHUNK);
}
TEST(tiny_chunks_with_large_extensions_are_refused_in_the_end)
{
    struct http_chunked c = { 0 };
    uint8_t chunk[200 + 5];
    enum http_err e = HTTP_MORE;
    unsigned num = 0;
    memset(chunk, 'x', sizeof chunk);
    memcpy(chunk, "1;", 2);
    memcpy(chunk + 200, "\r\na\r\n", 5);
    for (; e == HTTP_MORE && num < 1000; num++) {
        struct span data, in = SPAN(chunk);
        size_t used;
        for (; e == HTTP_MORE && in.n > 0; in = span_skip(in, used))
            e = http_chunked_input(&c, in, &used, &data);
    }
    EQ(e, HTTP_BAD_CHUNK);
    TRUE(num > 80 && num < 100);
}
TEST(tiny_chunks_alone_are_fine)
{
    struct http_chunked c = { 0 };
    for (unsigned num = 0; num < 100000; num++) {
        struct span data, in = TEXT("1\r\na\r\n");
        size_t used;
        for (; in.n > 0; in = span_skip(in, used))
            EQ(http_chunked_input(&c, in, &used, &data), HTTP_MORE);
    }
}
TEST(every_flipped_byte_gives_a_verdict)
{
    uint8_t b[sizeof good - 1];
    for (size_t i = 0; i < sizeof b; i++)
        for (unsigned flip = 1; flip < 256; flip++) {
            struct span out;
            size_t used, used_bytewise;
            memcpy(b, good, sizeof b);
            b[i] ^= (uint8_t)flip;
            enum http_err e = decode(SPAN(b), SIZE_MAX, &used, &out);
            size_t n = out.n;
            EQ(decode(SPAN(b), 1, &used_bytewise, &out), e);
            EQ(n, out.n);
            EQ(used, used_bytewise);
        }
}
TEST_MAIN
