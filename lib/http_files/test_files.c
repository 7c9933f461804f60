// SPDX-License-Identifier: ISC
#include "lib/http_files/files.h"
#include "check/http_client.h"

/* A store of a few values; those that are not in memory are read, and can fail. */
struct entry {
    const char *key, *value;
    bool is_in_memory;
};
static char large[10000];
static const struct entry entries[] = {
    { "404.html", "<h1>not here</h1>", true }, { "a b.txt", "blank", true },   { "docs/index.html", "<h1>docs</h1>", true },
    { "empty.css", "", true },                 { "index.html", "<h1>home</h1>", true }, { "large.bin", large, false },
};
struct store {
    struct kv kv;
    bool has_404, fails, is_cut;
    unsigned num_reads;
};
static struct store store;

static const struct entry *entry_of(struct span key)
{
    for (size_t i = store.has_404 ? 0 : 1; i < NUM_OF(entries); i++)
        if (span_eq(key, span_of_str(entries[i].key)))
            return &entries[i];
    return NULL;
}
static err store_find(struct kv *kv, struct span key, struct kv_value *out)
{
    (void)kv;
    const struct entry *e = entry_of(key);
    if (store.fails)
        return E_IO;
    if (!e)
        return E_NOT_FOUND;
    *out = (struct kv_value){ .num_bytes = strlen(e->value), .digest = { 0xab, 0xcd, [15] = (uint8_t)strlen(e->value) } };
    if (e->is_in_memory)
        out->bytes = span_of_str(e->value);
    return OK;
}
static err store_read(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read)
{
    (void)kv;
    store.num_reads++;
    *num_read = store.is_cut && offset_bytes > 4000 ? 0 : span_copy(out, span_skip(span_of_str(entry_of(key)->value), offset_bytes));
    return OK;
}
static const struct kv_ops store_ops = { store_find, store_read, NULL };

static struct http_files files;
static struct http_server server;
static struct client client;

static void start(void)
{
    struct http_server_config config = http_server_defaults;
    config.num_buffers = 1;
    memset(large, 'L', sizeof large - 1);
    memcpy(large, "begin", 5);
    memcpy(large + sizeof large - 4, "end", 3);
    store = (struct store){ .kv.ops = &store_ops, .has_404 = true };
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    http_files_init(&files, &store.kv);
    EQ(http_server_init(&server, &config, &files.handler), OK);
    client_init(&client, &server);
}
/* Sends "METHOD TARGET" with further fields, and gives the answer. */
static struct span ask(const char *line, const char *fields)
{
    char request[2000];
    client_got(&client);
    snprintf(request, sizeof request, "%s HTTP/1.1\r\nHost: x\r\n%s\r\n", line, fields);
    client_send(&client, request);
    return span_first(SPAN(client.flow.out), client.flow.out_end);
}
#define HOME_ETAG "\"abcd000000000000000000000000000d\""

TEST(a_value_is_served_with_type_tag_and_ranges)
{
    start();
    TRUE(ends_with(ask("GET /", ""), "\r\n\r\n<h1>home</h1>"));
    GOT(&client, "HTTP/1.1 200 OK\r\n");
    GOT(&client, "Content-Type: text/html; charset=utf-8\r\n");
    GOT(&client, "ETag: " HOME_ETAG "\r\n");
    GOT(&client, "Accept-Ranges: bytes\r\n");
    GOT(&client, "Content-Length: 13\r\n");
    TRUE(ends_with(ask("GET /index.html?x=y", ""), "\r\n\r\n<h1>home</h1>"));
    TRUE(ends_with(ask("GET /a%20b.txt", ""), "\r\n\r\nblank"));
    TRUE(ends_with(ask("GET /docs/../docs/", ""), "\r\n\r\n<h1>docs</h1>"));
    TRUE(ends_with(ask("HEAD /", ""), "Content-Length: 13\r\n\r\n"));
    TRUE(ends_with(ask("GET /empty.css", ""), "Content-Length: 0\r\n\r\n"));
}
TEST(a_folder_without_its_slash_is_redirected)
{
    start();
    TRUE(contains(ask("GET /docs?a=b", ""), "HTTP/1.1 301 Moved Permanently\r\n"));
    GOT(&client, "\r\nLocation: /docs/?a=b\r\n");
    ask("GET http://x/docs", "");
    GOT(&client, "\r\nLocation: /docs/\r\n");
}
TEST(what_is_not_there_gets_the_site_s_page_or_a_line)
{
    start();
    TRUE(ends_with(ask("GET /nothing", "If-None-Match: *\r\nRange: bytes=0-0\r\n"), "\r\n\r\n<h1>not here</h1>"));
    GOT(&client, "HTTP/1.1 404 Not Found\r\n");
    TRUE(contains(ask("GET /index.html/", ""), "HTTP/1.1 404"));
    TRUE(contains(ask("GET /docs/index.html/x/", ""), "HTTP/1.1 404"));
    store.has_404 = false;
    TRUE(ends_with(ask("GET /nothing", ""), "\r\n\r\n404 Not Found\n"));
}
TEST(hostile_paths_are_refused)
{
    start();
    TRUE(contains(ask("GET /../etc/passwd", ""), "HTTP/1.1 400"));
    TRUE(contains(ask("GET /docs%2findex.html", ""), "HTTP/1.1 400"));
    TRUE(contains(ask("GET //docs", ""), "HTTP/1.1 400"));
    TRUE(contains(ask("GET /index.html%00", ""), "HTTP/1.1 400"));
}
TEST(conditions_and_ranges_select)
{
    start();
    TRUE(contains(ask("GET /", "If-None-Match: \"x\", W/" HOME_ETAG "\r\n"), "HTTP/1.1 304 Not Modified\r\n"));
    GOT(&client, "ETag: " HOME_ETAG "\r\n");
    TRUE(ends_with(client_got(&client), "\r\n\r\n"));
    TRUE(ends_with(ask("GET /", "Range: bytes=4-7\r\n"), "\r\n\r\nhome"));
    GOT(&client, "HTTP/1.1 206 Partial Content\r\n");
    GOT(&client, "Content-Range: bytes 4-7/13\r\n");
    TRUE(ends_with(ask("GET /", "Range: bytes=-5\r\nIf-Range: " HOME_ETAG "\r\n"), "\r\n\r\n</h1>"));
    TRUE(contains(ask("GET /", "Range: bytes=0-1\r\nIf-Range: \"old\"\r\n"), "HTTP/1.1 200 OK\r\n"));
    TRUE(contains(ask("GET /", "Range: bytes=13-\r\n"), "HTTP/1.1 416 Range Not Satisfiable\r\n"));
    GOT(&client, "Content-Range: bytes */13\r\n");
    TRUE(contains(ask("GET /", "If-Match: \"old\"\r\n"), "HTTP/1.1 412 Precondition Failed\r\n"));
}
TEST(a_value_that_is_not_in_memory_is_read_in_pieces)
{
    start();
    struct span got = ask("GET /large.bin", "");
    TRUE(ends_with(got, "Lend") && contains(got, "\r\n\r\nbeginL"));
    GOT(&client, "Content-Length: 9999\r\n");
    EQ(store.num_reads, 3);
    TRUE(ends_with(ask("GET /large.bin", "Range: bytes=-4\r\n"), "\r\n\r\nLend"));
    EQ(store.num_reads, 4);
    TRUE(ends_with(ask("HEAD /large.bin", ""), "Content-Length: 9999\r\n\r\n"));
    EQ(store.num_reads, 4);
    TRUE(!client.rest.close);
}
TEST(a_value_that_ends_early_cuts_the_connection)
{
    start();
    store.is_cut = true;
    ask("GET /large.bin", "");
    TRUE(client.rest.close);
}
TEST(a_failing_store_gives_500)
{
    start();
    store.fails = true;
    TRUE(contains(ask("GET /", ""), "HTTP/1.1 500 Internal Server Error\r\n"));
    TRUE(!client.rest.close);
}
TEST(other_methods_are_told_what_is_allowed)
{
    start();
    TRUE(contains(ask("POST /", ""), "HTTP/1.1 405 Method Not Allowed\r\n"));
    GOT(&client, "Allow: GET, HEAD, OPTIONS\r\n");
    TRUE(contains(ask("OPTIONS *", ""), "HTTP/1.1 204 No Content\r\n"));
    TRUE(contains(ask("TRACE /", ""), "HTTP/1.1 405"));
    TRUE(contains(ask("CONNECT x:443", ""), "HTTP/1.1 405"));
}
TEST(a_key_too_long_for_a_redirect_is_refused_not_cut)
{
    char line[1200] = "GET /";
    start();
    memset(line + 5, 'x', sizeof line - 6);
    TRUE(contains(ask(line, ""), "HTTP/1.1 400"));
    memset(line + 5, 'x', HTTP_KEY_BYTES_MAX);
    line[5 + HTTP_KEY_BYTES_MAX] = 0;
    TRUE(contains(ask(line, ""), "HTTP/1.1 404"));
}
TEST_MAIN
