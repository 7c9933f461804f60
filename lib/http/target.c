// SPDX-License-Identifier: ISC
/* target.c - request targets (RFC 9112 section 3.2) and the paths in them (RFC 3986 sections 2.1, 3.3 and 5.2.4).
 * Escapes are decoded once, dot segments are removed after decoding; what could mean two things is refused. */
#include "lib/http/target.h"
#include "base/writer.h"
#include "lib/http/octet.h"

bool host_is_valid(struct span s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!octet_is(span_at(s, i), OCTET_HOST))
            return false;
    return true;
}

/* authority-form, of CONNECT alone: host ":" port */
static enum http_err authority_parse(struct http_request *r)
{
    size_t colon = r->target.n;
    while (colon > 0 && span_at(r->target, colon - 1) != ':')
        colon--;
    uint64_t port = 0;
    if (colon < 2 || !host_is_valid(r->target) || !decimal(span_skip(r->target, colon), &port) || port > 65535)
        return HTTP_BAD_TARGET;
    r->host = r->target;
    return HTTP_OK;
}

static void path_and_query(struct http_request *r, struct span s)
{
    r->path = span_first(s, span_find(s, '?'));
    r->query = span_skip(s, r->path.n + 1);
}

/* absolute-form: "http://" authority [path] ["?" query]; its authority overrules Host. No user name. */
static enum http_err absolute_parse(struct http_request *r)
{
    size_t scheme = span_find(r->target, ':');
    bool is_http = http_token_is(span_first(r->target, scheme), TEXT("http")) ||
                   http_token_is(span_first(r->target, scheme), TEXT("https"));
    if (!is_http || !span_starts(span_skip(r->target, scheme), TEXT("://")))
        return HTTP_BAD_TARGET;
    struct span rest = span_skip(r->target, scheme + 3);
    r->host = span_first(rest, span_find(rest, '/'));
    r->host = span_first(r->host, span_find(r->host, '?'));
    if (r->host.n == 0 || !host_is_valid(r->host))
        return HTTP_BAD_TARGET;
    rest = span_skip(rest, r->host.n);
    path_and_query(r, rest);
    if (r->path.n == 0)
        r->path = TEXT("/");
    return HTTP_OK;
}

enum http_err target_parse(struct http_request *r)
{
    if (r->method == HTTP_CONNECT)
        return authority_parse(r);
    if (r->method == HTTP_OPTIONS && span_eq(r->target, TEXT("*")))
        return HTTP_OK;
    if (span_at(r->target, 0) != '/')
        return absolute_parse(r);
    path_and_query(r, r->target);
    return HTTP_OK;
}

/* One octet of a segment off the front of the path, decoded; 0: malformed, or nothing a key may hold. */
static uint8_t segment_octet(struct span *path)
{
    uint8_t c = span_at(*path, 0);
    if (c == '%') {
        if (path->n < 3)
            return 0;
        unsigned high = octet_hex(span_at(*path, 1)), low = octet_hex(span_at(*path, 2));
        if (high > 15 || low > 15)
            return 0;
        *path = span_skip(*path, 2);
        c = (uint8_t)(high << 4 | low);
    }
    *path = span_skip(*path, 1);
    return c < ' ' || c == 0x7f || c == '/' ? 0 : c;
}

/* How many octets at the front stand for themselves. */
static size_t plain_octets(struct span path)
{
    size_t n = 0;
    while (n < path.n && octet_is(span_at(path, n), OCTET_PATH))
        n++;
    return n;
}

/* Decodes one segment, up to its slash or the end of the path, behind what w holds. */
static bool segment_decode(struct span *path, struct wr *w)
{
    for (;;) {
        size_t n = plain_octets(*path);
        wr_bytes(w, span_first(*path, n));
        *path = span_skip(*path, n);
        if (path->n == 0 || span_at(*path, 0) == '/')
            return !w->full;
        uint8_t c = segment_octet(path);
        if (c == 0)
            return false;
        wr_u8(w, c);
    }
}

/* Where the segment before the last one of `key` begins, which ends with a slash. */
static size_t parent(struct span key)
{
    size_t n = key.n - 1;
    while (n > 0 && span_at(key, n - 1) != '/')
        n--;
    return n;
}

enum http_err http_path_key(struct span path, struct mspan out, struct http_key *key)
{
    size_t n = 0;                       /* whole segments in `out`, each with its slash */
    bool is_folder = true;
    *key = (struct http_key){ 0 };
    if (!span_starts(path, TEXT("/")))
        return HTTP_BAD_TARGET;
    path = span_skip(path, 1);
    while (path.n > 0) {
        struct wr w = wr_of(mspan_skip(out, n));
        if (!segment_decode(&path, &w))
            return HTTP_BAD_TARGET;
        struct span segment = wr_done(&w);
        is_folder = path.n > 0;
        path = span_skip(path, 1);
        if (segment.n == 0)
            return HTTP_BAD_TARGET;
        if (span_eq(segment, TEXT(".")) || span_eq(segment, TEXT(".."))) {
            if (segment.n == 2 && n == 0)
                return HTTP_BAD_TARGET;
            n = segment.n == 2 ? parent(span_of(mspan_first(out, n))) : n;
            is_folder = true;
            continue;
        }
        n += segment.n;
        if (path.n == 0 && !is_folder)
            break;
        if (n == out.n)
            return HTTP_BAD_TARGET;
        mspan_put(out, n++, '/');
    }
    *key = (struct http_key){ span_of(mspan_first(out, is_folder && n > 0 ? n - 1 : n)), is_folder };
    return HTTP_OK;
}
