// SPDX-License-Identifier: ISC
/* Every allocation of a website fails in turn: of its server, its stack, its fibers. The start may fail, a page may be missing, but
 * everything ends, and what was taken is given back. */
#include "lib/http_files/files.h"
#include "lib/http_server/server.h"
#include "lib/stack/test_fault_run.h"

static struct http_server server;
static struct http_files files;

/* ---- A store of one page, which is read in pieces */

static err find(struct kv *kv, struct span key, struct kv_value *out)
{
    (void)kv;
    *out = (struct kv_value){ .num_bytes = 20000 };
    return span_eq(key, TEXT("index.html")) ? OK : E_NOT_FOUND;
}
static err read_zeros(struct kv *kv, struct span key, uint64_t offset_bytes, struct mspan out, size_t *num_read)
{
    (void)kv, (void)key, (void)offset_bytes;
    mspan_zero(out);
    *num_read = out.n;
    return OK;
}
static const struct kv_ops store_ops = { .find = find, .read = read_zeros };
static struct kv store = { &store_ops };

static bool is_served(struct span request)
{
    struct endpoint to = at_right(80);
    struct flow *f;
    struct span got;
    size_t num_bytes = 0;
    if (tcp_connect(left, &to, in_s(10), &f) != OK)
        return false;
    err e = flow_write(f, request, in_s(10));
    for (; e == OK && (e = flow_peek(f, &got, in_s(40))) == OK; flow_consume(f, got.n))
        num_bytes += got.n;
    flow_close(f);
    return e == E_EOF && num_bytes > 20000;
}
/* Questions by UDP, beside the website: to its host and to our own. */
static bool is_asked(void)
{
    struct endpoint there = at_right(53), here = { ip_from_v4(0x0a000001), 53 };
    struct udp *u;
    if (udp_open(left, 0, &u) != OK)
        return false;
    bool is_sent = udp_send(u, &there, TEXT("question")) == OK && udp_send(u, &here, TEXT("question")) == OK;
    udp_close(u);
    return is_sent;
}
static err serve(void)
{
    struct span whole = TEXT("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    struct span with_body = TEXT("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc");
    TRY(http_server_init(&server, &http_server_defaults, &files.handler));
    TRY(tcp_listen(right, 80, &server.service));
    worked = is_asked() && is_served(whole) && is_served(with_body);
    return OK;
}
static err scenario(void *arg)
{
    (void)arg;
    TRY(random_init());
    http_files_init(&files, &store);
    left = right = NULL;
    server = (struct http_server){ 0 };
    err e = station_up(&left_end, 1, &left);
    if (e == OK)
        e = station_up(&right_end, 2, &right);
    if (e == OK)
        e = serve();
    if (left)
        stack_close(left);
    if (right)
        stack_close(right);
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    return e;
}
TEST(whichever_allocation_fails_a_website_ends_and_gives_everything_back)
{
    has_ipv6 = true;
    fail_each_allocation_of(scenario);
}
TEST_MAIN
