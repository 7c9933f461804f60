// SPDX-License-Identifier: ISC
/* response.c - heads of responses (RFC 9112 sections 4 and 5, RFC 9110 sections 6.6, 8 and 14.4). */
#include "lib/http/response.h"
#include "lib/http/octet.h"

/* A line for each status that has a phrase. */
static const char reasons[] =
    "100 Continue\n"
    "101 Switching Protocols\n"
    "200 OK\n"
    "201 Created\n"
    "202 Accepted\n"
    "203 Non-Authoritative Information\n"
    "204 No Content\n"
    "205 Reset Content\n"
    "206 Partial Content\n"
    "207 Multi-Status\n"
    "300 Multiple Choices\n"
    "301 Moved Permanently\n"
    "302 Found\n"
    "303 See Other\n"
    "304 Not Modified\n"
    "307 Temporary Redirect\n"
    "308 Permanent Redirect\n"
    "400 Bad Request\n"
    "401 Unauthorized\n"
    "403 Forbidden\n"
    "404 Not Found\n"
    "405 Method Not Allowed\n"
    "406 Not Acceptable\n"
    "408 Request Timeout\n"
    "409 Conflict\n"
    "410 Gone\n"
    "411 Length Required\n"
    "412 Precondition Failed\n"
    "413 Content Too Large\n"
    "414 URI Too Long\n"
    "415 Unsupported Media Type\n"
    "416 Range Not Satisfiable\n"
    "417 Expectation Failed\n"
    "421 Misdirected Request\n"
    "422 Unprocessable Content\n"
    "423 Locked\n"
    "426 Upgrade Required\n"
    "428 Precondition Required\n"
    "429 Too Many Requests\n"
    "431 Request Header Fields Too Large\n"
    "500 Internal Server Error\n"
    "501 Not Implemented\n"
    "502 Bad Gateway\n"
    "503 Service Unavailable\n"
    "504 Gateway Timeout\n"
    "505 HTTP Version Not Supported\n"
    "507 Insufficient Storage\n";

struct span http_reason(unsigned status)
{
    uint8_t digits[4];
    struct wr w = wr_of(MSPAN(digits));
    wr_dec(&w, status);
    wr_u8(&w, ' ');
    for (struct span left = span_of_str(reasons); left.n > 0;) {
        struct span line = span_first(left, span_find(left, '\n'));
        if (!w.full && span_starts(line, wr_done(&w)))
            return span_skip(line, sizeof digits);
        left = span_skip(left, line.n + 1);
    }
    return TEXT("Unknown");
}

bool http_status_has_body(unsigned status)
{
    return status >= 200 && status != 204 && status != 304;
}

/* The caller's bytes may come from a request: none of them begins another field, nor ends the service. Each
 * line is ended by the next. */
static void write_field(struct wr *w, struct span name, struct span value)
{
    if (value.n == 0 || value_end(value, 0) != value.n)
        return;
    wr_bytes(w, name);
    wr_bytes(w, value);
}

static void write_status_line(struct wr *w, unsigned status)
{
    REQUIRE(status >= 100 && status <= 599);
    if (status == 200) {
        wr_bytes(w, TEXT("HTTP/1.1 200 OK"));
        return;
    }
    wr_bytes(w, TEXT("HTTP/1.1 "));
    wr_dec(w, status);
    wr_u8(w, ' ');
    wr_bytes(w, http_reason(status));
}

static void write_content_range(struct wr *w, const struct http_head *h)
{
    wr_bytes(w, TEXT("\r\nContent-Range: bytes "));
    if (h->status == 206) {
        wr_dec(w, h->range_first);
        wr_u8(w, '-');
        wr_dec(w, h->range_last);
    } else {
        wr_u8(w, '*');
    }
    wr_u8(w, '/');
    wr_dec(w, h->range_total);
}

static void write_framing(struct wr *w, const struct http_head *h)
{
    if (h->framing == HTTP_FRAMING_CHUNKED)
        wr_bytes(w, TEXT("\r\nTransfer-Encoding: chunked"));
    if (h->framing == HTTP_FRAMING_LENGTH) {
        wr_bytes(w, TEXT("\r\nContent-Length: "));
        wr_dec(w, h->content_length);
    }
    if (h->connection == HTTP_CONNECTION_CLOSE)
        wr_bytes(w, TEXT("\r\nConnection: close"));
    if (h->connection == HTTP_CONNECTION_KEEP_ALIVE)
        wr_bytes(w, TEXT("\r\nConnection: keep-alive"));
}

void http_write_head(struct wr *w, const struct http_head *h)
{
    write_status_line(w, h->status);
    write_field(w, TEXT("\r\nDate: "), h->date);
    write_field(w, TEXT("\r\nContent-Type: "), h->content_type);
    write_field(w, TEXT("\r\nETag: "), h->etag);
    write_field(w, TEXT("\r\nLocation: "), h->location);
    write_field(w, TEXT("\r\nAllow: "), h->allow);
    if (h->accepts_ranges)
        wr_bytes(w, TEXT("\r\nAccept-Ranges: bytes"));
    if (h->status == 206 || h->status == 416)
        write_content_range(w, h);
    write_framing(w, h);
    wr_bytes(w, TEXT("\r\n"));
    wr_bytes(w, h->fields);
    wr_bytes(w, TEXT("\r\n"));
}

static void write_two_digits(struct wr *w, uint64_t v)
{
    wr_u8(w, (uint8_t)('0' + v / 10 % 10));
    wr_u8(w, (uint8_t)('0' + v % 10));
}

/* Days since 1970 to a date of the Gregorian calendar; years begin in March, so that a leap day ends one. */
static void civil_date(uint64_t days, uint64_t *year, unsigned *month, unsigned *day)
{
    uint64_t since_0 = days + 719468, era = since_0 / 146097, of_era = since_0 % 146097;
    uint64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    unsigned of_year = (unsigned)(of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
    unsigned from_march = (5 * of_year + 2) / 153;
    *day = of_year - (153 * from_march + 2) / 5 + 1;
    *month = from_march < 10 ? from_march + 3 : from_march - 9;
    *year = year_of_era + era * 400 + (*month <= 2);
}

void http_write_date(struct wr *w, uint64_t unix_seconds)
{
    static const uint64_t last_of_9999 = 253402300799u;
    uint64_t t = unix_seconds < last_of_9999 ? unix_seconds : last_of_9999, days = t / 86400, year;
    unsigned month, day;
    civil_date(days, &year, &month, &day);
    wr_bytes(w, span_sub(TEXT("Thu, Fri, Sat, Sun, Mon, Tue, Wed, "), days % 7 * 5, 5));
    write_two_digits(w, day);
    wr_bytes(w, span_sub(TEXT(" Jan  Feb  Mar  Apr  May  Jun  Jul  Aug  Sep  Oct  Nov  Dec "), (month - 1) * 5, 5));
    write_two_digits(w, year / 100);
    write_two_digits(w, year);
    wr_u8(w, ' ');
    write_two_digits(w, t / 3600 % 24);
    wr_u8(w, ':');
    write_two_digits(w, t / 60 % 60);
    wr_u8(w, ':');
    write_two_digits(w, t % 60);
    wr_bytes(w, TEXT(" GMT"));
}

void http_write_path(struct wr *w, const struct http_key *key)
{
    wr_u8(w, '/');
    for (size_t i = 0; i < key->key.n; i++) {
        uint8_t c = span_at(key->key, i);
        if (octet_is(c, OCTET_PATH) || c == '/') {
            wr_u8(w, c);
        } else {
            wr_u8(w, '%');
            wr_u8(w, span_at(TEXT("0123456789ABCDEF"), c >> 4));
            wr_u8(w, span_at(TEXT("0123456789ABCDEF"), c & 15));
        }
    }
    if (key->is_folder && key->key.n > 0)
        wr_u8(w, '/');
}
