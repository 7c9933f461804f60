// SPDX-License-Identifier: ISC
/* request.c - the head of a request (RFC 9112 sections 2 to 6): request line, field lines, and what they mean for
 * the framing. One pass from front to back; the first error in the order of the bytes wins, so the verdict does
 * not depend on how the bytes were cut. */
#include "lib/http/http.h"
#include "lib/http/octet.h"
#include "lib/http/target.h"

unsigned http_err_status(enum http_err e)
{
    static const uint16_t status[HTTP_ERR_NUM] = {
        [HTTP_BAD_LINE] = 400, [HTTP_BAD_TARGET] = 400, [HTTP_BAD_FIELD] = 400, [HTTP_BAD_HOST] = 400,
        [HTTP_BAD_FRAMING] = 400, [HTTP_BAD_CHUNK] = 400, [HTTP_BODY_TOO_LARGE] = 413, [HTTP_LINE_TOO_LONG] = 414,
        [HTTP_BAD_EXPECT] = 417, [HTTP_FIELDS_TOO_LARGE] = 431, [HTTP_UNKNOWN_METHOD] = 501,
        [HTTP_UNKNOWN_CODING] = 501, [HTTP_BAD_VERSION] = 505,
    };
    REQUIRE(e < HTTP_ERR_NUM);
    return status[e];
}

const char *http_err_name(enum http_err e)
{
    static const char *const name[HTTP_ERR_NUM] = {
        "ok", "incomplete", "malformed request line", "malformed target", "malformed field", "malformed host",
        "ambiguous framing", "malformed chunk", "body too large", "request line too long", "unknown expectation",
        "header section too large", "unknown method", "unknown transfer coding", "unknown version",
    };
    REQUIRE(e < HTTP_ERR_NUM);
    return name[e];
}

static const struct span method_name[HTTP_METHOD_NUM] = {
    TEXT_INIT("GET"), TEXT_INIT("HEAD"), TEXT_INIT("POST"), TEXT_INIT("PUT"), TEXT_INIT("DELETE"), TEXT_INIT("CONNECT"),
    TEXT_INIT("OPTIONS"), TEXT_INIT("TRACE"), TEXT_INIT("PATCH"),
};

struct span http_method_name(enum http_method m)
{
    REQUIRE(m < HTTP_METHOD_NUM);
    return method_name[m];
}

static enum http_method method_of(struct span token)
{
    unsigned m = 0;
    while (m < HTTP_METHOD_NUM && !span_eq(token, method_name[m]))
        m++;
    return (enum http_method)m;
}

bool http_token_is(struct span token, struct span lower)
{
    if (token.n != lower.n)
        return false;
    if (token.n >= 8) {
        for (size_t at = 0; token.n - at > 8; at += 8)
            if ((span_le64(token, at) | OCTETS(0x20)) != span_le64(lower, at))
                return false;
        return (span_le64(token, token.n - 8) | OCTETS(0x20)) == span_le64(lower, token.n - 8);
    }
    for (size_t at = 0; at < token.n; at++)
        if ((span_at(token, at) | 0x20) != span_at(lower, at))
            return false;
    return true;
}

/* HTTP-version CRLF at the front of `s` (RFC 9112 section 2.3): a later minor version is taken as ours. */
static enum http_err version_parse(struct span s, uint8_t *minor)
{
    enum { VERSION_BYTES = 8 };
    if (s.n < VERSION_BYTES + 2)
        return span_find(s, '\n') < s.n ? HTTP_BAD_LINE : HTTP_MORE;
    if (!span_starts(s, TEXT("HTTP/")) || !octet_is_digit(span_at(s, 5)) || span_at(s, 6) != '.' ||
        !octet_is_digit(span_at(s, 7)) || span_at(s, 8) != '\r' || span_at(s, 9) != '\n')
        return HTTP_BAD_LINE;
    if (span_at(s, 5) != '1')
        return HTTP_BAD_VERSION;
    *minor = span_at(s, 7) != '0';
    return HTTP_OK;
}

/* The request line at `*at`; moves `*at` behind it. HTTP_MORE: `s` ended first. */
static enum http_err line_parse(struct span s, size_t *at, struct http_request *r)
{
    size_t method_end = token_end(s, *at);
    if (method_end == s.n)
        return HTTP_MORE;
    if (method_end == *at || span_at(s, method_end) != ' ')
        return HTTP_BAD_LINE;
    size_t end = target_end(s, method_end + 1);
    if (end == s.n)
        return HTTP_MORE;
    if (end == method_end + 1)
        return HTTP_BAD_LINE;
    if (span_at(s, end) != ' ')     /* "GET /" CRLF is HTTP/0.9 */
        return span_at(s, end) == '\r' ? HTTP_BAD_VERSION : HTTP_BAD_LINE;
    enum http_err e = version_parse(span_skip(s, end + 1), &r->version_minor);
    if (e != HTTP_OK)
        return e;
    r->method = method_of(span_sub(s, *at, method_end - *at));
    if (r->method == HTTP_METHOD_NUM)
        return HTTP_UNKNOWN_METHOD;
    r->target = span_sub(s, method_end + 1, end - method_end - 1);
    *at = end + sizeof " HTTP/1.1\r\n" - 1;
    return target_parse(r);
}

/* What the field lines have said so far, beyond what the request itself keeps. */
struct field_notes {
    struct span host;
    bool has_host, has_coding, says_close, says_keep_alive;
};

static enum http_err keep(struct span *place, struct span value)
{
    if (place->n > 0)
        return HTTP_BAD_FIELD;
    *place = value;
    return HTTP_OK;
}

static enum http_err note_host(struct field_notes *notes, struct span value)
{
    if (notes->has_host || !host_is_valid(value))
        return HTTP_BAD_HOST;
    notes->has_host = true;
    notes->host = value;
    return HTTP_OK;
}

static enum http_err note_length(struct http_request *r, struct span value)
{
    if (r->has_length || !decimal(value, &r->content_length))
        return HTTP_BAD_FRAMING;
    r->has_length = true;
    return HTTP_OK;
}

/* RFC 9112 section 6.1: chunked once, last and, for us, alone. */
static enum http_err note_coding(struct http_request *r, struct field_notes *notes, struct span value)
{
    struct span list = value, coding = { 0 };
    bool last_is_chunked = false;
    if (notes->has_coding)
        return HTTP_BAD_FRAMING;
    notes->has_coding = true;
    while (list_next_element(&list, &coding)) {
        if (last_is_chunked)
            return HTTP_BAD_FRAMING;
        last_is_chunked = http_token_is(coding, TEXT("chunked"));
    }
    if (!last_is_chunked)
        return HTTP_BAD_FRAMING;
    r->is_chunked = true;
    return http_token_is(value, TEXT("chunked")) ? HTTP_OK : HTTP_UNKNOWN_CODING;
}

static enum http_err note_connection(struct field_notes *notes, struct span value)
{
    struct span option = { 0 };
    while (list_next_element(&value, &option)) {
        notes->says_close |= http_token_is(option, TEXT("close"));
        notes->says_keep_alive |= http_token_is(option, TEXT("keep-alive"));
    }
    return HTTP_OK;
}

static enum http_err note_expect(struct http_request *r, struct span value)
{
    if (!http_token_is(value, TEXT("100-continue")))
        return HTTP_BAD_EXPECT;
    r->expects_continue = true;
    return HTTP_OK;
}

/* The fields of interest differ in length, nearly. */
static enum http_err note_field(struct http_request *r, struct field_notes *notes, struct span name, struct span value)
{
    switch (name.n) {
    case 4:
        return http_token_is(name, TEXT("host")) ? note_host(notes, value) : HTTP_OK;
    case 5:
        return http_token_is(name, TEXT("range")) ? keep(&r->range, value) : HTTP_OK;
    case 6:
        return http_token_is(name, TEXT("expect")) ? note_expect(r, value) : HTTP_OK;
    case 8:
        if (http_token_is(name, TEXT("if-range")))
            return keep(&r->if_range, value);
        return http_token_is(name, TEXT("if-match")) ? keep(&r->if_match, value) : HTTP_OK;
    case 10:
        return http_token_is(name, TEXT("connection")) ? note_connection(notes, value) : HTTP_OK;
    case 13:
        return http_token_is(name, TEXT("if-none-match")) ? keep(&r->if_none_match, value) : HTTP_OK;
    case 14:
        return http_token_is(name, TEXT("content-length")) ? note_length(r, value) : HTTP_OK;
    case 17:
        return http_token_is(name, TEXT("transfer-encoding")) ? note_coding(r, notes, value) : HTTP_OK;
    default:
        return HTTP_OK;
    }
}

/* One field line at `*at`; moves `*at` behind it. */
static enum http_err field_parse(struct span s, size_t *at, struct http_request *r, struct field_notes *notes)
{
    size_t colon = token_end(s, *at);
    if (colon == s.n)
        return HTTP_MORE;
    if (colon == *at || span_at(s, colon) != ':')
        return HTTP_BAD_FIELD;
    size_t end = value_end(s, colon + 1);
    if (end == s.n)
        return HTTP_MORE;
    if (span_at(s, end) != '\r')
        return HTTP_BAD_FIELD;
    if (end + 1 == s.n)
        return HTTP_MORE;
    if (span_at(s, end + 1) != '\n')
        return HTTP_BAD_FIELD;
    struct span name = span_sub(s, *at, colon - *at);
    struct span value = trimmed(span_sub(s, colon + 1, end - colon - 1));
    *at = end + 2;
    return note_field(r, notes, name, value);
}

/* The header section at the front of `s`, with the empty line that ends it. */
static enum http_err fields_parse(struct span s, struct http_request *r, struct field_notes *notes)
{
    size_t at = 0;
    for (unsigned num = 0; at < s.n && span_at(s, at) != '\r'; num++) {
        if (num == HTTP_FIELDS_MAX)
            return HTTP_FIELDS_TOO_LARGE;
        enum http_err e = field_parse(s, &at, r, notes);
        if (e != HTTP_OK)
            return e;
    }
    if (s.n - at < 2)
        return HTTP_MORE;
    if (span_at(s, at + 1) != '\n')
        return HTTP_BAD_FIELD;
    r->fields = span_first(s, at);
    return HTTP_OK;
}

/* What only the whole head tells: RFC 9112 sections 3.2, 6.1, 6.3 and 9.3. */
static enum http_err conclude(struct http_request *r, const struct field_notes *notes)
{
    bool is_1_0 = r->version_minor == 0;
    if (!notes->has_host && !is_1_0)
        return HTTP_BAD_HOST;
    if (r->is_chunked && (r->has_length || is_1_0))
        return HTTP_BAD_FRAMING;
    if (r->host.n == 0)
        r->host = notes->host;
    r->keep_alive = !notes->says_close && (!is_1_0 || notes->says_keep_alive);
    r->expects_continue = r->expects_continue && !is_1_0 && http_has_body(r);
    return HTTP_OK;
}

/* Field by field: for a struct of this size the compiler would take a string instruction, which costs as much as the
 * parsing of a short head. */
static void clear(struct http_request *r)
{
    static const struct span none;
    r->method = HTTP_GET;
    r->version_minor = 0;
    r->keep_alive = r->expects_continue = r->is_chunked = r->has_length = false;
    r->content_length = r->head_bytes = 0;
    r->target = r->path = r->query = r->host = r->fields = none;
    r->range = r->if_range = r->if_match = r->if_none_match = none;
}

static enum http_err head_parse(struct span in, struct http_request *r)
{
    struct field_notes notes = { 0 };
    size_t at = span_starts(in, TEXT("\r\n")) ? 2 : 0;
    struct span line = span_first(in, at + HTTP_LINE_BYTES_MAX);
    if (in.n < 2)
        return in.n == 0 || span_at(in, 0) == '\r' || octet_is(span_at(in, 0), OCTET_TOKEN) ? HTTP_MORE : HTTP_BAD_LINE;
    enum http_err e = line_parse(line, &at, r);
    if (e != HTTP_OK)
        return e == HTTP_MORE && line.n < in.n ? HTTP_LINE_TOO_LONG : e;
    struct span section = span_sub(in, at, HTTP_FIELDS_BYTES_MAX);
    e = fields_parse(section, r, &notes);
    if (e != HTTP_OK)
        return e == HTTP_MORE && section.n == HTTP_FIELDS_BYTES_MAX ? HTTP_FIELDS_TOO_LARGE : e;
    r->head_bytes = at + r->fields.n + 2;
    return conclude(r, &notes);
}

static enum http_err refused(struct http_request *r, enum http_err e)
{
    *r = (struct http_request){ 0 };
    return e;
}

enum http_err http_request_parse(struct span in, size_t num_seen, struct http_request *out)
{
    struct span fresh = span_skip(in, num_seen);
    if (num_seen > 0 && in.n < HTTP_LINE_BYTES_MAX && span_find(fresh, '\n') == fresh.n)
        return refused(out, HTTP_MORE);     /* a head and each of its lines end with LF */
    clear(out);
    enum http_err e = head_parse(in, out);
    return e == HTTP_OK ? HTTP_OK : refused(out, e);
}

bool http_next_field(struct span *rest, struct span *name, struct span *value)
{
    if (rest->n == 0)
        return false;
    size_t colon = token_end(*rest, 0);
    size_t end = value_end(*rest, colon + 1);
    *name = span_first(*rest, colon);
    *value = trimmed(span_sub(*rest, colon + 1, end - colon - 1));
    *rest = span_skip(*rest, end + 2);
    return true;
}
