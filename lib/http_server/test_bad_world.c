// SPDX-License-Identifier: ISC
/* A website in a bad world, in virtual time: a network that loses, doubles, reorders, spoils and delays frames; a device that
 * is full, or gone; a clock that jumps. A page comes as it is or not at all, and in the end nothing is left. */
#include "lib/http_server/server.h"
#include "lib/stack/test_link.h"

static uint8_t page[50000];
static uint8_t page_byte(size_t i)
{
    return (uint8_t)(i * 7 + i / 251);
}
static struct http_server server;
static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200 };
    struct flow *body;
    (void)h;
    if (!span_eq(x->request->path, TEXT("/copied")))
        return http_reply_static(x, &head, SPAN(page));
    TRY(http_reply_stream(x, &head, HTTP_LENGTH_UNKNOWN, &body));
    return flow_write(body, SPAN(page), NEVER);
}
static struct http_handler handler = { answer };

/* ---- A network as bad as it is told to be */

static struct {
    unsigned loses, doubles, spoils, holds;     /* of 100 frames, either way */
    uint64_t random;
    struct {
        struct station *to;
        struct wire_frame frame;
    } held[8];                                  /* NULL: none; let go when another frame takes its place */
    size_t num_spoilt, num_held;
} bad;

static unsigned chance(unsigned n)
{
    bad.random = bad.random * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(bad.random >> 33) % n;
}
static bool happens(unsigned percent)
{
    return chance(100) < percent;
}
static void pass_on(struct station *to, const struct wire_frame *f)
{
    deliver(to, &(struct tx_frame){ .part = { { f->byte, f->num_bytes } }, .num_parts = 1, .offload = f->offload });
}
/* Lets one go that was held, as if it had taken a longer way. */
static void let_go(size_t i)
{
    if (bad.held[i].to)
        pass_on(bad.held[i].to, &bad.held[i].frame);
    bad.held[i].to = NULL;
}
static void carry(struct station *to, struct wire_frame *f)
{
    if (happens(bad.loses))
        return;
    if (happens(bad.spoils)) {
        f->byte[chance((unsigned)f->num_bytes)] ^= (uint8_t)(1u << chance(8));
        bad.num_spoilt++;
    }
    if (happens(bad.doubles))
        pass_on(to, f);
    if (!happens(bad.holds)) {
        pass_on(to, f);
        return;
    }
    size_t i = chance(NUM_OF(bad.held));
    let_go(i);
    bad.held[i].to = to;
    bad.held[i].frame.num_bytes = f->num_bytes;
    bad.held[i].frame.offload = f->offload;
    memcpy(bad.held[i].frame.byte, f->byte, f->num_bytes);
    bad.num_held++;
}
static size_t bad_send(struct net *n, const struct tx_frame *frames, size_t num)
{
    static struct wire_frame whole;
    struct station *s = station_of(n);
    if (s->is_full)
        return 0;
    for (size_t i = 0; i < num; i++) {
        struct wr w = wr_of(MSPAN(whole.byte));
        for (size_t j = 0; j < frames[i].num_parts; j++)
            wr_bytes(&w, frames[i].part[j]);
        whole.num_bytes = wr_len(&w);
        whole.offload = frames[i].offload;
        carry(s->peer, &whole);
    }
    return num;
}
static const struct net_ops bad_ops = { station_receive, bad_send, station_wait };

/* ---- A client that believes nothing */

static size_t hex_digit(uint8_t c)
{
    return c <= '9' ? c - (size_t)'0' : (c | 32u) - 'a' + 10u;
}

enum outcome { RIGHT, FAILED, WRONG };
/* Reads the body, in chunks or not: the bytes of the page in order, with what frames them between. */
static enum outcome read_page(struct flow *f, bool is_chunked, nanos until)
{
    static uint8_t all[sizeof page + 4096];
    struct wr w = wr_of(MSPAN(all));
    struct span got;
    err e;
    for (; (e = flow_peek(f, &got, until)) == OK; flow_consume(f, got.n))
        wr_bytes(&w, got);
    struct span in = wr_done(&w);
    if (e != E_EOF || !span_starts(in, TEXT("HTTP/1.1 200 ")))
        return FAILED;
    while (in.n > 0 && !span_starts(in, TEXT("\r\n\r\n")))
        in = span_skip(in, 1);
    in = span_skip(in, 4);
    for (size_t at = 0; at < sizeof page;) {
        size_t n = sizeof page - at;
        if (is_chunked) {
            n = 0;
            for (; in.n > 0 && span_at(in, 0) != '\r'; in = span_skip(in, 1))
                n = n * 16 + hex_digit(span_at(in, 0));
            in = span_skip(in, 2);
        }
        if (n == 0 || n > in.n)
            return FAILED;              /* cut short, as its length shows */
        if (n > sizeof page - at || !span_eq(span_first(in, n), span_sub(SPAN(page), at, n)))
            return WRONG;
        in = span_skip(in, n + (is_chunked ? 2 : 0));
        at += n;
    }
    return RIGHT;
}
static enum outcome fetch(bool is_chunked, nanos within)
{
    struct endpoint to = at_right(80);
    struct flow *f;
    nanos until = nanos_add(clock_now(), within);
    if (tcp_connect(left, &to, until, &f) != OK)
        return FAILED;
    struct span request = is_chunked ? TEXT("GET /copied HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                                     : TEXT("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    enum outcome o = flow_write(f, request, until) == OK ? read_page(f, is_chunked, until) : FAILED;
    flow_close(f);
    return o;
}
static void start(void)
{
    for (size_t i = 0; i < sizeof page; i++)
        page[i] = page_byte(i);
    memset(&bad, 0, sizeof bad);
    left_end.net.ops = right_end.net.ops = &bad_ops;
    EQ(http_server_init(&server, &http_server_defaults, &handler), OK);
    EQ(tcp_listen(right, 80, &server.service), OK);
    EQ(fetch(false, from_s(1)), RIGHT);
    EQ(fetch(true, from_s(1)), RIGHT);
}
/* The world is well again: so is the website, and it holds what it held before. */
static void end(void)
{
    for (size_t i = 0; i < NUM_OF(bad.held); i++)
        let_go(i);
    memset(&bad, 0, sizeof bad);
    left_end.is_full = right_end.is_full = false;
    EQ(sleep_until(in_s(900)), OK);
    EQ(tcp_num_open(host_of(right)->tcp), 0);
    EQ(tcp_num_open(host_of(left)->tcp), 0);
    EQ(server.num_free, server.free.n);
    EQ(fetch(false, from_s(1)), RIGHT);
    EQ(fetch(true, from_s(1)), RIGHT);
    heap_free(server.buffers.p);
    heap_free(server.free.p);
}

/* So many pages are fetched; how many came. */
static unsigned fetched(unsigned num, nanos within)
{
    unsigned num_right = 0;
    for (unsigned i = 0; i < num; i++) {
        enum outcome o = fetch(i % 2, within);
        TRUE(o != WRONG);
        num_right += o == RIGHT;
    }
    return num_right;
}

LINK_TEST(over_a_network_with_every_fault_each_page_comes_whole, false)
{
    start();
    bad.loses = bad.doubles = bad.spoils = bad.holds = 3;
    EQ(fetched(60, from_s(600)), 60);
    TRUE(bad.num_spoilt > 50 && bad.num_held > 50);
    end();
}
LINK_TEST(over_a_network_that_hardly_works_a_page_is_whole_or_missing, false)
{
    start();
    bad.loses = bad.doubles = bad.spoils = bad.holds = 12;
    unsigned num = fetched(40, from_s(60));
    printf("# %u of 40 pages came\n", num);
    TRUE(num > 0 && num < 40);
    end();
}
LINK_TEST(each_fault_alone_delays_a_page_at_most, true)
{
    unsigned *const fault[] = { &bad.loses, &bad.doubles, &bad.holds };     /* spoilt frames go unseen by a device that checks */
    start();
    for (size_t i = 0; i < NUM_OF(fault); i++) {
        *fault[i] = 10;
        EQ(fetched(10, from_s(600)), 10);
        *fault[i] = 0;
    }
    end();
}

/* ---- The platform */

LINK_TEST(a_device_that_takes_nothing_for_a_while_delays_pages, false)
{
    start();
    left_end.is_full = right_end.is_full = true;
    EQ(fetch(false, from_s(2)), FAILED);
    left_end.is_full = false;
    EQ(fetch(false, from_s(2)), FAILED);
    right_end.is_full = false;
    EQ(fetched(2, from_s(60)), 2);
    TRUE(stack_counters(left)->device_full > 0 && stack_counters(right)->device_full > 0);
    end();
}
LINK_TEST(a_device_that_is_gone_for_good_ends_every_connection, false)
{
    struct endpoint to = at_right(80);
    struct flow *f;
    struct span got;
    start();
    EQ(tcp_connect(left, &to, in_s(1), &f), OK);
    EQ(flow_write(f, TEXT("GET /"), in_s(1)), OK);
    right_end.is_full = true;
    bad.loses = 100;
    EQ(flow_write(f, TEXT(" HTTP/1.1\r\nHost: x\r\n\r\n"), in_s(1)), OK);
    EQ(flow_peek(f, &got, in_s(5000)), E_RESET);
    flow_close(f);
    EQ(sleep_until(in_s(2000)), OK);
    EQ(tcp_num_open(host_of(left)->tcp) + tcp_num_open(host_of(right)->tcp), 0);
    end();
}
LINK_TEST(a_clock_that_jumps_ahead_ends_what_is_overdue_and_nothing_else, false)
{
    start();
    static const nanos jumps[] = { NS_PER_MS, NS_PER_S, 3600ull * NS_PER_S, 400ull * 86400 * NS_PER_S };
    for (size_t i = 0; i < NUM_OF(jumps); i++) {
        struct endpoint to = at_right(80);
        struct flow *f;
        EQ(tcp_connect(left, &to, in_s(1), &f), OK);
        EQ(flow_write(f, TEXT("GET"), in_s(1)), OK);
        EQ(sleep_until(in_ms(100)), OK);
        fake.now += jumps[i];
        err e = flow_write(f, TEXT(" / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), in_s(1));
        enum outcome o = e == OK ? read_page(f, false, in_s(60)) : FAILED;
        TRUE(o == RIGHT || (o == FAILED && jumps[i] > http_server_defaults.head_within));
        flow_close(f);
        EQ(fetched(2, from_s(10)), 2);
    }
    end();
}
/* No platform may do that; where one does, a moment is lost and nothing more. */
LINK_TEST(a_clock_that_goes_back_a_little_costs_no_more_than_that, false)
{
    start();
    for (int i = 0; i < 20; i++) {
        fake.now -= 50 * (nanos)NS_PER_MS;
        EQ(fetched(1, from_s(10)), 1);
    }
    end();
}
TEST_MAIN
