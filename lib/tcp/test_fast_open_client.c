// SPDX-License-Identifier: ISC
/* Fast open of connections that we open (RFC 7413): what goes with the SYN, what becomes of it, and what is remembered of peers. */
#include "lib/tcp/test_net.h"

#define PEER_PORT 7000
static struct tcp_fast_open memory[2];

static void listen_with_key(struct net *n, uint8_t key)
{
    struct tcp_fast_open_listening l = { .keys.key = { key }, .num_pending_max = 8 };
    tcp_fast_open_listen(n->host[1].t, SERVER_PORT, &l);
}
/* Both ends take part; the server makes cookies by the key 1. */
static struct net *start_with(const struct tcp_config *server)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start_with(&cfg, server ? server : &cfg);
    for (unsigned i = 0; i < 2; i++) {
        memory[i] = (struct tcp_fast_open){ 0 };
        tcp_use_fast_open(n->host[i].t, &memory[i]);
    }
    net_listen(n);
    listen_with_key(n, 1);
    return n;
}
static struct net *start(void)
{
    return start_with(NULL);
}
static void forget_wire(struct net *n)
{
    n->num_sent = 0;
    memset(n->log, 0, sizeof n->log);
}
static void open_to(struct net *n, uint16_t port, size_t text_bytes, bool needs_no_cookie)
{
    struct host *h = &n->host[0];
    struct endpoint to = { n->host[1].ip, port };
    forget_wire(n);
    h->app = n->host[1].app = (struct app){ .receive_max = UINT64_MAX };
    h->app.conn = tcp_open_fast(h->t, &h->ip, &to, &h->app, needs_no_cookie, n->now);
    TRUE(h->app.conn != NULL);
    h->app.sent = tcp_write(h->t, h->app.conn, span_first(SPAN(net_pattern), text_bytes), n->now);
    h->app.to_send = text_bytes;
    EQ(h->app.sent, text_bytes);
}
static void open_fast(struct net *n, size_t text_bytes)
{
    open_to(n, SERVER_PORT, text_bytes, false);
}
static void close_both(struct net *n)
{
    for (unsigned i = 0; i < 2; i++) {
        if (n->host[i].app.conn)
            tcp_release(n->host[i].t, n->host[i].app.conn, n->now);
        n->host[i].app.conn = NULL;
    }
    net_run_for(n, NS_PER_S);
}
/* A first connection, for the cookie. */
static void get_cookie(struct net *n)
{
    open_fast(n, 0);
    net_run_for(n, NS_PER_S);
    TRUE(n->host[0].app.is_connected);
    close_both(n);
}
static uint32_t room(struct net *n)
{
    return tcp_fast_open_room(n->host[0].t, &n->host[0].ip, &n->host[1].ip, false, n->now);
}
static uint32_t text_taken(const struct net *n)
{
    return tcp_info(n->host[0].t, n->host[0].app.conn).syn_text_bytes;
}
/* The answer of a peer that is the test's to play: to a SYN that was just sent and is log[0]. */
static void answer(struct net *n, uint8_t flags, uint32_t acked, uint16_t window, const struct tcp_cookie *cookie, struct span text)
{
    uint8_t bytes[NET_SEGMENT_BYTES_MAX];
    struct tcp_segment s = { .source_port = n->log[0].destination_port, .destination_port = n->log[0].source_port, .flags = flags,
                             .seq = 5000, .ack = n->log[0].seq + 1 + acked, .window = window,
                             .opt = { .mss = 1000, .sack_permitted = true } };
    size_t at = tcp_segment_encode(&s, MSPAN(bytes));
    if (cookie)
        at = tcp_cookie_append(cookie, mspan_first(MSPAN(bytes), TCP_HEADER_BYTES_MAX), at);
    at += span_copy(mspan_skip(MSPAN(bytes), at), text);
    net_give(n, 0, span_first(SPAN(bytes), at), false);
    net_settle(n);
}
static const struct span nothing;
static const struct tcp_cookie some_cookie = { .form = TCP_COOKIE_KIND_34, .num_bytes = 4, .bytes = "some" };
static const struct tcp_cookie other_cookie = { .form = TCP_COOKIE_EXPERIMENTAL, .num_bytes = 6, .bytes = "others" };

/* A peer that the test plays, of which a cookie is known, after a SYN with so much text. */
static struct net *start_alone(size_t text_bytes)
{
    struct net *n = start();
    n->is_cut = true;
    open_to(n, PEER_PORT, 0, false);
    net_settle(n);
    answer(n, TCP_SYN | TCP_ACK, 0, 20000, &some_cookie, nothing);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
    net_settle(n);
    tcp_release(n->host[0].t, n->host[0].app.conn, n->now);
    open_to(n, PEER_PORT, text_bytes, false);
    net_settle(n);
    EQ(n->log[0].flags & (TCP_SYN | TCP_ACK), TCP_SYN);
    return n;
}

TEST(rfc7413_4_1_3_the_first_connection_asks_for_a_cookie_and_sends_its_text_after_the_handshake)
{
    struct net *n = start();
    EQ(room(n), 0);
    open_fast(n, 300);
    net_run_for(n, NS_PER_S);
    EQ(n->log_cookie[0].form, TCP_COOKIE_KIND_34);
    EQ(n->log_cookie[0].num_bytes, 0);
    EQ(n->log_payload[0], 0);
    EQ(n->log_cookie[1].num_bytes, 8);
    EQ(n->log_payload[2], 300);
    EQ(n->host[1].app.received, 300);
    EQ(text_taken(n), 0);
    EQ(room(n), 1420);
    net_expect_clean(n);
}
TEST(rfc7413_4_1_3_the_next_one_shows_it_and_its_text_is_there_before_the_handshake_ends)
{
    struct net *n = start();
    get_cookie(n);
    open_fast(n, 300);
    net_run_for(n, n->delay);
    EQ(n->log_payload[0], 300);
    EQ(n->log_cookie[0].num_bytes, 8);
    EQ(n->host[1].app.received, 300);
    TRUE(!n->host[0].app.is_connected);
    net_run_for(n, NS_PER_S);
    TRUE(n->host[0].app.all_news == (TCP_CONNECTED | TCP_SENT) && tcp_is_sent(n->host[0].app.conn));
    EQ(n->num_sent, 3);
    EQ(text_taken(n), 300);
    EQ(memory[0].stats.syns_with_text, 1);
    EQ(memory[0].stats.texts_taken, 1);
    net_expect_clean(n);
}
TEST(a_syn_carries_what_the_peer_takes_without_the_options_and_the_rest_follows_the_handshake)
{
    struct tcp_config small = net_config();
    small.mss_bytes = 940;
    struct net *n = start_with(&small);
    get_cookie(n);
    EQ(room(n), 900);
    open_fast(n, 5000);
    n->host[0].app.closes_when_sent = true;
    net_run_for(n, NS_PER_S);
    EQ(n->log_payload[0], 900);
    EQ(n->log[1].ack, n->log[0].seq + 901);
    EQ(n->log[2].seq, n->log[0].seq + 901);
    EQ(n->host[1].app.received, 5000);
    TRUE(n->host[1].app.saw_end && !n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(text_in_many_pieces_goes_as_far_as_a_frame_has_parts)
{
    struct net *n = start();
    get_cookie(n);
    open_fast(n, 0);
    struct host *h = &n->host[0];
    for (h->app.to_send = 0; h->app.to_send < 400; h->app.to_send += 10)
        TRUE(tcp_write_static(h->t, h->app.conn, span_sub(SPAN(net_pattern), h->app.to_send, 10), n->now));
    h->app.sent = h->app.to_send;
    net_run_for(n, NS_PER_S);
    EQ(n->log_payload[0], 10 * (FRAME_PARTS_MAX - 1));
    EQ(n->host[1].app.received, 400);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(rfc7413_4_2_1_text_that_is_refused_goes_again_at_once_and_the_new_cookie_is_remembered)
{
    struct net *n = start();
    get_cookie(n);
    listen_with_key(n, 2);
    open_fast(n, 300);
    net_run_for(n, 4 * n->delay);
    EQ(n->log[1].ack, n->log[0].seq + 1);
    EQ(n->log_payload[2], 300);
    EQ(n->log[2].seq, n->log[0].seq + 1);
    EQ(n->host[1].app.received, 300);
    EQ(text_taken(n), 0);
    net_run_for(n, NS_PER_S);
    TRUE(tcp_is_sent(n->host[0].app.conn));
    close_both(n);
    open_fast(n, 300);
    net_run_for(n, n->delay);
    EQ(n->host[1].app.received, 300);
    net_expect_clean(n);
}
TEST(rfc7413_4_2_1_a_syn_without_an_answer_is_sent_again_without_text_and_cookie)
{
    struct net *n = start();
    get_cookie(n);
    n->drop[0] = 0;
    open_fast(n, 300);
    n->host[0].app.closes_when_sent = true;
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->log_payload[0], 300);
    EQ(n->log[1].flags, TCP_SYN);
    EQ(n->log_payload[1], 0);
    EQ(n->log_cookie[1].form, TCP_COOKIE_NONE);
    EQ(n->log_payload[3], 300);
    EQ(n->host[1].app.received, 300);
    EQ(text_taken(n), 0);
    net_expect_clean(n);
}
TEST(an_answer_to_the_first_syn_counts_even_after_the_second)
{
    struct net *n = start();
    get_cookie(n);
    n->drop[0] = 1;                                 /* the SYN-ACK */
    open_fast(n, 300);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 300);
    TRUE(n->host[0].app.is_connected && tcp_is_sent(n->host[0].app.conn) && !n->host[1].app.bad_byte);
    EQ(text_taken(n), 300);
    EQ(room(n), 1420);
    net_expect_clean(n);
}
TEST(rfc7413_4_1_3_1_after_two_syns_with_text_in_a_row_were_lost_the_peer_is_opened_in_the_usual_way_for_a_while)
{
    struct net *n = start();
    get_cookie(n);
    for (unsigned i = 0; i < 2; i++) {
        EQ(room(n), 1420);
        n->drop[0] = 0;
        open_fast(n, 300);
        net_run_for(n, 3 * (nanos)NS_PER_S);
        EQ(n->host[1].app.received, 300);
        close_both(n);
    }
    n->drop[0] = NO_SEGMENT;
    EQ(room(n), 0);
    open_fast(n, 300);
    net_run_for(n, NS_PER_S);
    EQ(n->log_payload[0], 0);
    EQ(n->log_cookie[0].form, TCP_COOKIE_NONE);
    EQ(n->host[1].app.received, 300);
    close_both(n);
    net_run_for(n, 60 * (nanos)NS_PER_S);
    EQ(room(n), 1420);
    n->drop[0] = 0;
    open_fast(n, 300);                              /* a third one: twice as long */
    net_run_for(n, 3 * (nanos)NS_PER_S);
    close_both(n);
    net_run_for(n, 61 * (nanos)NS_PER_S);
    EQ(room(n), 0);
    net_run_for(n, 60 * (nanos)NS_PER_S);
    n->drop[0] = NO_SEGMENT;
    open_fast(n, 300);
    net_run_for(n, NS_PER_S);
    EQ(text_taken(n), 300);
    net_expect_clean(n);
}
TEST(a_peer_that_gives_no_cookie_is_asked_once_in_the_experimental_form_and_then_as_before)
{
    static const uint8_t forms[] = { TCP_COOKIE_KIND_34, TCP_COOKIE_EXPERIMENTAL, TCP_COOKIE_KIND_34, TCP_COOKIE_KIND_34 };
    struct net *n = start();
    tcp_fast_open_listen(n->host[1].t, SERVER_PORT, NULL);
    for (size_t i = 0; i < sizeof forms; i++) {
        open_fast(n, 0);
        net_run_for(n, NS_PER_S);
        EQ(n->log_cookie[0].form, forms[i]);
        EQ(n->log_cookie[0].num_bytes, 0);
        close_both(n);
    }
    net_expect_clean(n);
}
TEST(a_request_that_was_lost_says_nothing_of_the_form)
{
    struct net *n = start();
    n->drop[0] = 0;
    for (unsigned i = 0; i < 2; i++) {
        open_fast(n, 0);
        net_run_for(n, 3 * (nanos)NS_PER_S);
        EQ(n->log_cookie[0].form, TCP_COOKIE_KIND_34);
        close_both(n);
    }
    net_expect_clean(n);
}
TEST(text_goes_without_a_cookie_where_the_application_wants_that_and_cookies_that_come_are_not_kept)
{
    struct net *n = start();
    n->is_cut = true;
    open_to(n, PEER_PORT, 1420, true);
    net_settle(n);
    EQ(n->log_payload[0], 1420);
    EQ(n->log_cookie[0].form, TCP_COOKIE_NONE);
    answer(n, TCP_SYN | TCP_ACK, 1420, 20000, &some_cookie, nothing);
    TRUE(tcp_is_sent(n->host[0].app.conn));
    EQ(room(n), 0);
    open_to(n, PEER_PORT, 1420, true);
    net_settle(n);
    EQ(n->log_payload[0], 960);                     /* what it announced is remembered */
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(what_a_syn_ack_acknowledges_of_the_text_is_not_sent_again_and_the_rest_is)
{
    struct net *n = start_alone(300);
    answer(n, TCP_SYN | TCP_ACK, 100, 20000, NULL, nothing);
    EQ(n->log_payload[1], 200);
    EQ(n->log[1].seq, n->log[0].seq + 101);
    EQ(n->log[1].flags, TCP_ACK | TCP_PSH);
    EQ(text_taken(n), 0);
    EQ(tcp_info(n->host[0].t, n->host[0].app.conn).queued_bytes, 200);
    TRUE(n->host[0].app.conn->fast_opening == NULL);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(what_is_refused_waits_for_a_window_as_any_text_does)
{
    struct net *n = start_alone(300);
    answer(n, TCP_SYN | TCP_ACK, 0, 0, NULL, nothing);
    EQ(n->num_sent, 2);
    EQ(n->log_payload[1], 0);
    EQ(n->host[0].app.conn->timer_kind, TCP_TIMER_PERSIST);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(a_syn_ack_of_more_than_was_sent_draws_a_reset_and_changes_nothing)
{
    struct net *n = start_alone(300);
    answer(n, TCP_SYN | TCP_ACK, 301, 20000, &other_cookie, nothing);
    EQ(n->log[1].flags, TCP_RST);
    EQ(n->log[1].seq, n->log[0].seq + 302);
    EQ(n->host[0].app.conn->state, TCP_SYN_SENT);
    EQ(memory[0].peer[0].cookie.num_bytes, 4);
    answer(n, TCP_SYN | TCP_ACK, 300, 20000, &other_cookie, nothing);
    EQ(n->host[0].app.conn->state, TCP_ESTABLISHED);
    EQ(memory[0].peer[0].cookie.num_bytes, 6);
    EQ(memory[0].peer[0].cookie.form, TCP_COOKIE_EXPERIMENTAL);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(a_syn_ack_that_echoes_no_timestamp_of_ours_draws_a_reset)
{
    struct net *n = start_alone(10);
    struct tcp_segment s = { .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_SYN | TCP_ACK,
                             .seq = 9, .ack = n->log[0].seq + 11, .window = 1000,
                             .opt = { .has_timestamps = true, .ts_val = 1, .ts_ecr = n->log[0].opt.ts_val + 10 } };
    net_inject(n, 0, &s, nothing);
    EQ(n->last.flags, TCP_RST);
    EQ(n->host[0].app.conn->state, TCP_SYN_SENT);
    s.opt.ts_ecr = n->log[0].opt.ts_val;
    net_inject(n, 0, &s, nothing);
    EQ(n->host[0].app.conn->state, TCP_ESTABLISHED);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(rfc7413_4_2_2_text_and_fin_on_a_syn_ack_are_taken)
{
    struct net *n = start_alone(10);
    answer(n, TCP_SYN | TCP_ACK | TCP_FIN, 10, 20000, NULL, span_first(SPAN(net_pattern), 500));
    EQ(n->host[0].app.received, 500);
    TRUE(n->host[0].app.saw_end && !n->host[0].app.bad_byte);
    EQ(n->last.ack, 5000 + 1 + 500 + 1);
    EQ(n->host[0].app.conn->state, TCP_CLOSE_WAIT);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(text_of_a_syn_that_is_sent_again_is_pushed_though_more_is_queued)
{
    struct net *n = start_alone(3000);
    answer(n, TCP_SYN | TCP_ACK, 0, 20000, NULL, nothing);
    EQ(n->log_payload[1], 960);
    EQ(n->log[1].flags, TCP_ACK | TCP_PSH);
    uint8_t bytes[NET_SEGMENT_BYTES_MAX];
    struct tcp_segment s = { .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_ACK, .seq = 5001,
                             .ack = n->log[0].seq + 1, .window = 20000, .opt.num_sack_blocks = 1 };
    s.opt.sack_block[0] = (struct tcp_sack_block){ s.ack + 960, s.ack + 3000 };
    net_give(n, 0, span_first(SPAN(bytes), tcp_segment_encode(&s, MSPAN(bytes))), false);
    net_run_for(n, NS_PER_S);
    EQ(n->last.seq, n->log[1].seq);
    EQ(n->last.flags, TCP_ACK | TCP_PSH);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(to_nagle_text_that_filled_a_syn_is_no_small_segment)
{
    struct net *n = start_alone(960);
    tcp_choose(n->host[0].t, n->host[0].app.conn, &(struct tcp_choices){ .nagle = true }, n->now);
    answer(n, TCP_SYN | TCP_ACK, 0, 20000, NULL, nothing);
    EQ(n->log_payload[1], 960);
    EQ(tcp_write(n->host[0].t, n->host[0].app.conn, span_first(SPAN(net_pattern), 1040), n->now), 1040);
    net_settle(n);
    EQ(n->log_payload[2] + n->log_payload[3], 1040);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(a_refusal_is_one_however_much_of_the_text_it_acknowledges)
{
    struct net *n = start_alone(10);
    answer(n, TCP_RST | TCP_ACK, 10, 0, NULL, nothing);
    EQ(n->host[0].app.why, TCP_END_REFUSED);
    EQ(text_taken(n), 0);
    net_expect_clean(n);
}
TEST(two_syns_with_text_that_cross_open_one_connection_and_the_text_comes_later)
{
    struct net *n = start_alone(300);
    struct tcp_segment theirs = { .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_SYN, .seq = 5000,
                                  .window = 20000, .opt = { .mss = 1000, .sack_permitted = true } };
    net_inject(n, 0, &theirs, span_first(SPAN(net_pattern), 50));
    EQ(n->log[1].flags, TCP_SYN | TCP_ACK);
    EQ(n->log[1].ack, 5001);
    EQ(n->log_payload[1], 0);
    EQ(n->log_cookie[1].form, TCP_COOKIE_NONE);
    answer(n, TCP_SYN | TCP_ACK, 300, 20000, NULL, nothing);
    EQ(n->log[2].flags, TCP_ACK);
    EQ(n->log[2].seq, n->log[0].seq + 301);
    EQ(n->log[2].opt.num_sack_blocks, 1);           /* of their SYN, which came twice (RFC 2883) */
    EQ(n->log[2].opt.sack_block[0].left, 5000);
    EQ(n->log[2].opt.sack_block[0].right, 5001);
    theirs = (struct tcp_segment){ .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_ACK, .seq = 5001,
                                   .ack = n->log[0].seq + 301, .window = 20000 };
    net_inject(n, 0, &theirs, span_first(SPAN(net_pattern), 50));
    net_settle(n);
    EQ(n->host[0].app.received, 50);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(of_crossing_syns_the_bare_acknowledgment_of_ours_ends_the_handshake)
{
    struct net *n = start_alone(300);
    struct tcp_segment theirs = { .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_SYN, .seq = 5000,
                                  .window = 20000, .opt = { .mss = 1000 } };
    net_inject(n, 0, &theirs, nothing);
    theirs = (struct tcp_segment){ .source_port = PEER_PORT, .destination_port = n->log[0].source_port, .flags = TCP_ACK, .seq = 5001,
                                   .ack = n->log[0].seq + 1, .window = 20000 };
    net_inject(n, 0, &theirs, nothing);
    EQ(n->host[0].app.conn->state, TCP_ESTABLISHED);
    EQ(n->last.seq, n->log[0].seq + 1);
    EQ(n->log_payload[2], 300);
    EQ(memory[0].peer[0].cookie.num_bytes, 4);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(a_router_to_which_the_text_is_too_big_has_the_syn_sent_again_without_it_and_with_less)
{
    struct net *n = start_alone(800);
    struct endpoint local = { n->host[0].ip, n->log[0].source_port }, remote = { n->host[1].ip, PEER_PORT };
    TRUE(!tcp_path_mtu(n->host[0].t, &local, &remote, n->log[0].seq + 1, 600));
    TRUE(!tcp_path_mtu(n->host[0].t, &local, &remote, n->log[0].seq, 1500));
    TRUE(tcp_path_mtu(n->host[0].t, &local, &remote, n->log[0].seq, 600));
    net_settle(n);
    EQ(n->log[1].flags, TCP_SYN);
    EQ(n->log[1].opt.mss, 560);
    EQ(n->log_payload[1], 0);
    answer(n, TCP_SYN | TCP_ACK, 0, 20000, NULL, nothing);
    EQ(n->host[0].app.conn->snd_mss, 560);
    EQ(n->log_payload[2] + n->log_payload[3], 800);
    EQ(n->log_payload[2], 560);
    EQ(n->host[0].app.conn->rto.srtt_us, 1);
    tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
}
TEST(the_peer_that_was_not_used_for_longest_is_forgotten_first_and_all_are_on_demand)
{
    struct net *n = start();
    n->is_cut = true;
    for (uint32_t i = 0; i <= TCP_FAST_OPEN_PEERS; i++) {
        n->host[1].ip = ip_from_v4(0x0a000100 + i);
        n->now += NS_PER_S;
        open_to(n, PEER_PORT, 0, false);
        net_settle(n);
        answer(n, TCP_SYN | TCP_ACK, 0, 20000, &some_cookie, nothing);
        tcp_abort(n->host[0].t, n->host[0].app.conn, n->now);
        net_settle(n);
        tcp_release(n->host[0].t, n->host[0].app.conn, n->now);
        n->host[0].app.conn = NULL;
    }
    EQ(room(n), 960);
    n->host[1].ip = ip_from_v4(0x0a000100);
    EQ(room(n), 0);
    n->host[1].ip = ip_from_v4(0x0a000101);
    EQ(room(n), 960);
    struct ip other = ip_from_v4(0x0a000005);       /* the cookie is for the address of ours that it was given to */
    EQ(tcp_fast_open_room(n->host[0].t, &other, &n->host[1].ip, false, n->now), 0);
    tcp_fast_open_forget(n->host[0].t);
    EQ(room(n), 0);
}
TEST(rfc7413_3_loss_and_reordering_of_any_of_the_first_segments_loses_nothing)
{
    for (uint32_t k = 0; k < 12; k++)
        for (unsigned what = 0; what < 3; what++) {
            struct net *n = start();
            get_cookie(n);
            n->drop[0] = what == 0 ? k : NO_SEGMENT;
            n->duplicate = what == 1 ? k : NO_SEGMENT;
            n->hold_back = what == 2 ? k : NO_SEGMENT;
            open_fast(n, 6000);
            n->host[1].app.to_send = 4000;
            n->host[0].app.closes_when_sent = n->host[1].app.closes_at_end = true;
            net_run_for(n, 20 * (nanos)NS_PER_S);
            EQ(n->host[1].app.received, 6000);
            EQ(n->host[0].app.received, 4000);
            TRUE(!n->host[0].app.bad_byte && !n->host[1].app.bad_byte && n->host[0].app.saw_end && n->host[1].app.saw_end);
            net_expect_clean(n);
        }
}
TEST_MAIN
