// SPDX-License-Identifier: ISC
/* A website with the memory of a small image, its whole stack and server, against strangers who want it to fail: a
 * client beside them gets every page at once, and afterwards all is as before. Time is virtual: what a client waits for is timers
 * and other people's turns, not this machine. */
#include "lib/http_server/server.h"
#include "lib/http_server/test_crowd.h"
#include "lib/icmp/icmp.h"
#include "lib/ndp/message.h"

#define HEAP_BYTES (40u << 20)
#define LEFT_PERCENT 67                 /* 13 MB are left for the server: --mem=16 */

static uint8_t heap[HEAP_BYTES] __attribute__((aligned(64)));
static uint8_t large[1 << 20];
static struct http_server server;

static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200 };
    (void)h;
    return span_eq(x->request->path, TEXT("/large")) ? http_reply_static(x, &head, SPAN(large)) : http_reply(x, &head, TEXT("a page"));
}
static struct http_handler handler = { answer };

/* ---- A client as it should be */

static struct {
    unsigned num_pages;
    nanos slowest;
} client;

static err get_page(struct flow *f)
{
    struct span got;
    TRY(flow_write(f, TEXT("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), in_s(1)));
    size_t num_bytes = 0;
    err e;
    for (; (e = flow_peek(f, &got, in_s(10))) == OK; num_bytes += got.n, flow_consume(f, got.n))
        if (num_bytes == 0 && !span_starts(got, TEXT("HTTP/1.1 200 ")))
            return E_INVALID;
    return e == E_EOF && num_bytes > 0 ? OK : e;
}
static void page_from(const struct endpoint *to)
{
    struct flow *f;
    crowd_make_room();          /* a full wire is not what is looked at */
    nanos began = clock_now();
    EQ(tcp_connect(left, to, in_s(10), &f), OK);
    EQ(get_page(f), OK);
    flow_close(f);
    client.num_pages++;
    client.slowest = nanos_max(client.slowest, nanos_sub(clock_now(), began));
}

static void page(void)
{
    struct endpoint to = at_right(80);
    page_from(&to);
}

/* ---- The frame of every test: served before, during and after, and nothing is left behind */

static void (*attack)(void);
static err scenario(void *arg)
{
    struct stack_config cfg = { .address = { ip_from_v4(CROWD_US), 24 }, .gateway = ip_from_v4(0x0a000001),
                                .ipv6 = { { { 0xfd, [15] = 2 } }, 64 } };
    struct stack_config client_cfg = { .address = { cfg.gateway, 24 }, .ipv6 = { { { 0xfd, [15] = 1 } }, 64 },
                                       .heap_percent = LEFT_PERCENT };
    (void)arg;
    TRY(random_init());
    station_init(&left_end, &right_end, 1);
    station_init(&right_end, &left_end, 2);
    right_end.net.ops = &crowd_ops;
    TRY(stack_open_dual(&left_end.net, &client_cfg, &left));
    TRY(stack_open_dual(&right_end.net, &cfg, &right));
    TRY(http_server_init(&server, &http_server_defaults, &handler));
    TRY(tcp_listen(right, 80, &server.service));
    struct stack_host *h = host_of(right);
    struct heap_stats before = heap_stats();
    page();
    TRY(sleep_until(in_s(1)));
    uint32_t num_free = h->packets->num_free;
    attack();
    printf("# %u pages, slowest %llu us; packets left %u of %zu, connections %zu of %zu, gave way %llu\n",
           client.num_pages, (unsigned long long)(client.slowest / 1000), h->packets->low_water, h->packets->all.n,
           tcp_num_open(h->tcp), h->conns.n, (unsigned long long)h->counters.gave_way);
    TRUE(client.slowest < NS_PER_S);
    TRY(sleep_until(in_s(900)));
    EQ(heap_stats().used_bytes, before.used_bytes);
    EQ(tcp_num_open(h->tcp), 0);
    EQ(h->packets->num_free, num_free);
    EQ(server.num_free, server.free.n);
    page();
    stack_close(left);
    stack_close(right);
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    return OK;
}
static void under(void (*what)(void))
{
    attack = what;
    features = (struct frame_features){ .receive_checksum = true };
    mtu = 1500;
    memset(&client, 0, sizeof client);
    memset(crowd, 0, sizeof crowd);
    crowd_bytes = 0;
    fresh_heap(MSPAN(heap));
    fake_reset();
    EQ(scheduler_run(scenario, NULL, "test"), OK);
    heap_check();
}
/* So many strangers connect. */
static void come(uint32_t first, uint32_t num, uint16_t window)
{
    for (uint32_t i = first; i < first + num; i++)
        crowd_knock(i, window);
    EQ(sleep_until(in_ms(1)), OK);
}

#define GET_LARGE "GET /large HTTP/1.1\r\nHost: x\r\n\r\n"
#define GET_PAGE "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
enum { MANY = 1400 };                   /* more than there are connections */

/* Everybody says the same, over and over, and a page is wanted in between. */
static void all_say(uint32_t num, struct span what, int num_rounds)
{
    for (int round = 0; round < num_rounds; round++) {
        for (uint32_t i = 0; i < num; i++)
            if (crowd[i].is_open)
                crowd_say(i, what);
        page();
        EQ(sleep_until(in_ms(100)), OK);
    }
}
static struct span repeated(struct span what)
{
    static uint8_t segment[1400];
    struct wr w = wr_of(MSPAN(segment));
    while (w.room.n >= what.n)
        wr_bytes(&w, what);
    return wr_done(&w);
}

static void ask_for_much(void)
{
    come(0, 400, 1000);
    all_say(400, TEXT(GET_LARGE), 100);
    EQ(host_of(right)->counters.gave_way, 0);
}
TEST(clients_that_ask_for_much_and_read_nothing_cost_the_others_nothing)
{
    under(ask_for_much);
}
static void pipeline_much(void)
{
    come(0, MANY, 1000);
    all_say(MANY, repeated(TEXT(GET_LARGE)), 20);
}
TEST(clients_that_pipeline_and_read_nothing_leave_packets_for_the_others)
{
    under(pipeline_much);
}
static void pipeline_little(void)
{
    come(0, MANY, 100);
    all_say(MANY, repeated(TEXT(GET_PAGE)), 20);
}
TEST(clients_that_pipeline_small_requests_and_read_nothing_hold_no_worker)
{
    under(pipeline_little);
}
static void half_a_head(void)
{
    come(0, MANY, 1000);
    all_say(MANY, TEXT("G"), 1);
    all_say(MANY, TEXT("x"), 40);
    TRUE(server.stats.no_buffer > 0);
}
TEST(heads_that_never_end_are_refused_when_their_buffers_are_used_up)
{
    under(half_a_head);
}
static void beyond_a_gap(void)
{
    come(0, MANY, 1000);
    for (uint32_t n = 0; n < 30; n++) {
        for (uint32_t i = 0; i < MANY; i++)
            if (crowd[i].is_open)
                crowd_say_at(i, crowd[i].seq + 1 + n * 1000, TCP_ACK, span_first(SPAN(large), 900));
        page();
    }
    TRUE(tcp_stats(host_of(right)->tcp)->out_of_order > MANY);
}
TEST(segments_beyond_a_gap_that_is_never_filled_leave_packets_for_the_others)
{
    under(beyond_a_gap);
}
static void idle(void)
{
    for (uint32_t first = 0; first < 100000; first += 1000) {
        come(first, 1000, 1000);
        for (uint32_t i = first; i < first + 1000; i++)
            crowd_say(i, (struct span){ 0 });
        page();
    }
    TRUE(host_of(right)->counters.gave_way > 90000);
}
TEST(a_hundred_thousand_connections_that_say_nothing_give_way_to_one_that_does)
{
    under(idle);
}
static void knock_only(void)
{
    for (uint32_t first = 0; first < 100000; first += 10000) {
        for (uint32_t i = first; i < first + 10000; i++)
            crowd_knock(i, 1000);
        page();
    }
    TRUE(tcp_stats(host_of(right)->tcp)->cookies_sent > 90000);
}
TEST(a_hundred_thousand_handshakes_that_are_never_finished_cost_no_connection)
{
    under(knock_only);
}
static void first_fragments(void)
{
    static uint8_t frame[ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + 1480];
    for (uint32_t i = 0; i < 20000; i++) {
        crowd_packet(MSPAN(frame), (struct ipv4_header){ .protocol = IPV4_UDP, .source = CROWD_NET + i % 5000,
                                                         .identification = (uint16_t)i, .is_fragment = true,
                                                         .more_fragments = true, .offset_bytes = i % 40 * 1480 });
        if (i % 1000 == 0)
            page();
    }
    const struct reassembly *r = &host_of(right)->reassembly;
    TRUE(r->counters.evicted > 10000 && r->num_packets <= r->packets_max);
}
TEST(fragments_that_never_become_a_datagram_keep_to_their_share)
{
    under(first_fragments);
}
static void strange_neighbours(void)
{
    uint8_t frame[64];
    for (uint32_t i = 0; i < 20000; i++) {
        struct arp_message m = { .operation = ARP_REQUEST, .sender_mac = { { 2, 1, 0, 0, (uint8_t)(i >> 8), (uint8_t)i } },
                                 .sender_ip = 0x0a000003u + i % 250, .target_ip = CROWD_US };
        struct wr w = wr_of(MSPAN(frame));
        ethernet_encode(&w, &(struct ethernet_header){ ETHERNET_BROADCAST, m.sender_mac, ETHERNET_ARP });
        arp_encode(&w, &m);
        crowd_frame(wr_done(&w));
        if (i % 1000 == 0)
            page();
    }
}
TEST(a_flood_of_neighbours_does_not_drive_out_the_one_in_use)
{
    under(strange_neighbours);
}
/* Stations that are not there are to be answered: what is for them waits for their addresses. */
static void questions_from_nobody(void)
{
    uint8_t frame[ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES + ICMP_HEADER_BYTES + 1000] = { 0 };
    for (uint32_t i = 0; i < 20000; i++) {
        struct icmp_header echo = { .type = ICMP_ECHO_REQUEST, .rest = i };
        struct mspan message = mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES + IPV4_HEADER_BYTES);
        struct checksum c = { 0 };
        icmp_encode(message, &echo);
        checksum_add(&c, span_of(message));
        echo.checksum = checksum_field(&c);
        icmp_encode(message, &echo);
        crowd_packet(MSPAN(frame), (struct ipv4_header){ .protocol = IPV4_ICMP, .source = 0x0a000003u + i % 250 });
        if (i % 1000 == 0)
            page();
    }
    TRUE(host_of(right)->counters.unresolved > 10000);
}
TEST(questions_from_neighbours_that_are_not_there_hold_few_packets)
{
    under(questions_from_nobody);
}
/* The same by IPv6, and each station asks for us first, so that all of them are neighbours. */
static void strange_neighbours_v6(void)
{
    struct ip us = { { 0xfd, [15] = 2 } }, group = { { 0xff, 2, [11] = 1, 0xff, [15] = 2 } };
    for (uint32_t i = 0; i < 20000; i++) {
        uint8_t frame[ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES + NDP_MESSAGE_MAX_BYTES];
        struct ip them = { { 0xfd, [13] = 1, (uint8_t)(i >> 8), (uint8_t)i } };
        struct mac mac = { { 2, 1, 0, 0, (uint8_t)(i >> 8), (uint8_t)i } };
        struct mspan message = mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES);
        struct wr body = wr_of(message), w = wr_of(MSPAN(frame));
        ndp_write_solicitation(&body, &us, &mac);
        message = mspan_first(message, wr_len(&body));
        struct checksum c = checksum_pseudo(SPAN(them.byte), SPAN(group.byte), IPV6_ICMPV6, message.n);
        checksum_add(&c, span_of(message));
        mspan_u16(message, 2, checksum_field(&c));
        ethernet_encode(&w, &(struct ethernet_header){ { { 0x33, 0x33, 0xff, 0, 0, 2 } }, mac, ETHERNET_IPV6 });
        ipv6_encode(mspan_skip(MSPAN(frame), ETHERNET_HEADER_BYTES),
                    &(struct ipv6_header){ .payload_bytes = message.n, .next_header = IPV6_ICMPV6, .hop_limit = 255,
                                           .source = them, .destination = group });
        crowd_frame(span_first(SPAN(frame), ETHERNET_HEADER_BYTES + IPV6_HEADER_BYTES + message.n));
        if (i % 1000 == 0) {
            page();
            page_from(&(struct endpoint){ us, 80 });
        }
    }
    TRUE(host_of(right)->counters.frames_out > 5000);       /* they are answered, and so heard */
}
TEST(a_flood_of_neighbours_of_ipv6_does_not_drive_out_the_one_in_use)
{
    under(strange_neighbours_v6);
}
static void oversized(void)
{
    static const char *const begins[] = {
        "GET /", "GET / HTTP/1.1\r\nX: ", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9223372036854775807\r\n\r\n",
    };
    for (uint32_t first = 0; first < 800; first += 200) {
        come(first, 200, 30000);
        for (uint32_t i = first; i < first + 200; i++) {
            crowd[i].reads = true;
            crowd_say(i, span_of_str(begins[i % NUM_OF(begins)]));
        }
        for (int n = 0; n < 100; n++) {
            for (uint32_t i = first; i < first + 200; i++)
                if (crowd[i].is_open)
                    crowd_say(i, span_first(SPAN(large), 1400));
            if (n % 10 == 0)
                page();
        }
    }
    TRUE(crowd_bytes > 0);
}
TEST(what_is_too_long_is_refused_and_read_no_further)
{
    under(oversized);
}
TEST_MAIN
