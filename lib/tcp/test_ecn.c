// SPDX-License-Identifier: ISC
/* Explicit congestion notification (RFC 3168): agreed upon, echoed until it is heard, answered once a window. */
#include "lib/tcp/test_net.h"

static struct net *start(bool client, bool server)
{
    struct tcp_config cfg[2] = { net_config(), net_config() };
    cfg[0].ecn = client;
    cfg[1].ecn = server;
    struct net *n = net_start_with(&cfg[0], &cfg[1]);
    return n;
}
TEST(both_have_to_want_it)
{
    for (unsigned i = 0; i < 4; i++) {
        struct net *n = start(i & 1, i & 2);
        net_connect(n);
        EQ(n->log[0].flags, i & 1 ? TCP_SYN | TCP_ECE | TCP_CWR : TCP_SYN);
        EQ(n->log[1].flags, i == 3 ? TCP_SYN | TCP_ACK | TCP_ECE : TCP_SYN | TCP_ACK);
        EQ(n->host[0].app.conn->agreed.ecn, i == 3);
        EQ(n->host[1].app.conn->agreed.ecn, i == 3);
        net_expect_clean(n);
    }
}
TEST(a_syn_that_was_lost_goes_without)
{
    struct net *n = start(true, true);
    n->drop[0] = 0;
    net_listen(n);
    net_open(n);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(n->log[1].flags, TCP_SYN);
    TRUE(n->host[0].app.is_connected && !n->host[0].app.conn->agreed.ecn);
    net_expect_clean(n);
}
TEST(a_mark_is_echoed_until_the_sender_has_reduced_its_window_and_that_once)
{
    struct net *n = start(true, true);
    net_connect(n);
    n->mark = (uint32_t)n->order + 4;
    n->num_sent = 0;
    n->host[1].app.to_send = 40 * 1448;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_run_for(n, NS_PER_S);
    EQ(n->host[0].app.received, 40 * 1448);
    size_t num_echoes = 0, num_cwr = 0, first_cwr = 0;
    for (size_t i = 0; i < n->num_sent && i < NUM_OF(n->log); i++) {
        num_echoes += n->log_from[i] == 0 && n->log[i].flags & TCP_ECE;
        if (!(n->log_from[i] == 1 && n->log[i].flags & TCP_CWR))
            continue;
        num_cwr++;
        first_cwr = i;
        TRUE(n->log_payload[i] > 0);
    }
    TRUE(num_echoes >= 1);
    EQ(num_cwr, 1);
    for (size_t i = first_cwr + 1; i < n->num_sent && i < NUM_OF(n->log); i++)
        TRUE(!(n->log_from[i] == 0 && n->log[i].flags & TCP_ECE) || seq_leq(n->log[i].ack, n->log[first_cwr].seq));
    TRUE(n->host[1].app.conn->congestion.ssthresh < TCP_CWND_MAX);
    EQ(tcp_stats(n->host[1].t)->retransmitted - tcp_stats(n->host[1].t)->tail_probes, 0);
    net_expect_clean(n);
}
/* RFC 6937: as much goes out as arrives, rather than nothing for half a round trip. */
TEST(a_mark_reduces_the_window_in_proportion_to_what_is_delivered)
{
    struct net *n = start(true, true);
    net_connect(n);
    struct tcp_conn *c = n->host[1].app.conn;
    n->mark = (uint32_t)n->order;
    n->host[1].app.to_send = 40 * 1448;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_run_for(n, NET_DELAY);
    n->now += NET_DELAY;
    uint32_t before = n->num_sent;
    for (int i = 0; i < 3; i++) {                       /* acknowledgments, the first of which echoes the mark */
        TRUE(net_deliver_one(n));
        net_settle(n);
    }
    EQ(c->recovery.mode, TCP_FAST_RECOVERY);
    EQ(c->congestion.ssthresh, 11 * 1448 * 7 / 10);     /* the acknowledgment made it grow, too */
    TRUE(n->num_sent > before);
    TRUE(tcp_conn_pipe(c) >= c->congestion.ssthresh && tcp_conn_pipe(c) < 10 * 1448);
    net_run_for(n, NS_PER_S);
    EQ(c->recovery.mode, TCP_NO_RECOVERY);
    EQ(n->host[0].app.received, 40 * 1448);
    net_expect_clean(n);
}
TEST(only_new_text_may_be_marked)
{
    struct net *n = start(true, true);
    net_connect(n);
    EQ(n->ecn, 0);
    n->host[1].app.to_send = 1000;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_collect(n, 1);
    EQ(n->ecn, TCP_ECT_0);
    net_run_for(n, NS_PER_S);
    EQ(n->ecn, 0);
    net_expect_clean(n);
}
TEST_MAIN
