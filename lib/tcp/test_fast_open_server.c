// SPDX-License-Identifier: ISC
/* Fast open of a listener (RFC 7413): who gets cookies, whose text is taken, and what becomes of connections in doubt. */
#include "lib/tcp/test_net.h"

#define CLIENT_PORT 5000
#define CLIENT_ISS 1000000u
#define PENDING_MAX 3
#define LINUX_KEY { 0xf7, 0x63, 0xbf, 0xa0, 0x81, 0x3d, 0x80, 0xed, 0x30, 0x1d, 0x64, 0xcd, 0x90, 0x4a, 0xbc, 0xce }

static struct tcp_fast_open_listening listening(void)
{
    return (struct tcp_fast_open_listening){ .keys.key = LINUX_KEY, .num_pending_max = PENDING_MAX };
}
static struct net *start_with(const struct tcp_fast_open_listening *l)
{
    static struct tcp_fast_open memory;
    struct net *n = net_start();
    memory = (struct tcp_fast_open){ 0 };
    tcp_use_fast_open(n->host[1].t, &memory);
    n->is_cut = true;                               /* the client's side of it is the test's to play */
    net_listen(n);
    tcp_fast_open_listen(n->host[1].t, SERVER_PORT, l);
    return n;
}
static struct net *start(void)
{
    struct tcp_fast_open_listening l = listening();
    return start_with(&l);
}
static const struct tcp_fast_open_stats *stats(const struct net *n)
{
    return &n->host[1].t->fast_open->stats;
}
static struct tcp_cookie right_cookie(const struct net *n)
{
    static const uint8_t key[16] = LINUX_KEY;
    return tcp_fast_open_cookie(SPAN(key), &n->host[0].ip, &n->host[1].ip);
}
static const struct tcp_cookie request = { .form = TCP_COOKIE_KIND_34 };
static const struct tcp_cookie wrong_cookie = { .form = TCP_COOKIE_KIND_34, .num_bytes = 8, .bytes = "mistaken" };

/* The SYN of a stranger with our address, and what it draws: with its cookie in *answer. */
static void syn_from(struct net *n, uint16_t port, const struct tcp_cookie *cookie, size_t text_bytes, struct tcp_cookie *answer)
{
    uint8_t bytes[NET_SEGMENT_BYTES_MAX], head[TCP_HEADER_BYTES_MAX];
    struct tcp_segment s = { .source_port = port, .destination_port = SERVER_PORT, .seq = CLIENT_ISS, .flags = TCP_SYN,
                             .window = 65535, .opt = { .mss = 1460, .sack_permitted = true } };
    size_t at = tcp_segment_encode(&s, MSPAN(bytes));
    if (cookie)
        at = tcp_cookie_append(cookie, mspan_first(MSPAN(bytes), TCP_HEADER_BYTES_MAX), at);
    at += span_copy(mspan_skip(MSPAN(bytes), at), span_first(SPAN(net_pattern), text_bytes));
    net_give(n, 1, span_first(SPAN(bytes), at), false);
    struct tcp_out out = { .header_room = MSPAN(head) };
    n->last = (struct tcp_segment){ 0 };
    if (!tcp_output(n->host[1].t, &out, n->now))
        return;
    EQ(out.payload_bytes, 0);
    EQ(tcp_segment_decode(span_first(SPAN(head), out.header_bytes), &n->last), WIRE_OK);
    if (answer)
        tcp_cookie_decode(span_first(SPAN(head), out.header_bytes), answer);
    app_poll(&n->host[1], n->now);
}
static void syn(struct net *n, const struct tcp_cookie *cookie, size_t text_bytes, struct tcp_cookie *answer)
{
    syn_from(n, CLIENT_PORT, cookie, text_bytes, answer);
}
/* A connection with ten octets of text that is not confirmed. */
static struct tcp_conn *opened(struct net *n)
{
    struct tcp_cookie c = right_cookie(n);
    syn(n, &c, 10, NULL);
    TRUE(net_server_conn(n) != NULL);
    return net_server_conn(n);
}
static struct tcp_segment from_client(const struct net *n, uint8_t flags)
{
    const struct tcp_conn *c = n->host[1].app.conn;
    return (struct tcp_segment){ .source_port = CLIENT_PORT, .destination_port = SERVER_PORT, .flags = flags, .seq = CLIENT_ISS + 11,
                                 .ack = c->iss + 1, .window = 65535 };
}
static const struct span nothing;

TEST(a_cookie_is_the_one_that_linux_makes_by_the_same_key)
{
    static const uint8_t key[16] = LINUX_KEY, key_v6[16] = { 0xa1, 0xa1, 0xa1, 0xa1, 0xb2, 0xb2, 0xb2, 0xb2, 0xc3, 0xc3, 0xc3, 0xc3,
                                                              0xd4, 0xd4, 0xd4, 0xd4 };
    static const uint8_t by_linux[8] = { 0x00, 0xab, 0xaa, 0xab, 0xe8, 0xe9, 0x54, 0xc2 };
    static const uint8_t by_linux_v6[8] = { 0xc1, 0xd1, 0xe9, 0x74, 0x2a, 0x47, 0xa9, 0xbc };
    static const struct ip server = { { 0xfd, 0x3d, 0x0a, 0x0b, 0x17, 0xd6, [15] = 1 } };
    static const struct ip client = { { 0xfd, 0x3d, 0xfa, 0x7b, 0xd1, 0x7d, [15] = 1 } };
    struct ip v4_client = ip_from_v4(0x0af80002), v4_server = ip_from_v4(0xc0a80002);
    struct tcp_cookie c = tcp_fast_open_cookie(SPAN(key), &v4_client, &v4_server);
    EQ(c.num_bytes, 8);
    TRUE(memcmp(c.bytes, by_linux, 8) == 0);
    c = tcp_fast_open_cookie(SPAN(key_v6), &client, &server);
    TRUE(memcmp(c.bytes, by_linux_v6, 8) == 0);
}
TEST(rfc7413_4_1_2_a_client_that_asks_gets_the_cookie_of_its_address_and_no_connection_yet)
{
    struct net *n = start();
    struct tcp_cookie want = right_cookie(n), got;
    syn(n, &request, 10, &got);
    EQ(n->last.flags, TCP_SYN | TCP_ACK);
    EQ(n->last.ack, CLIENT_ISS + 1);
    TRUE(memcmp(&got, &want, sizeof got) == 0);
    TRUE(net_server_conn(n) == NULL);
    EQ(stats(n)->cookies_given, 1);
    net_expect_clean(n);
}
TEST(the_first_window_lies_behind_the_text_of_the_syn)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n);
    n->host[1].t->cfg.receive_buffer_bytes = 2 * 65536;
    n->host[1].app.receive_max = 0;
    syn(n, &c, 1000, NULL);
    EQ(n->last.ack, CLIENT_ISS + 1001);
    EQ(n->last.window, 65535);
    EQ(net_server_conn(n)->rcv_adv, CLIENT_ISS + 1001 + 65535);
    tcp_abort(n->host[1].t, net_server_conn(n), n->now);
}
TEST(rfc7413_4_1_2_text_with_the_right_cookie_is_taken_at_once_and_answered_before_the_handshake_ends)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n), none;
    n->host[1].app.to_send = 500;
    syn(n, &c, 10, &none);
    EQ(n->last.flags, TCP_SYN | TCP_ACK);
    EQ(n->last.ack, CLIENT_ISS + 11);
    EQ(none.form, TCP_COOKIE_NONE);
    EQ(n->host[1].app.received, 10);
    TRUE(n->host[1].app.all_news & TCP_ACCEPTED && !n->host[1].app.bad_byte);
    net_collect(n, 1);
    EQ(n->last.flags, TCP_ACK | TCP_PSH);
    EQ(n->last.seq, net_server_conn(n)->iss + 1);
    EQ(n->log_payload[0], 500);
    EQ(tcp_info(n->host[1].t, net_server_conn(n)).syn_text_bytes, 10);
    EQ(stats(n)->accepted, 1);
    net_expect_clean(n);
}
TEST(a_right_cookie_without_text_opens_as_well)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n);
    syn(n, &c, 0, NULL);
    EQ(n->last.ack, CLIENT_ISS + 1);
    TRUE(net_server_conn(n) != NULL);
    EQ(tcp_info(n->host[1].t, net_server_conn(n)).syn_text_bytes, 0);
    net_expect_clean(n);
}
TEST(rfc7413_4_1_2_a_wrong_cookie_costs_the_text_and_brings_a_new_one_in_the_form_that_was_used)
{
    struct net *n = start();
    struct tcp_cookie shown = wrong_cookie, got;
    shown.form = TCP_COOKIE_EXPERIMENTAL;
    syn(n, &shown, 10, &got);
    EQ(n->last.ack, CLIENT_ISS + 1);
    EQ(got.form, TCP_COOKIE_EXPERIMENTAL);
    TRUE(memcmp(got.bytes, right_cookie(n).bytes, sizeof got.bytes) == 0);
    EQ(stats(n)->cookies_refused, 1);
    TRUE(net_server_conn(n) == NULL);
    net_expect_clean(n);
}
TEST(text_without_an_option_is_left_for_later_and_the_answer_has_none)
{
    struct net *n = start();
    struct tcp_cookie got;
    syn(n, NULL, 10, &got);
    EQ(n->last.ack, CLIENT_ISS + 1);
    EQ(got.form, TCP_COOKIE_NONE);
    net_expect_clean(n);
}
TEST(text_without_a_cookie_is_taken_where_the_application_wants_that)
{
    struct tcp_fast_open_listening l = listening();
    l.needs_no_cookie = true;
    struct net *n = start_with(&l);
    syn(n, NULL, 0, NULL);                          /* no text: the usual way */
    TRUE(net_server_conn(n) == NULL);
    syn_from(n, CLIENT_PORT + 1, NULL, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 11);
    EQ(n->host[1].app.received, 10);
    net_expect_clean(n);
}
TEST(a_cookie_of_the_previous_key_is_taken_and_brings_one_of_the_new_key)
{
    struct tcp_fast_open_listening l = { .keys = { .key = "the newest key", .previous_key = LINUX_KEY, .has_previous_key = true },
                                         .num_pending_max = PENDING_MAX };
    struct net *n = start_with(&l);
    struct tcp_cookie old = right_cookie(n), want = tcp_fast_open_cookie(SPAN(l.keys.key), &n->host[0].ip, &n->host[1].ip), got;
    syn(n, &old, 10, &got);
    EQ(n->last.ack, CLIENT_ISS + 11);
    TRUE(memcmp(&got, &want, sizeof got) == 0);
    l.keys.has_previous_key = false;
    tcp_fast_open_listen(n->host[1].t, SERVER_PORT, &l);
    syn_from(n, CLIENT_PORT + 1, &old, 10, &got);
    EQ(n->last.ack, CLIENT_ISS + 1);
    TRUE(memcmp(&got, &want, sizeof got) == 0);
    net_expect_clean(n);
}
TEST(a_listener_that_no_longer_takes_part_opens_in_the_usual_way_and_gives_no_cookies)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n), got;
    tcp_fast_open_listen(n->host[1].t, SERVER_PORT, NULL);
    syn(n, &c, 10, &got);
    EQ(n->last.ack, CLIENT_ISS + 1);
    EQ(got.form, TCP_COOKIE_NONE);
    net_expect_clean(n);
}

TEST(rfc7413_5_1_more_than_so_many_unconfirmed_open_in_the_usual_way_until_some_are_confirmed)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n);
    for (uint16_t i = 0; i < PENDING_MAX; i++)
        syn_from(n, (uint16_t)(CLIENT_PORT + i), &c, 10, NULL);
    EQ(stats(n)->accepted, PENDING_MAX);
    syn_from(n, CLIENT_PORT + 10, &c, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 1);
    EQ(stats(n)->over_limit, 1);
    struct tcp_segment s = from_client(n, TCP_ACK);
    s.source_port = CLIENT_PORT + PENDING_MAX - 1;      /* the application's latest connection */
    net_inject(n, 1, &s, nothing);
    syn_from(n, CLIENT_PORT + 11, &c, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 11);
    EQ(stats(n)->accepted, PENDING_MAX + 1);
    tcp_abort(n->host[1].t, net_server_conn(n), n->now);
    syn_from(n, CLIENT_PORT + 12, &c, 10, NULL);
    EQ(stats(n)->accepted, PENDING_MAX + 2);
}
TEST(rfc7413_5_1_a_reset_does_not_make_room_for_the_next_for_a_minute)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n);
    for (uint16_t i = 0; i < PENDING_MAX; i++) {
        struct tcp_segment reset = { .source_port = (uint16_t)(CLIENT_PORT + i), .destination_port = SERVER_PORT, .flags = TCP_RST,
                                     .seq = CLIENT_ISS + 11 };
        syn_from(n, reset.source_port, &c, 10, NULL);
        net_inject(n, 1, &reset, nothing);
        EQ(net_server_conn(n)->state, TCP_CLOSED);
    }
    syn_from(n, CLIENT_PORT + 10, &c, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 1);
    n->now += 61 * (nanos)NS_PER_S;
    syn_from(n, CLIENT_PORT + 11, &c, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 11);
}

TEST(a_syn_ack_is_sent_four_times_again_without_a_cookie_and_then_the_connection_ends)
{
    struct tcp_fast_open_listening l = { .keys = { .previous_key = LINUX_KEY, .has_previous_key = true }, .num_pending_max = 1 };
    struct net *n = start_with(&l);
    opened(n);
    net_run_for(n, 16 * (nanos)NS_PER_S);           /* 1, 3, 7, 15 s */
    EQ(n->num_sent, 4);
    for (size_t i = 0; i < 4; i++) {
        EQ(n->log[i].flags, TCP_SYN | TCP_ACK);
        EQ(n->log[i].ack, CLIENT_ISS + 11);
        EQ(n->log[i].header_bytes, 28);             /* segment size and SACK-permitted alone */
    }
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[1].app.why, TCP_END_TIMEOUT);
    EQ(n->last.flags, TCP_RST | TCP_ACK);
    EQ(n->host[1].t->fast_open->port[0].num_pending, 0);
    net_expect_clean(n);
}
TEST(the_same_syn_again_draws_the_syn_ack_again_and_another_one_a_challenge)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    struct tcp_segment s = from_client(n, TCP_SYN);
    s.seq = CLIENT_ISS;
    net_inject(n, 1, &s, nothing);
    EQ(n->last.flags, TCP_SYN | TCP_ACK);
    EQ(n->last.ack, CLIENT_ISS + 11);
    s.seq = CLIENT_ISS + 12;
    net_inject(n, 1, &s, nothing);
    EQ(n->last.flags, TCP_ACK);
    TRUE(c->fast_opening != NULL);
    net_expect_clean(n);
}
TEST(text_is_not_sent_again_before_the_syn_ack_is_confirmed_and_then_all_of_it)
{
    struct net *n = start();
    n->host[1].app.to_send = 1000;
    struct tcp_conn *c = opened(n);
    net_run_for(n, 4 * (nanos)NS_PER_S);
    EQ(n->num_sent, 3);                             /* the text, and the SYN-ACK again after 1 and 3 s */
    EQ(n->log_payload[0], 1000);
    EQ(n->log_payload[1] + n->log_payload[2], 0);
    struct tcp_segment s = from_client(n, TCP_ACK);
    net_inject(n, 1, &s, nothing);
    TRUE(c->fast_opening == NULL);
    EQ(n->num_sent, 4);
    EQ(n->log_payload[3], 1000);
    EQ(n->log[3].seq, c->iss + 1);
    s.ack += 1000;
    net_inject(n, 1, &s, nothing);
    TRUE(tcp_is_sent(c));
    net_expect_clean(n);
}
TEST(a_confirmation_times_the_round_trip_and_what_is_in_flight_has_a_timer)
{
    struct net *n = start();
    n->host[1].app.to_send = 1000;
    struct tcp_conn *c = opened(n);
    net_collect(n, 1);
    n->now += 20 * (nanos)NS_PER_MS;
    struct tcp_segment s = from_client(n, TCP_ACK);
    net_inject(n, 1, &s, nothing);
    EQ(c->rto.srtt_us, 20000);
    EQ(c->timer_kind, TCP_TIMER_TAIL_PROBE);
    EQ(n->num_sent, 1);
    net_expect_clean(n);
}
TEST(a_closed_window_does_not_stop_the_syn_ack)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    c->snd_wnd = 0;
    (void)tcp_write(n->host[1].t, c, span_first(SPAN(net_pattern), 10), n->now);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->log[0].flags, TCP_SYN | TCP_ACK);
    net_expect_clean(n);
}
TEST(an_acknowledgment_of_something_else_draws_a_reset_and_confirms_nothing)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    struct tcp_segment s = from_client(n, TCP_ACK);
    s.ack = c->iss;
    net_inject(n, 1, &s, nothing);
    EQ(n->last.flags, TCP_RST);
    EQ(n->last.seq, c->iss);
    s.ack = c->iss + 2;
    net_inject(n, 1, &s, nothing);
    EQ(n->last.seq, c->iss + 2);
    TRUE(c->fast_opening != NULL && c->state == TCP_ESTABLISHED);
    s = from_client(n, TCP_ACK);
    s.seq -= 1000;                                  /* not even in the window */
    net_inject(n, 1, &s, nothing);
    TRUE(c->fast_opening != NULL);
    net_expect_clean(n);
}
TEST(text_and_fin_behind_the_handshake_are_taken_with_its_confirmation)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    struct tcp_segment s = from_client(n, TCP_ACK | TCP_FIN);
    net_inject(n, 1, &s, span_sub(SPAN(net_pattern), 10, 20));
    net_settle(n);
    EQ(n->host[1].app.received, 30);
    TRUE(n->host[1].app.saw_end && !n->host[1].app.bad_byte && c->fast_opening == NULL);
    EQ(c->state, TCP_CLOSE_WAIT);
    net_expect_clean(n);
}
TEST(the_application_may_close_before_the_handshake_ends)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    tcp_shutdown(n->host[1].t, c, n->now);
    net_collect(n, 1);
    EQ(n->last.flags, TCP_FIN | TCP_ACK);
    struct tcp_segment s = from_client(n, TCP_ACK);
    s.ack++;
    net_inject(n, 1, &s, nothing);
    EQ(c->state, TCP_FIN_WAIT_2);
    net_expect_clean(n);
}
TEST(an_error_about_the_syn_ack_ends_it_however_soft_and_about_anything_else_does_not)
{
    struct net *n = start();
    struct tcp_conn *c = opened(n);
    struct endpoint local = { n->host[1].ip, SERVER_PORT }, remote = { n->host[0].ip, CLIENT_PORT };
    tcp_unreachable(n->host[1].t, &local, &remote, c->iss + 1, false);
    EQ(c->state, TCP_ESTABLISHED);
    tcp_unreachable(n->host[1].t, &local, &remote, c->iss, false);
    net_settle(n);
    EQ(n->host[1].app.why, TCP_END_UNREACHABLE);
    net_expect_clean(n);
}
TEST(rfc5461_4_1_an_error_about_the_syn_ack_of_a_half_open_connection_ends_it)
{
    struct net *n = start();
    struct endpoint local = { n->host[1].ip, SERVER_PORT }, remote = { n->host[0].ip, CLIENT_PORT };
    syn(n, NULL, 0, NULL);
    uint32_t iss = n->last.seq;
    tcp_unreachable(n->host[1].t, &local, &remote, iss + 1, true);
    TRUE(!list_is_empty(&n->host[1].t->half_opens_by_age));
    tcp_unreachable(n->host[1].t, &local, &remote, iss, false);
    TRUE(list_is_empty(&n->host[1].t->half_opens_by_age));
    net_expect_clean(n);
}
TEST(text_for_which_no_packet_is_left_is_sent_again_by_the_peer)
{
    struct net *n = start();
    struct tcp_cookie c = right_cookie(n);
    n->host[1].t->unread.for_first = NET_PACKETS;
    syn(n, &c, 10, NULL);
    EQ(n->last.ack, CLIENT_ISS + 1);
    EQ(n->host[1].app.received, 0);
    EQ(tcp_info(n->host[1].t, net_server_conn(n)).syn_text_bytes, 0);
    net_expect_clean(n);
}
TEST_MAIN
