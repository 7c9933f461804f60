// SPDX-License-Identifier: ISC
/* response.h - HTTP/1.1 responses (RFC 9110, RFC 9112): which one fits the conditions and the range of a request,
 * and its head. */
#ifndef LIB_HTTP_RESPONSE_H
#define LIB_HTTP_RESPONSE_H
#include "base/writer.h"
#include "lib/http/http.h"

/* "Not Found"; "Unknown" for a code that RFC 9110 and RFC 6585 do not name. */
struct span http_reason(unsigned status);
/* 1xx, 204 and 304 never have a body. */
bool http_status_has_body(unsigned status);

#define HTTP_DATE_BYTES 29u
/* IMF-fixdate (RFC 9110 section 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT", to the end of the year 9999. */
void http_write_date(struct wr *w, uint64_t unix_seconds);

enum http_connection { HTTP_CONNECTION_DEFAULT, HTTP_CONNECTION_KEEP_ALIVE, HTTP_CONNECTION_CLOSE };
enum http_framing { HTTP_FRAMING_NONE, HTTP_FRAMING_LENGTH, HTTP_FRAMING_CHUNKED };

struct http_head {
    unsigned status;            /* 100..599 */
    /* What the resource says of itself; empty: left out. */
    struct span content_type, etag, location, allow;
    bool accepts_ranges;        /* Accept-Ranges: bytes */
    uint64_t range_first, range_last, range_total;  /* 206 and 416 write Content-Range from them */
    struct span fields;         /* further whole lines, each "Name: value\r\n" */
    /* What the connection adds. */
    struct span date;
    enum http_connection connection;
    enum http_framing framing;
    uint64_t content_length;
};
/* Status line to empty line. A field whose value holds a control byte, and so could begin another one, is left out. */
void http_write_head(struct wr *w, const struct http_head *h);

/* A path that percent-encodes to a header: "/" key, and "/" behind it if is_folder. */
void http_write_path(struct wr *w, const struct http_key *key);

/* By the extension of a key, case-insensitive; "application/octet-stream" where it says nothing. */
struct span http_content_type(struct span key);

/* RFC 9110 section 8.8.3.2: is `etag` in the list of If-Match (strong) or If-None-Match (weak)? "*" holds all. */
bool http_etag_listed(struct span list, struct span etag, bool weakly);

struct http_selection {
    unsigned status;            /* 200, 206, 304, 412 or 416 */
    uint64_t first, num_bytes;  /* 200 and 206: the part of the value to send */
};
/* RFC 9110 section 13.2.2: what to answer to a GET or HEAD of a value of so many bytes with that strong ETag.
 * Several ranges, units other than bytes and malformed ones get the whole value (section 14.2). */
struct http_selection http_select(const struct http_request *r, struct span etag, uint64_t num_bytes);

#endif
