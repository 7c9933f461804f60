// SPDX-License-Identifier: ISC
#include "check/http_client.h"

static struct http_server server;
static struct client client, other;
static uint8_t constant[100000];

/* Answers by path. */
static err echo(struct http_exchange *x)
{
    uint8_t copy[4096];
    size_t n = 0, got;
    err e;
    while ((e = flow_read(x->body, mspan_skip(MSPAN(copy), n), &got, NEVER)) == OK)
        n += got;
    if (e != E_EOF)
        return e;
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    SPAN_EQ(x->request->path, "/echo");
    return http_reply(x, &head, span_first(SPAN(copy), n));
}
static err stream(struct http_exchange *x, uint64_t num_bytes)
{
    struct http_head head = { .status = 200 };
    struct flow *body;
    TRY(http_reply_stream(x, &head, num_bytes, &body));
    TRY(flow_write(body, TEXT("hello"), NEVER));
    TRY(flow_write(body, TEXT(""), NEVER));
    return flow_write_static(body, TEXT(", world, again"), NEVER);
}
static err answer(struct http_handler *h, struct http_exchange *x)
{
    struct http_head head = { .status = 200, .content_type = TEXT("text/plain") };
    (void)h;
    if (span_eq(x->request->path, TEXT("/echo")))
        return echo(x);
    if (span_eq(x->request->path, TEXT("/static")))
        return http_reply_static(x, &head, SPAN(constant));
    if (span_eq(x->request->path, TEXT("/chunked")))
        return stream(x, HTTP_LENGTH_UNKNOWN);
    if (span_eq(x->request->path, TEXT("/19")))
        return stream(x, 19);
    if (span_eq(x->request->path, TEXT("/18")))
        return stream(x, 18);
    if (span_eq(x->request->path, TEXT("/20")))
        return stream(x, 20);
    if (span_eq(x->request->path, TEXT("/silent")))
        return OK;
    if (span_eq(x->request->path, TEXT("/broken")))
        return E_IO;
    if (span_eq(x->request->path, TEXT("/long"))) {
        head.fields = span_first(SPAN(constant), 5000);
        return http_reply(x, &head, TEXT("x"));
    }
    if (span_eq(x->request->path, TEXT("/204"))) {
        head.status = 204;
        return http_reply(x, &head, (struct span){ 0 });
    }
    if (span_eq(x->request->path, TEXT("/get")) && x->request->method != HTTP_GET)
        return http_reply_allow(x, TEXT("GET"));
    return http_reply(x, &head, x->request->path);
}
static struct http_handler handler = { answer };

static void start_with(size_t num_buffers)
{
    struct http_server_config config = http_server_defaults;
    config.num_buffers = num_buffers;
    config.max_body_bytes = 3000;
    heap_free(server.buffers.p);
    heap_free(server.free.p);
    EQ(http_server_init(&server, &config, &handler), OK);
    client_init(&client, &server);
    client_init(&other, &server);
}
static void start(void)
{
    start_with(2);
}

TEST(a_request_is_answered_and_the_connection_waits_for_the_next)
{
    start();
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    SPAN_EQ(client_got(&client), "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/plain\r\n"
                                 "Content-Length: 2\r\n\r\n/a");
    TRUE(!client.rest.close && !client.rest.when_sent);
    EQ(client.rest.until, fake_now + from_s(60));
    EQ(client.flow.in_at, client.flow.in_end);
    EQ(server.stats.requests, 1);
    EQ(server.stats.responses[2], 1);
    TRUE(server.service.state_bytes <= 256);
}
TEST(the_date_follows_the_clock)
{
    start();
    client_send(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    fake_now += NS_PER_S - 1;
    client_send(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EQ(count_of(client_got(&client), "08:49:37"), 2);
    fake_now += 1;
    client_send(&client, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    GOT(&client, "08:49:38");
    fake_now -= NS_PER_S;
}
static void in_pieces(const char *stream_text, size_t cut, size_t piece)
{
    start();
    client.flow.piece = piece;
    struct span all = span_of_str(stream_text);
    client.flow.later = span_skip(all, cut);
    client_receive(&client, span_first(all, cut));
    struct span rest = client.flow.later;
    client.flow.later = (struct span){ 0 };
    if (rest.n > 0)
        client_receive(&client, rest);
    TRUE(!client.rest.close && !client.flow.is_shut);
    EQ(server.num_free, 2);
}
TEST(a_pipelined_stream_is_answered_the_same_however_it_is_cut)
{
    static const char text[] = "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello"
        "HEAD /b HTTP/1.1\r\nHost: x\r\n\r\nPOST /echo HTTP/1.1\r\nHost: x\r\n"
        "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n"
        "GET /c HTTP/1.1\r\nHost: x\r\n\r\n";
    static uint8_t want[4096];
    in_pieces(text, sizeof text - 1, 0);
    size_t n = span_copy(MSPAN(want), client_got(&client));
    EQ(count_of(span_first(SPAN(want), n), "HTTP/1.1 200 OK"), 5);
    TRUE(contains(span_first(SPAN(want), n), "\r\n\r\nhelloHTTP") && contains(span_first(SPAN(want), n), "\r\n\r\nabcHTTP"));
    for (size_t piece = 1; piece < 40; piece++) {
        in_pieces(text, sizeof text - 1, piece);
        TRUE(span_eq(client_got(&client), span_first(SPAN(want), n)));
    }
    for (size_t cut = 0; cut < sizeof text; cut++) {
        in_pieces(text, cut, 0);
        TRUE(span_eq(client_got(&client), span_first(SPAN(want), n)));
    }
}
TEST(a_head_may_come_byte_by_byte)
{
    static const char text[] = "GET /abc HTTP/1.1\r\nHost: x\r\n\r\n";
    start();
    for (size_t i = 0; i < sizeof text - 1; i++) {
        EQ(client.flow.out_end, 0);
        client_receive(&client, span_sub(span_of_str(text), i, 1));
    }
    TRUE(ends_with(client_got(&client), "\r\n\r\n/abc"));
    EQ(server.num_free, 2);
}
TEST(many_pipelined_requests_take_several_turns)
{
    start();
    for (unsigned i = 0; i < 100; i++)
        client.flow.in_end += span_copy(mspan_skip(MSPAN(client.flow.in), client.flow.in_end), TEXT("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    wake(&client, SERVICE_BYTES);
    EQ(server.stats.requests, HTTP_REQUESTS_PER_TURN);
    EQ(client.rest.until, 0);
    settle(&client);
    EQ(server.stats.requests, 100);
    EQ(count_of(client_got(&client), "\r\n\r\n/a"), 100);
}
TEST(a_reader_that_does_not_acknowledge_gets_no_more_answers)
{
    start();
    memset(constant, 'c', sizeof constant);
    client_receive(&other, TEXT("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    client.flow.in_end = span_copy(MSPAN(client.flow.in), TEXT("GET /static HTTP/1.1\r\nHost: x\r\n\r\n"
        "GET /b HTTP/1.1\r\nHost: x\r\n\r\n"));
    wake(&client, SERVICE_BYTES);
    TRUE(client.rest.when_sent && !client.rest.close);
    EQ(client.flow.num_static_bytes, sizeof constant);
    EQ(server.stats.requests, 2);
    wake(&client, SERVICE_BYTES);
    TRUE(client.rest.when_sent);
    EQ(server.stats.requests, 2);
    wake(&client, SERVICE_SENT);
    EQ(server.stats.requests, 3);
    TRUE(!client.rest.when_sent);
    TRUE(ends_with(client_got(&client), "\r\n\r\n/b"));
}
TEST(a_connection_without_room_is_served_no_further_until_everything_is_sent)
{
    start();
    client.flow.is_full = true;
    client.flow.in_end = span_copy(MSPAN(client.flow.in), TEXT("GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n"));
    wake(&client, SERVICE_BYTES);
    EQ(server.stats.requests, 1);
    TRUE(client.rest.when_sent && !client.rest.close);
    TRUE(ends_with(client_got(&client), "\r\n\r\n/a"));
    client.flow.is_full = false;
    wake(&client, SERVICE_SENT);
    EQ(server.stats.requests, 2);
    TRUE(ends_with(client_got(&client), "\r\n\r\n/b"));
    TRUE(!client.rest.when_sent);
}
TEST(a_reader_that_never_acknowledges_is_dropped_in_the_end)
{
    start();
    client.flow.in_end = span_copy(MSPAN(client.flow.in), TEXT("GET /static HTTP/1.1\r\nHost: x\r\n\r\n"));
    wake(&client, SERVICE_BYTES);
    TRUE(client.rest.when_sent);
    TRUE(client.rest.until > fake_now + from_s(50) && client.rest.until < fake_now + from_s(60));
    client_waits(&client, from_s(40));
    TRUE(!client.rest.close);
    client_waits(&client, from_s(20));
    TRUE(client.rest.close);
    EQ(server.stats.timeouts_send, 1);
}
TEST(head_requests_and_bodyless_statuses_send_no_body)
{
    start();
    client_send(&client, "HEAD /static HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "Content-Length: 100000\r\n\r\n"));
    client_send(&client, "HEAD /chunked HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "Transfer-Encoding: chunked\r\n\r\n"));
    client_send(&client, "GET /204 HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "text/plain\r\n\r\n"));
    TRUE(!client.rest.close && !client.flow.is_shut);
}
TEST(a_stream_of_unknown_length_is_chunked)
{
    start();
    client_send(&client, "GET /chunked HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\ne\r\n, world, again\r\n0\r\n\r\n"));
    TRUE(!client.flow.is_shut);
}
TEST(a_stream_of_unknown_length_ends_with_the_connection_for_http_1_0)
{
    start();
    client_send(&client, "GET /chunked HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    GOT(&client, "Connection: close\r\n");
    TRUE(ends_with(client_got(&client), "\r\n\r\nhello, world, again"));
    TRUE(client.flow.is_shut);
}
TEST(a_stream_keeps_its_length_or_the_connection_is_cut)
{
    start();
    client_send(&client, "GET /19 HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "Content-Length: 19\r\n\r\nhello, world, again"));
    TRUE(!client.rest.close);
    client_send(&client, "GET /18 HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(client.rest.close);
    client_init(&client, &server);
    client_send(&client, "GET /20 HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(client.rest.close);
}
TEST(a_handler_without_an_answer_gives_500)
{
    start();
    client_send(&client, "GET /silent HTTP/1.1\r\nHost: x\r\n\r\n"
                         "GET /broken HTTP/1.1\r\nHost: x\r\n\r\nGET /long HTTP/1.1\r\nHost: x\r\n\r\n");
    EQ(count_of(client_got(&client), "HTTP/1.1 500 Internal Server Error\r\n"), 3);
    TRUE(!client.rest.close);
}
TEST(a_method_that_is_not_allowed_is_told_which_are)
{
    start();
    client_send(&client, "DELETE /get HTTP/1.1\r\nHost: x\r\n\r\n");
    GOT(&client, "HTTP/1.1 405 Method Not Allowed\r\n");
    GOT(&client, "Allow: GET\r\n");
    client_got(&client);
    client_send(&client, "OPTIONS /get HTTP/1.1\r\nHost: x\r\n\r\n");
    GOT(&client, "HTTP/1.1 204 No Content\r\n");
}
TEST(close_is_said_and_done_when_the_client_asks)
{
    start();
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    GOT(&client, "Connection: close\r\n");
    TRUE(ends_with(client_got(&client), "/a"));
    TRUE(client.flow.is_shut && !client.rest.close);
    EQ(client.flow.in_at, client.flow.in_end);
    client.flow.has_ended = true;
    wake(&client, SERVICE_BYTES);
    TRUE(client.rest.close);
}
TEST(http_1_0_is_kept_alive_on_request)
{
    start();
    client_send(&client, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    GOT(&client, "Connection: keep-alive\r\n");
    TRUE(!client.flow.is_shut);
    client_send(&client, "GET /a HTTP/1.0\r\n\r\n");
    TRUE(client.flow.is_shut);
}
TEST(a_malformed_request_is_refused_and_what_follows_is_drained)
{
    start();
    client_send(&client, "GET / HTTP/1.1\r\nHost : x\r\n\r\nGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(span_starts(client_got(&client), TEXT("HTTP/1.1 400 Bad Request\r\n")));
    EQ(server.stats.refused[HTTP_BAD_FIELD], 1);
    EQ(server.stats.requests, 0);
    TRUE(client.flow.is_shut && !client.rest.close);
    client_send(&client, "more");
    EQ(client.flow.in_at, client.flow.in_end);
    EQ(client.flow.out_end, 0);
    client_waits(&client, from_s(5));
    TRUE(client.rest.close);
}
TEST(draining_has_a_limit)
{
    static uint8_t junk[60000];
    start();
    client_send(&client, "\n");
    for (unsigned i = 0; i < 6 && !client.rest.close; i++)
        client_receive(&client, SPAN(junk));
    TRUE(client.rest.close);
}
TEST(answers_before_a_malformed_request_are_still_given)
{
    start();
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n\x01");
    struct span got = client_got(&client);
    TRUE(contains(got, "\r\n\r\n/aHTTP/1.1 400 "));
}
TEST(silence_is_closed_silently_and_half_a_request_is_told)
{
    start();
    wake(&client, SERVICE_TIMEOUT);
    TRUE(client.rest.close && client.flow.out_end == 0);
    EQ(server.stats.timeouts_idle, 1);
    client_send(&other, "GET / HT");
    EQ(other.rest.until, fake_now + from_s(10));
    EQ(server.num_free, 1);
    client_waits(&other, from_s(5));
    client_send(&other, "TP/1.1\r\n");
    EQ(other.rest.until, fake_now + from_s(5));
    client_waits(&other, from_s(5));
    TRUE(span_starts(client_got(&other), TEXT("HTTP/1.1 408 Request Timeout\r\n")));
    EQ(server.num_free, 2);
    EQ(server.stats.timeouts_head, 1);
}
TEST(an_idle_connection_is_closed_after_its_time)
{
    start();
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    client_got(&client);
    client_waits(&client, from_s(60) - 1);
    TRUE(!client.rest.close);
    client_waits(&client, 1);
    TRUE(client.rest.close);
    EQ(client.flow.out_end, 0);
}
TEST(without_a_buffer_the_answer_is_503)
{
    start_with(1);
    client_send(&other, "GET /");
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    GOT(&client, "200 OK");
    client_got(&client);
    client_send(&client, "GET /");
    TRUE(span_starts(client_got(&client), TEXT("HTTP/1.1 503 Service Unavailable\r\n")));
    EQ(server.stats.no_buffer, 1);
    client_send(&other, "b HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&other), "/b"));
    EQ(server.num_free, 1);
}
TEST(a_lost_connection_gives_its_buffer_back)
{
    start();
    client_send(&client, "GET /");
    EQ(server.num_free, 1);
    client.flow.is_reset = true;
    wake(&client, SERVICE_BYTES);
    TRUE(client.rest.close);
    EQ(server.num_free, 2);
    client_send(&other, "GET /");
    other.flow.has_ended = true;
    wake(&other, SERVICE_BYTES);
    TRUE(other.rest.close && other.flow.out_end == 0);
    EQ(server.num_free, 2);
}
TEST(a_turn_takes_all_pieces_of_a_head_that_are_there)
{
    start();
    client.flow.piece = 1;
    client.flow.in_end = span_copy(MSPAN(client.flow.in), TEXT("GET /abcdefghijklmnopqrstuvwxyz HTTP/1.1\r\nHost: x\r\nAccept: "));
    wake(&client, SERVICE_BYTES);
    EQ(client.flow.in_at, client.flow.in_end);
    EQ(client.rest.until, fake_now + from_s(10));
    EQ(server.num_free, 1);
}
TEST(a_failing_write_ends_the_connection)
{
    start();
    client.flow.write_error = E_RESET;
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(client.rest.close);
    EQ(server.stats.lost, 1);
    other.flow.write_error = E_TIMEDOUT;
    client_send(&other, "GET /static HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(other.rest.close);
}
TEST(a_client_that_has_finished_still_gets_its_answers)
{
    start();
    client.flow.has_ended = true;
    client_send(&client, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
    TRUE(ends_with(client_got(&client), "/a"));
    TRUE(client.rest.close);
}
TEST(one_hundred_is_sent_when_the_handler_wants_the_body)
{
    start();
    client_send(&client, "POST /a HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    TRUE(!contains(span_first(SPAN(client.flow.out), client.flow.out_end), "100 Continue"));
    GOT(&client, "Connection: close\r\n");
    client_send(&other, "GET /z HTTP/1.1\r\nHost: x\r\n\r\n"
                        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
    GOT(&other, "\r\n\r\n/zHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 Request Timeout\r\n");
    EQ(server.stats.timeouts_body, 1);
}
TEST(a_body_that_is_there_needs_no_hundred)
{
    start();
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc");
    TRUE(span_starts(client_got(&client), TEXT("HTTP/1.1 200 OK")));
}
TEST(an_unread_body_is_dropped_and_the_connection_goes_on)
{
    start();
    client_send(&client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /b HTTP/1.1\r\nHost: x\r\n\r\n");
    struct span got = client_got(&client);
    TRUE(contains(got, "\r\n\r\n/aHTTP/1.1 200") && ends_with(got, "/b"));
    client_send(&client, "POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab");
    GOT(&client, "Connection: close\r\n");
    TRUE(client.flow.is_shut);
}
TEST(a_body_beyond_the_limit_is_refused)
{
    static uint8_t body[3100];
    start();
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3001\r\n\r\n");
    TRUE(span_starts(client_got(&client), TEXT("HTTP/1.1 413 Content Too Large\r\n")));
    TRUE(client.flow.is_shut);
    struct wr w = wr_of(MSPAN(body));
    wr_bytes(&w, TEXT("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nbb9\r\n"));
    client_receive(&other, wr_done(&w));
    GOT(&other, "HTTP/1.1 408");
    client_init(&other, &server);
    wr_zeros(&w, wr_len(&w) + 3001 < sizeof body ? 3001 : 0);
    client_receive(&other, wr_done(&w));
    TRUE(span_starts(client_got(&other), TEXT("HTTP/1.1 413 Content Too Large\r\n")));
    EQ(server.stats.refused[HTTP_BODY_TOO_LARGE], 2);
}
TEST(a_malformed_chunk_is_refused)
{
    start();
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    TRUE(span_starts(client_got(&client), TEXT("HTTP/1.1 400 Bad Request\r\n")));
    TRUE(client.flow.is_shut);
    EQ(server.stats.refused[HTTP_BAD_CHUNK], 1);
    client_send(&other, "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    TRUE(contains(client_got(&other), "Connection: close\r\n"));
    TRUE(other.flow.is_shut);
}
TEST(a_body_cut_short_is_no_request)
{
    start();
    client.flow.has_ended = true;
    client_send(&client, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
    TRUE(client.rest.close);
    EQ(client.flow.out_end, 0);
}
TEST(every_cut_of_a_request_with_a_body_leaves_nothing_behind)
{
    static const char text[] = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
    start();
    for (size_t n = 0; n < sizeof text - 1; n++) {
        client_init(&client, &server);
        client.flow.has_ended = true;
        client_receive(&client, span_first(span_of_str(text), n));
        TRUE(client.rest.close);
        EQ(server.num_free, 2);
    }
}
TEST(without_memory_there_is_no_server_and_no_leak)
{
    for (size_t i = 0; i < 2; i++) {
        struct http_server s;
        fake_allocations_left = i;
        EQ(http_server_init(&s, &http_server_defaults, &handler), E_NOMEM);
    }
    fake_allocations_left = SIZE_MAX;
}
TEST_MAIN
