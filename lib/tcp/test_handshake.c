// SPDX-License-Identifier: ISC
/* How connections begin: what is on the wire, what is agreed, what is refused. */
#include "lib/tcp/test_net.h"

TEST(three_segments_open_a_connection)
{
    struct net *n = net_start();
    net_connect(n);
    const struct tcp_segment *syn = &n->log[0], *syn_ack = &n->log[1], *ack = &n->log[2];
    EQ(n->num_sent, 3);
    EQ(syn->flags, TCP_SYN);
    EQ(syn->ack, 0);
    EQ(syn_ack->flags, TCP_SYN | TCP_ACK);
    EQ(syn_ack->ack, syn->seq + 1);
    EQ(ack->flags, TCP_ACK);
    EQ(ack->seq, syn->seq + 1);
    EQ(ack->ack, syn_ack->seq + 1);
    EQ(n->host[0].app.all_news, TCP_CONNECTED);
    EQ(n->host[1].app.all_news, TCP_ACCEPTED);
    net_expect_clean(n);
}
TEST(both_syns_carry_the_same_options_and_their_windows_are_not_scaled)
{
    struct tcp_config cfg = net_config();
    cfg.receive_buffer_bytes = 500000;
    cfg.mss_bytes = 1400;
    struct net *n = net_start_with(&cfg, &cfg);
    net_connect(n);
    for (size_t i = 0; i < 2; i++) {
        EQ(n->log[i].opt.mss, 1400);
        TRUE(n->log[i].opt.has_window_scale && n->log[i].opt.has_timestamps);
        EQ(n->log[i].opt.window_scale, 3);
        EQ(n->log[i].window, 65535);
    }
    EQ(n->log[1].opt.ts_ecr, n->log[0].opt.ts_val);
    EQ(n->log[2].opt.ts_ecr, n->log[1].opt.ts_val);
    net_expect_clean(n);
}
static void expect_mss_over_ipv6(const struct tcp_config *server)
{
    struct tcp_config client = net_config();
    struct net *n = net_start_with(&client, server);
    for (size_t i = 0; i < 2; i++)
        n->host[i].ip.byte[0] = 0xfd;             /* fd00::ffff:10.0.0.x */
    n->host[0].app.to_send = 4000;
    net_connect(n);
    EQ(n->log[0].opt.mss, 1440);
    EQ(n->log[1].opt.mss, 1440);
    EQ(n->log_payload[2], 1428);
    EQ(n->host[0].app.conn->snd_mss, 1428);
    net_expect_clean(n);
}
/* RFC 9293 section 3.7.1: the header of IPv6 is 20 octets larger. */
TEST(over_ipv6_segments_are_20_octets_smaller)
{
    struct tcp_config cfg = net_config();
    expect_mss_over_ipv6(&cfg);
    cfg.num_half_open = 0;
    expect_mss_over_ipv6(&cfg);     /* cookies remember few sizes, this one among them */
}
TEST(acknowledgments_ride_on_data_where_the_applications_answer_at_once)
{
    struct net *n = net_start();
    n->host[0].app.to_send = 100;
    n->host[1].app.to_send = 1000;
    net_listen(n);
    net_open(n);
    net_run_for(n, 4 * NET_DELAY + TCP_DELAYED_ACK / 2);
    EQ(n->num_sent, 5);             /* SYN, SYN-ACK, request, response, and nothing that this could ride on */
    EQ(n->log_payload[2], 100);
    EQ(n->log_payload[3], 1000);
    EQ(n->log[2].ack, n->log[1].seq + 1);
    EQ(n->log[3].ack, n->log[2].seq + 100);
    net_run_for(n, TCP_DELAYED_ACK);
    EQ(n->num_sent, 5);
    EQ(n->log[4].ack, n->log[3].seq + 1000);
    net_expect_clean(n);
}
TEST(a_port_where_nobody_listens_answers_with_a_reset)
{
    struct net *n = net_start();
    net_open(n);
    net_run_for(n, NS_PER_S);
    TRUE(n->host[0].app.has_ended);
    EQ(n->host[0].app.why, TCP_END_REFUSED);
    EQ(n->last.flags, TCP_RST | TCP_ACK);
    EQ(n->last.ack, n->log[0].seq + 1);
    EQ(n->num_sent, 2);
    net_expect_clean(n);
}
TEST(a_listener_that_was_closed_refuses_and_its_connections_go_on)
{
    struct net *n = net_start();
    net_connect(n);
    tcp_close_listener(n->host[1].t, SERVER_PORT);
    n->host[0].app.to_send = 1000;
    app_run(&n->host[0], &n->host[0].app, n->now);
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, 1000);
    struct app second = { .receive_max = 0 };
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    second.conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &second, n->now);
    net_run_for(n, NS_PER_S);
    EQ(second.why, TCP_END_REFUSED);
    tcp_release(n->host[0].t, second.conn, n->now);
    net_expect_clean(n);
}
TEST(there_are_so_many_listeners_and_one_a_port)
{
    struct net *n = net_start();
    for (uint16_t i = 0; i < TCP_LISTENERS_MAX; i++)
        TRUE(tcp_open_listener(n->host[1].t, (uint16_t)(1000 + i), NULL));
    TRUE(!tcp_open_listener(n->host[1].t, 1, NULL));
    tcp_close_listener(n->host[1].t, 1001);
    TRUE(!tcp_open_listener(n->host[1].t, 1000, NULL));
    TRUE(tcp_open_listener(n->host[1].t, 1, NULL));
}
TEST(silence_ends_an_opening_after_three_minutes_and_not_before)
{
    struct net *n = net_start();
    n->is_cut = true;
    net_open(n);
    net_run_for(n, 180 * (nanos)NS_PER_S);
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    EQ(n->num_sent, 1 + TCP_SYN_RETRIES);
    n->is_cut = false;
    net_expect_clean(n);
}
TEST(a_hard_error_about_the_syn_ends_an_opening_and_nothing_else)
{
    struct net *n = net_start();
    n->is_cut = true;
    net_open(n);
    net_settle(n);
    struct endpoint local = tcp_local(n->host[0].app.conn), remote = tcp_remote(n->host[0].app.conn);
    tcp_unreachable(n->host[0].t, &local, &remote, n->log[0].seq + 1, true);
    tcp_unreachable(n->host[0].t, &local, &remote, n->log[0].seq, false);
    net_settle(n);
    TRUE(!n->host[0].app.has_ended);
    tcp_unreachable(n->host[0].t, &local, &remote, n->log[0].seq, true);
    net_settle(n);
    EQ(n->host[0].app.why, TCP_END_UNREACHABLE);
    n->is_cut = false;
    net_expect_clean(n);
}
/* Both ends open towards each other: the port that the client was given is the one the server aims at. */
static void open_simultaneously(struct net *n)
{
    net_open(n);
    struct tcp_conn *client = n->host[0].app.conn;
    struct endpoint to = tcp_local(client);
    struct tcp *t = n->host[1].t;
    struct tcp_tuple tuple = { n->host[1].ip, to.ip, SERVER_PORT, to.port };
    struct tcp_conn *c = tcp_conn_take(t, &tuple, n->now);
    c->state = TCP_SYN_SENT;
    c->user = &n->host[1].app;
    c->iss = c->snd_una = c->snd_nxt = c->snd_max = tcp_initial_seq(t, &tuple, n->now);
    tcp_conn_output(t, c);
}
TEST(two_syns_that_cross_make_one_connection)
{
    for (uint32_t lost = 0; lost < 8; lost++) {
        struct net *n = net_start();
        for (unsigned i = 0; i < 2; i++) {
            n->host[i].app.to_send = 3000;
            n->host[i].app.closes_when_sent = true;
        }
        n->drop[0] = lost == 7 ? NO_SEGMENT : lost;
        open_simultaneously(n);
        net_run_for(n, 30 * (nanos)NS_PER_S);
        for (unsigned i = 0; i < 2; i++) {
            EQ(n->host[i].app.received, 3000);
            EQ(n->host[i].app.why, TCP_END_ORDERLY);
            TRUE(n->host[i].app.all_news & TCP_CONNECTED);
        }
        net_expect_clean(n);
    }
}
TEST(the_initial_sequence_number_moves_with_time_and_is_the_tuples_own)
{
    struct net *n = net_start();
    struct tcp_tuple a = { n->host[0].ip, n->host[1].ip, 1000, 80 }, b = a;
    b.local_port++;
    uint32_t first = tcp_initial_seq(n->host[0].t, &a, n->now);
    EQ(tcp_initial_seq(n->host[0].t, &a, n->now + 6400) - first, 100);
    TRUE(tcp_initial_seq(n->host[0].t, &b, n->now) != first);
    TRUE(tcp_initial_seq(n->host[1].t, &a, n->now) != first);
}
TEST(connections_to_one_place_have_ports_of_their_own)
{
    struct net *n = net_start();
    net_listen(n);
    n->host[1].app.keeps_still = true;
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    uint16_t port[8];
    for (size_t i = 0; i < 8; i++) {
        struct tcp_conn *c = tcp_open(n->host[0].t, &n->host[0].ip, &to, NULL, n->now);
        TRUE(c != NULL);
        port[i] = tcp_local(c).port;
        TRUE(port[i] >= 49152);
        for (size_t j = 0; j < i; j++)
            TRUE(port[j] != port[i]);
        EQ(tcp_index(n->host[0].t, c), i);
    }
    TRUE(tcp_open(n->host[0].t, &n->host[0].ip, &to, NULL, n->now) == NULL);
    EQ(tcp_num_open(n->host[0].t), 8);
}
TEST_MAIN
