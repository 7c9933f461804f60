// SPDX-License-Identifier: ISC
/* A store that is served, one in memory and one that is read piece by piece, whatever a client asks: an answer of 200 is one of the files,
 * whole, with its ETag, and the one that the path means; 206 is the part of it that it says; HEAD has the head of GET; a folder without its
 * slash is sent to where it has one. */
#define TEST_OWN_PANIC
#include "base/cursor.h"
#include "check/any.h"
#include "check/http_client.h"
#include "lib/http_files/files.h"
#include "lib/kv_files/kv_files.h"

enum { PIECE_MAX = 70 };

static uint8_t binary[5000];
static const struct kv_file table[] = {
    { TEXT_INIT("404.html"), TEXT_INIT("<p>not here"), { 1, 0xab } },
    { TEXT_INIT("a b.txt"), TEXT_INIT("text"), { 2 } },
    { TEXT_INIT("empty"), TEXT_INIT(""), { 3 } },
    { TEXT_INIT("index.html"), TEXT_INIT("<p>first"), { 4 } },
    { TEXT_INIT("sub/index.html"), TEXT_INIT("<p>second"), { 5 } },
    { TEXT_INIT("z.bin"), { binary, sizeof binary }, { 6, [15] = 0xf0 } },
};
static const struct { const char *path; int file; } meant[] = {     /* -1: sent to the folder, -2: not there */
    { "/", 3 }, { "/index.html", 3 }, { "/sub/", 4 }, { "/sub", -1 }, { "/z.bin", 5 }, { "/a%20b.txt", 1 }, { "/empty", 2 },
    { "/none", -2 },
};
static struct kv_files stored;

/* ---- The store that is not in memory */

static bool read_fails;

static err slow_find(struct kv *kv, struct span key, struct kv_value *out)
{
    (void)kv;
    TRY(kv_find(&stored.kv, key, out));
    out->bytes = (struct span){ 0 };
    return OK;
}
static err slow_read(struct kv *kv, struct span key, uint64_t at, struct mspan out, size_t *n)
{
    (void)kv;
    *n = 0;
    return read_fails && at > 0 ? E_IO : kv_read(&stored.kv, key, at, mspan_first(out, PIECE_MAX), n);
}
static const struct kv_ops slow_ops = { .find = slow_find, .read = slow_read };
static struct kv slow = { &slow_ops };

/* ---- An answer, taken apart */

struct answer {
    unsigned status;
    struct span head, body;
};
static struct span field(struct span head, const char *name)
{
    const uint8_t *at = memmem(head.p, head.n, name, strlen(name));
    struct span rest = at ? span_skip(head, (size_t)(at - head.p) + strlen(name)) : (struct span){ 0 };
    return span_first(rest, span_find(rest, '\r'));
}
static uint64_t number(struct span *s)
{
    uint64_t v = 0;
    while (s->n > 0 && span_at(*s, 0) >= '0' && span_at(*s, 0) <= '9') {
        v = v * 10 + span_at(*s, 0) - '0';
        *s = span_skip(*s, 1);
    }
    return v;
}
static struct answer take_apart(struct span got)
{
    const uint8_t *end = memmem(got.p, got.n, "\r\n\r\n", 4);
    CHECK(end && span_starts(got, TEXT("HTTP/1.1 ")));
    struct answer a = { .head = span_first(got, (size_t)(end - got.p) + 4) };
    struct span status = span_sub(got, 9, 3);
    a.status = (unsigned)number(&status);
    a.body = span_skip(got, a.head.n);
    return a;
}
static const struct kv_file *by_etag(struct span etag)
{
    for (size_t i = 0; i < NUM_OF(table); i++) {
        char text[40];
        size_t n = (size_t)snprintf(text, sizeof text, "\"");
        for (size_t k = 0; k < KV_DIGEST_BYTES; k++)
            n += (size_t)snprintf(text + n, sizeof text - n, "%02x", table[i].digest[k]);
        n += (size_t)snprintf(text + n, sizeof text - n, "\"");
        if (span_eq(etag, (struct span){ (const uint8_t *)text, n }))
            return &table[i];
    }
    return NULL;
}

/* ---- What must hold of it */

static void check_part(const struct answer *a, const struct kv_file *file, bool has_body)
{
    struct span range = field(a->head, "Content-Range: bytes "), length = field(a->head, "Content-Length: ");
    uint64_t first = number(&range);
    range = span_skip(range, 1);
    uint64_t last = number(&range);
    range = span_skip(range, 1);
    CHECK(number(&range) == file->bytes.n && first <= last && last < file->bytes.n);
    CHECK(number(&length) == last - first + 1);
    CHECK(!has_body || span_eq(a->body, span_sub(file->bytes, first, last - first + 1)));
}
static void check_answer(const struct answer *a, bool is_get, bool is_head, int file)
{
    const struct kv_file *of = by_etag(field(a->head, "ETag: "));
    struct span length = field(a->head, "Content-Length: ");
    bool is_part = a->status == 206, is_whole = a->status == 200 && (is_get || is_head);
    CHECK(!(is_whole || is_part || a->status == 304) || of);
    CHECK(file < 0 || !of || of == &table[file]);
    CHECK(file != -1 || !(is_whole || is_part));
    CHECK(file != -2 || !(is_get || is_head) || a->status == 404 || a->status == 500);
    CHECK(a->status != 301 || field(a->head, "Location: ").n > 1);
    CHECK(a->status != 304 || a->body.n == 0);
    if (is_part)
        check_part(a, of, is_get);
    if (is_whole) {
        CHECK(number(&length) == of->bytes.n);
        CHECK(span_eq(a->body, is_get ? of->bytes : (struct span){ 0 }));
    }
}

/* ---- Requests, of which the script chooses each part */

static struct http_files files;
static struct http_server server;
static struct client client;

static struct span take(struct cur *script, size_t max)
{
    size_t n = cur_u8(script) % max;
    return cur_bytes(script, n < script->left.n ? n : script->left.n);
}
static void step(struct cur *script)
{
    static const char *const methods[] = { "GET", "GET", "HEAD", "POST" }, *const fields[] = {
        "", "Range: bytes=", "If-None-Match: ", "If-Range: \"04000000000000000000000000000000\"\r\nRange: bytes=",
    };
    static char text[600];
    uint8_t what = cur_u8(script), path = cur_u8(script);
    bool is_free = path >= 128, is_head = (what & 3) == 2, is_get = (what & 3) < 2;
    struct span own = is_free ? take(script, 60) : (struct span){ 0 }, value = take(script, 60);
    int n = snprintf(text, sizeof text, "%s %s%.*s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n", methods[what & 3],
                     is_free ? "/" : meant[path % NUM_OF(meant)].path, (int)own.n, (const char *)own.p);
    if (what & 12)
        n += snprintf(text + n, sizeof text - (size_t)n, "%s%.*s\r\n", fields[what >> 2 & 3], (int)value.n, (const char *)value.p);
    n += snprintf(text + n, sizeof text - (size_t)n, "\r\n");
    read_fails = what >= 224;
    client_init(&client, &server);
    client_receive(&client, (struct span){ (const uint8_t *)text, (size_t)n });
    struct span got = client_got(&client);
    if (got.n == 0 || (read_fails && files.kv == &slow))
        return;
    struct answer a = take_apart(got);
    check_answer(&a, is_get, is_head, is_free || a.status == 400 ? -3 : meant[path % NUM_OF(meant)].file);
}

PROPERTY(prop_files, 300)
{
    struct cur script = cur_of(in);
    struct http_server_config config = http_server_defaults;
    uint8_t about = cur_u8(&script);
    for (size_t i = 0; i < sizeof binary; i++)
        binary[i] = (uint8_t)(i * 7 + (i >> 8));
    stored = (struct kv_files){ .kv = { &kv_files_ops }, .files = { table, NUM_OF(table) } };
    config.num_buffers = 1;
    http_files_init(&files, about & 1 ? &slow : &stored.kv);
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    CHECK(http_server_init(&server, &config, &files.handler) == OK);
    while (cur_more(&script))
        step(&script);
    CHECK(server.num_free == server.free.n);
}
