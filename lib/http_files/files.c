// SPDX-License-Identifier: ISC
/* files.c - from a path to a value and its answer (RFC 9110 sections 9.3.1, 9.3.2, 13 and 14). */
#include "lib/http_files/files.h"
#include "base/list.h"

#define PIECE_BYTES 4096u           /* of a value that is not in memory */
#define LOCATION_BYTES_MAX 2048u
#define ETAG_BYTES (2 + 2 * KV_DIGEST_BYTES)
#define EACH_OCTET(c) ((uint64_t)(c) * UINT64_C(0x0101010101010101))
_Static_assert(KV_DIGEST_BYTES % 4 == 0, "digests are written by words");

struct found {
    struct span key;
    struct kv_value value;
};

/* Eight hexadecimal digits, as octets of one number: each octet gets four bits, then what makes a digit of them. */
static uint64_t digits_of(uint32_t v)
{
    uint64_t x = v;
    x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
    x = (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x | x << 4) & EACH_OCTET(0x0f);
    uint64_t letters = (x + EACH_OCTET(6)) >> 4 & EACH_OCTET(1);
    return x + EACH_OCTET('0') + letters * ('a' - '9' - 1);
}

static void write_etag(struct mspan etag, struct span digest)
{
    mspan_put(etag, 0, '"');
    for (size_t i = 0; i < digest.n; i += 4) {
        uint64_t digits = digits_of(span_u32(digest, i));
        mspan_u32(etag, 1 + 2 * i, (uint32_t)(digits >> 32));
        mspan_u32(etag, 5 + 2 * i, (uint32_t)digits);
    }
    mspan_put(etag, etag.n - 1, '"');
}

/* E_IO where the store has fewer bytes than it said. */
static err copy_pieces(struct kv *kv, struct span key, const struct http_selection *part, struct flow *to)
{
    uint8_t piece[PIECE_BYTES];
    uint64_t at = part->first, end = part->first + part->num_bytes;
    while (at < end) {
        size_t n, want = end - at < sizeof piece ? (size_t)(end - at) : sizeof piece;
        TRY(kv_read(kv, key, at, mspan_first(MSPAN(piece), want), &n));
        if (n == 0)
            return E_IO;
        TRY(flow_write(to, span_first(SPAN(piece), n), NEVER));
        at += n;
    }
    return OK;
}

static err send_part(struct http_files *f, struct http_exchange *x, struct http_head *head, const struct found *found,
                     const struct http_selection *part)
{
    struct flow *body;
    if (found->value.bytes.n == found->value.num_bytes)
        return http_reply_static(x, head, span_sub(found->value.bytes, (size_t)part->first, (size_t)part->num_bytes));
    TRY(http_reply_stream(x, head, part->num_bytes, &body));
    return x->request->method == HTTP_HEAD ? OK : copy_pieces(f->kv, found->key, part, body);
}

static err send_value(struct http_files *f, struct http_exchange *x, const struct found *found)
{
    uint8_t etag[ETAG_BYTES];
    write_etag(MSPAN(etag), SPAN(found->value.digest));
    struct http_selection part = http_select(x->request, SPAN(etag), found->value.num_bytes);
    struct http_head head = {
        .status = part.status, .etag = SPAN(etag), .accepts_ranges = true,
        .range_first = part.first, .range_last = part.first + part.num_bytes - 1, .range_total = found->value.num_bytes,
    };
    if (part.status != 200 && part.status != 206)
        return http_reply(x, &head, (struct span){ 0 });
    head.content_type = http_content_type(found->key);
    return send_part(f, x, &head, found, &part);
}

/* The page that the site has for it, or a line of text. */
static err send_not_found(struct http_files *f, struct http_exchange *x)
{
    struct found page = { .key = TEXT("404.html") };
    err e = kv_find(f->kv, page.key, &page.value);
    if (e == E_NOT_FOUND)
        return http_reply_status(x, 404);
    TRY(e);
    struct http_head head = { .status = 404, .content_type = http_content_type(page.key) };
    struct http_selection whole = { 404, 0, page.value.num_bytes };
    return send_part(f, x, &head, &page, &whole);
}

/* To the same path with a slash behind it, so that relative links of the page there work. */
static err send_to_folder(struct http_exchange *x, struct span key)
{
    uint8_t location[LOCATION_BYTES_MAX];
    struct wr w = wr_of(MSPAN(location));
    http_write_path(&w, &(struct http_key){ key, true });
    if (x->request->query.n > 0)
        wr_u8(&w, '?');
    wr_bytes(&w, x->request->query);
    if (w.full)
        return http_reply_status(x, 414);
    struct http_head head = { .status = 301, .location = wr_done(&w) };
    return http_reply(x, &head, (struct span){ 0 });
}

/* The key of the index page of a folder, behind whose name `room` has space for it. */
static struct span index_key(struct mspan room, struct span folder)
{
    struct wr w = wr_of(room);
    (void)wr_take(&w, folder.n);            /* the name is there already */
    wr_bytes(&w, folder.n > 0 ? TEXT("/index.html") : TEXT("index.html"));
    return wr_done(&w);
}

static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_files *f = LINKED(h, struct http_files, handler);
    uint8_t room[HTTP_KEY_BYTES_MAX + sizeof "/index.html"] UNINITIALIZED;
    struct found found = { 0 };
    struct http_key path;
    if (x->request->method != HTTP_GET && x->request->method != HTTP_HEAD)
        return http_reply_allow(x, TEXT("GET, HEAD, OPTIONS"));
    if (http_path_key(x->request->path, mspan_first(MSPAN(room), HTTP_KEY_BYTES_MAX), &path) != HTTP_OK)
        return http_reply_status(x, 400);
    found.key = path.is_folder ? index_key(MSPAN(room), path.key) : path.key;
    err e = kv_find(f->kv, found.key, &found.value);
    if (e == OK)
        return send_value(f, x, &found);
    if (e == E_NOT_FOUND && !path.is_folder) {
        e = kv_find(f->kv, index_key(MSPAN(room), path.key), &found.value);
        if (e == OK)
            return send_to_folder(x, path.key);
    }
    return e == E_NOT_FOUND ? send_not_found(f, x) : e;
}

void http_files_init(struct http_files *f, struct kv *kv)
{
    *f = (struct http_files){ .handler.answer = answer, .kv = kv };
}
