// SPDX-License-Identifier: ISC
/* http.h - HTTP/1.1 requests (RFC 9110, RFC 9112): the head of a request, parsed in place. Every span of the
 * result borrows the bytes it was parsed from.
 *
 * Strict where leniency would let two parties see two different requests: a bare CR or LF, a blank before
 * a colon, a folded line, two lengths, a length beside chunked and a control byte are refused. One empty line
 * before the request is skipped (RFC 9112 section 2.2).
 * Not here: a field that may be repeated and is of interest (If-Match, If-None-Match) is refused when it is. */
#ifndef LIB_HTTP_HTTP_H
#define LIB_HTTP_HTTP_H
#include "base/span.h"

#define HTTP_LINE_BYTES_MAX 8192u       /* request line, with its end: else 414 */
#define HTTP_FIELDS_BYTES_MAX 16384u    /* header section, with the empty line: else 431 */
#define HTTP_FIELDS_MAX 100u
/* A buffer of so many bytes holds every head that is not refused. */
#define HTTP_HEAD_BYTES_MAX (2 + HTTP_LINE_BYTES_MAX + HTTP_FIELDS_BYTES_MAX)

enum http_err {
    HTTP_OK,
    HTTP_MORE,                  /* well so far, but not all of it is there */
    HTTP_BAD_LINE,              /* 400 */
    HTTP_BAD_TARGET,            /* 400 */
    HTTP_BAD_FIELD,             /* 400 */
    HTTP_BAD_HOST,              /* 400: missing, repeated or malformed */
    HTTP_BAD_FRAMING,           /* 400: where the body ends is not certain */
    HTTP_BAD_CHUNK,             /* 400 */
    HTTP_BODY_TOO_LARGE,        /* 413 */
    HTTP_LINE_TOO_LONG,         /* 414 */
    HTTP_BAD_EXPECT,            /* 417 */
    HTTP_FIELDS_TOO_LARGE,      /* 431 */
    HTTP_UNKNOWN_METHOD,        /* 501 */
    HTTP_UNKNOWN_CODING,        /* 501: a transfer coding besides chunked */
    HTTP_BAD_VERSION,           /* 505 */
    HTTP_ERR_NUM                /* how many there are */
};
/* The status code that answers it; 0 for HTTP_OK and HTTP_MORE. */
unsigned http_err_status(enum http_err e);
/* One lower-case phrase; never NULL. */
const char *http_err_name(enum http_err e);

enum http_method {
    HTTP_GET, HTTP_HEAD, HTTP_POST, HTTP_PUT, HTTP_DELETE, HTTP_CONNECT, HTTP_OPTIONS, HTTP_TRACE, HTTP_PATCH,
    HTTP_METHOD_NUM
};
struct span http_method_name(enum http_method m);

struct http_request {
    enum http_method method;
    uint8_t version_minor;      /* 0 or 1 */
    bool keep_alive;            /* the client allows a further request on this connection */
    bool expects_continue;      /* waits for 100 before it sends the body */
    bool is_chunked;
    bool has_length;
    uint64_t content_length;    /* 0 where there is none */
    struct span target;         /* as it came */
    struct span path;           /* begins with '/'; empty for "OPTIONS *" and CONNECT */
    struct span query;          /* behind the '?' */
    struct span host;           /* authority of the target, else of Host; CONNECT: host:port */
    struct span range, if_range, if_match, if_none_match;   /* empty: absent */
    struct span fields;         /* all field lines, for http_next_field */
    size_t head_bytes;          /* the head ends here, a body begins */
};
static inline bool http_has_body(const struct http_request *r)
{
    return r->is_chunked || r->content_length > 0;
}

/* Parses the head at the front of `in`. HTTP_OK: *out is filled. HTTP_MORE: call again with the same bytes and
 * more behind them, and num_seen = how many there were this time (0 at first), which spares a search of bytes
 * that cannot have become a head. Otherwise the stream is beyond repair: answer http_err_status and close.
 * *out is all zero unless HTTP_OK. */
MUST_CHECK enum http_err http_request_parse(struct span in, size_t num_seen, struct http_request *out);

/* Steps through the field lines: `rest` starts as request.fields. false: no more. */
MUST_CHECK bool http_next_field(struct span *rest, struct span *name, struct span *value);
/* Equal but for the case of ASCII letters; `lower` is in lower case, and both are tokens. */
MUST_CHECK bool http_token_is(struct span token, struct span lower);

/* ---- Paths */

#define HTTP_KEY_BYTES_MAX 1024u

struct http_key {
    struct span key;            /* segments split by '/', no slash at either end; empty: the root */
    bool is_folder;             /* the path ended with a slash */
};
/* Percent-decodes and normalises a request's path into `out`. HTTP_BAD_TARGET: a malformed escape, an encoded
 * slash or control byte, an empty segment, dot segments that climb above the root, or no room. */
MUST_CHECK enum http_err http_path_key(struct span path, struct mspan out, struct http_key *key);

#endif
