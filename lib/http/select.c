// SPDX-License-Identifier: ISC
/* select.c - conditional requests (RFC 9110 section 13) and range requests (section 14): which part of a value
 * answers. Lacks dates (a value has none here) and several ranges in one answer. */
#include "lib/http/octet.h"
#include "lib/http/response.h"

/* Takes an entity-tag off the front; false: there is none. */
static bool take_etag(struct span *s, struct span *opaque, bool *is_weak)
{
    *is_weak = span_starts(*s, TEXT("W/"));
    struct span tag = *is_weak ? span_skip(*s, 2) : *s;
    if (!span_starts(tag, TEXT("\"")))
        return false;
    size_t close = 1 + span_find(span_skip(tag, 1), '"');
    if (close >= tag.n)
        return false;
    *opaque = span_first(tag, close + 1);
    *s = span_skip(tag, close + 1);
    return true;
}

/* `etag` is strong; the comparison is strong unless weakly (RFC 9110 section 8.8.3.2). */
bool http_etag_listed(struct span list, struct span etag, bool weakly)
{
    struct span opaque;
    bool is_weak;
    if (span_eq(list, TEXT("*")))
        return true;
    while (take_etag(&list, &opaque, &is_weak)) {
        if (span_eq(opaque, etag) && (weakly || !is_weak))
            return true;
        while (list.n > 0 && (octet_is_blank(span_at(list, 0)) || span_at(list, 0) == ','))
            list = span_skip(list, 1);
    }
    return false;
}

/* A position of a range; one that is larger than any value counts as just that. */
static bool position(struct span s, uint64_t *out)
{
    for (size_t i = 0; i < s.n; i++)
        if (!octet_is_digit(span_at(s, i)))
            return false;
    if (s.n == 0)
        return false;
    if (!decimal(s, out))
        *out = UINT64_MAX;
    return true;
}

/* One int-range or suffix-range against a value of so many bytes; anything else leaves the whole value. */
static struct http_selection select_range(struct span range, uint64_t num_bytes)
{
    struct http_selection whole = { 200, 0, num_bytes }, none = { .status = 416 };
    size_t equals = span_find(range, '=');
    if (!http_token_is(span_first(range, equals), TEXT("bytes")))
        return whole;
    struct span set = trimmed(span_skip(range, equals + 1));
    size_t dash = span_find(set, '-');
    struct span from = span_first(set, dash), to = span_skip(set, dash + 1);
    uint64_t first = 0, last = UINT64_MAX;
    if (dash == set.n)
        return whole;
    if (from.n == 0) {                          /* the last so many bytes */
        if (!position(to, &last))
            return whole;
        last = last < num_bytes ? last : num_bytes;
        return last > 0 ? (struct http_selection){ 206, num_bytes - last, last } : none;
    }
    if (!position(from, &first) || (to.n > 0 && !position(to, &last)) || last < first)
        return whole;
    if (first >= num_bytes)
        return none;
    last = last < num_bytes - 1 ? last : num_bytes - 1;
    return (struct http_selection){ 206, first, last - first + 1 };
}

struct http_selection http_select(const struct http_request *r, struct span etag, uint64_t num_bytes)
{
    if (r->if_match.n > 0 && !http_etag_listed(r->if_match, etag, false))
        return (struct http_selection){ .status = 412 };
    if (http_etag_listed(r->if_none_match, etag, true))
        return (struct http_selection){ .status = 304 };
    bool ranged = r->method == HTTP_GET && (r->if_range.n == 0 || span_eq(r->if_range, etag));
    return ranged ? select_range(r->range, num_bytes) : (struct http_selection){ 200, 0, num_bytes };
}
