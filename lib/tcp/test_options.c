// SPDX-License-Identifier: ISC
/* Choices of a connection: keepalive, user timeout, Nagle; path MTU discovery; what tcp_info tells. */
#include "lib/tcp/test_net.h"

#define IDLE_S 100

static struct net *start(void)
{
    struct net *n = net_start();
    net_connect(n);
    return n;
}
static void choose(struct net *n, struct tcp_choices choices)
{
    tcp_choose(n->host[0].t, n->host[0].app.conn, &choices, n->now);
}
static const struct tcp_choices keepalive = { .keepalive_idle_s = IDLE_S }, usual;
static void send_from(struct net *n, unsigned i, uint64_t bytes)
{
    n->host[i].app.to_send += bytes;
    app_run(&n->host[i], &n->host[i].app, n->now);
}
TEST(a_silent_peer_is_asked_and_answers)
{
    struct net *n = start();
    choose(n, keepalive);
    uint32_t before = n->num_sent;
    net_run_for(n, from_s(IDLE_S - 1));
    EQ(n->num_sent, before);
    net_run_for(n, from_s(2));
    EQ(n->num_sent, before + 2);
    net_run_for(n, from_s(10 * IDLE_S));
    TRUE(!n->host[0].app.has_ended && n->num_sent > before + 10);
    choose(n, usual);
    EQ(n->host[0].app.conn->timer_kind, TCP_TIMER_NONE);
    net_expect_clean(n);
}
TEST(what_arrives_puts_the_question_off)
{
    struct net *n = start();
    choose(n, keepalive);
    for (int i = 0; i < 5; i++) {
        net_run_for(n, from_s(IDLE_S - 5));
        send_from(n, 1, 10);
        uint32_t before = n->num_sent;
        net_run_for(n, NS_PER_S);
        EQ(n->num_sent, before + 2);       /* and its acknowledgment */
    }
    choose(n, usual);
    net_expect_clean(n);
}
TEST(a_peer_that_is_gone_is_noticed_after_nine_questions)
{
    struct net *n = start();
    choose(n, keepalive);
    n->is_cut = true;
    net_run_for(n, from_s(IDLE_S + 8 * 75 + 10));
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, from_s(75));
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    n->is_cut = false;
    net_expect_clean(n);
}
TEST(data_waits_for_its_acknowledgment_as_long_as_the_user_says)
{
    struct net *n = start();
    choose(n, (struct tcp_choices){ .user_timeout_ms = 10000 });
    n->is_cut = true;
    send_from(n, 0, 10);
    net_run_for(n, from_s(9));
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, NS_PER_S + 20 * NS_PER_MS);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    n->is_cut = false;
    net_expect_clean(n);
}
TEST(with_nagle_small_pieces_wait_for_the_acknowledgment_and_go_together)
{
    for (int nagle = 0; nagle < 2; nagle++) {
        struct net *n = start();
        choose(n, (struct tcp_choices){ .nagle = nagle });
        uint32_t before = n->num_sent;
        for (int i = 0; i < 5; i++) {
            send_from(n, 0, 10);
            net_settle(n);
        }
        EQ(n->num_sent - before, nagle ? 1 : 5);
        net_run_for(n, NS_PER_S);
        EQ(n->host[1].app.received, 50);
        net_expect_clean(n);
    }
}
TEST(a_narrow_path_is_believed_where_it_quotes_what_is_in_flight)
{
    struct net *n = start();
    n->path_mtu = 1000;
    send_from(n, 0, 30000);
    net_settle(n);
    struct tcp_conn *c = n->host[0].app.conn;
    struct endpoint local = tcp_local(c), remote = tcp_remote(c);
    TRUE(!tcp_path_mtu(n->host[0].t, &local, &remote, c->snd_una - 1, 1000));
    TRUE(!tcp_path_mtu(n->host[0].t, &local, &remote, c->snd_max, 1000));
    TRUE(!tcp_path_mtu(n->host[0].t, &remote, &local, c->snd_una, 1000));
    TRUE(tcp_path_mtu(n->host[0].t, &local, &remote, c->snd_una, 1500));
    EQ(c->snd_mss, 1448);
    TRUE(tcp_path_mtu(n->host[0].t, &local, &remote, c->snd_una, 1000));
    EQ(c->snd_mss, 948);
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, 30000);
    TRUE(!n->host[1].app.bad_byte);
    send_from(n, 0, 2000);
    net_settle(n);
    TRUE(tcp_path_mtu(n->host[0].t, &local, &remote, c->snd_una, 68));
    EQ(c->snd_mss, 256);
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, 32000);
    net_expect_clean(n);
}
TEST(the_information_about_a_connection_is_what_happened)
{
    struct net *n = start();
    send_from(n, 0, 20000);
    net_settle(n);
    struct tcp_info i = tcp_info(n->host[0].t, n->host[0].app.conn);
    EQ(i.queued_bytes, 20000);
    EQ(i.in_flight_bytes, 14480);
    EQ(i.pipe_bytes, 14480);
    EQ(i.cwnd_bytes, 14480);
    EQ(i.ssthresh_bytes, 0);
    TRUE(i.round_trip > 9 * NS_PER_MS && i.round_trip < 12 * NS_PER_MS);
    TRUE(i.has_sack && i.has_timestamps && i.uses_cubic && !i.has_ecn && !i.is_recovering);
    net_run_for(n, NS_PER_S);
    i = tcp_info(n->host[0].t, n->host[0].app.conn);
    EQ(i.queued_bytes + i.in_flight_bytes, 0);
    net_expect_clean(n);
}
TEST_MAIN
