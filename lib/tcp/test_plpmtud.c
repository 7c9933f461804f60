// SPDX-License-Identifier: ISC
/* Path MTU discovery without ICMP (RFC 4821): black holes, and paths that grow. Between two hosts, on the fake network. */
#include "lib/tcp/test_net.h"

#define HEADERS (20 + 20 + TCP_TIMESTAMP_BYTES)
#define STEP 32u
#define TEN_MINUTES (600 * (nanos)NS_PER_S)

static struct net *connected(bool probes)
{
    struct net *n = net_start();
    if (probes)
        tcp_probe_path_mtu(n->host[1].t);
    net_connect(n);
    return n;
}
static void send(struct net *n, uint64_t bytes, nanos duration)
{
    n->host[1].app.to_send += bytes;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_run_for(n, duration);
}
static void expect_all(struct net *n)
{
    EQ(n->host[0].app.received, n->host[1].app.to_send);
    TRUE(!n->host[0].app.bad_byte);
    net_expect_clean(n);
}

TEST(rfc_4821_7_7_a_black_hole_is_found_by_timeouts_and_the_search_ends_close_below_the_path)
{
    struct net *n = connected(true);
    n->path_mtu = 1200;
    send(n, 1000000, 30 * (nanos)NS_PER_S);
    uint32_t mss = n->host[1].app.conn->snd_mss;
    TRUE(mss <= 1200 - HEADERS && mss + STEP > 1200 - HEADERS);
    expect_all(n);
}
TEST(without_probing_a_black_hole_ends_the_connection)
{
    struct net *n = connected(false);
    n->path_mtu = 1200;
    send(n, 1000000, 3000 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, 0);
    EQ(n->host[1].app.why, TCP_END_TIMEOUT);
    net_expect_clean(n);
}
TEST(the_narrowest_path_that_there_is_gets_its_data_after_two_more_timeouts)
{
    struct net *n = connected(true);
    n->path_mtu = 600;
    send(n, 100000, 60 * (nanos)NS_PER_S);
    TRUE(n->host[1].app.conn->snd_mss <= 600 - HEADERS);
    expect_all(n);
}
TEST(ipv6_has_no_path_below_1280)
{
    struct net *n = net_start();
    n->host[0].ip = (struct ip){ { 0xfd, [15] = 1 } };
    n->host[1].ip = (struct ip){ { 0xfd, [15] = 2 } };
    tcp_probe_path_mtu(n->host[1].t);
    net_connect(n);
    n->path_mtu = 1280 - 20;                    /* counts an IPv4 header */
    send(n, 300000, 30 * (nanos)NS_PER_S);
    EQ(n->host[1].app.conn->snd_mss, 1280 - 20 - HEADERS);
    expect_all(n);
}
TEST(an_outage_is_no_black_hole_for_long)
{
    struct net *n = connected(true);
    n->is_cut = true;
    send(n, 1000000, 4 * (nanos)NS_PER_S);
    TRUE(n->host[1].app.conn->snd_mss < 1024);
    n->is_cut = false;
    net_run_for(n, 60 * (nanos)NS_PER_S);
    TRUE(n->host[1].app.conn->snd_mss + STEP > 1460 - TCP_TIMESTAMP_BYTES);
    expect_all(n);
}

/* A router has said 1200 of what is in flight. */
static struct net *after_too_big(void)
{
    struct net *n = connected(true);
    struct tcp_conn *c = n->host[1].app.conn;
    struct endpoint local = tcp_local(c), remote = tcp_remote(c);
    n->path_mtu = 1200;
    send(n, 100000, NS_PER_MS);
    TRUE(tcp_path_mtu(n->host[1].t, &local, &remote, c->snd_una, 1200));
    net_run_for(n, 10 * (nanos)NS_PER_S);
    EQ(c->snd_mss, 1200 - HEADERS);
    return n;
}
TEST(rfc_4821_7_3_a_path_that_has_grown_is_used_after_ten_minutes)
{
    struct net *n = after_too_big();
    n->path_mtu = 0;
    send(n, 200000, TEN_MINUTES);
    EQ(n->host[1].app.conn->snd_mss, 1200 - HEADERS);
    send(n, 200000, NS_PER_S);
    EQ(n->host[1].app.conn->snd_mss, 1500 - HEADERS);
    EQ(n->host[1].app.conn->congestion.mss, 1500 - HEADERS);
    expect_all(n);
}
TEST(rfc_4821_7_6_2_the_loss_of_a_probe_is_no_congestion)
{
    struct net *n = after_too_big();
    struct tcp_conn *c = n->host[1].app.conn;
    net_run_for(n, TEN_MINUTES);
    uint32_t ssthresh = c->congestion.ssthresh;
    uint64_t before = tcp_stats(n->host[1].t)->retransmitted;
    send(n, 60000, 10 * (nanos)NS_PER_S);
    TRUE(tcp_stats(n->host[1].t)->retransmitted > before);
    EQ(c->congestion.ssthresh, ssthresh);
    EQ(c->snd_mss, 1200 - HEADERS);
    TRUE(c->mtu.high_mss < 1500 - HEADERS);
    expect_all(n);
}
/* Each segment of a transfer that probes once is lost in turn. */
TEST(whatever_is_lost_beside_a_probe_everything_arrives)
{
    for (uint32_t k = 0; k < 60; k++) {
        struct net *n = after_too_big();
        n->path_mtu = k % 2 ? 0 : 1200;
        net_run_for(n, TEN_MINUTES);
        n->drop[0] = n->num_sent + k;
        send(n, 60000, 30 * (nanos)NS_PER_S);
        TRUE(n->host[1].app.conn->snd_mss <= (k % 2 ? 1500 : 1200) - HEADERS);
        expect_all(n);
    }
}
TEST(rfc_6582_a_probe_is_lost_without_sack_too)
{
    struct net *n = net_start();
    n->has_no_sack = true;
    tcp_probe_path_mtu(n->host[1].t);
    net_connect(n);
    n->path_mtu = 1100;
    send(n, 1000000, 60 * (nanos)NS_PER_S);
    uint32_t mss = n->host[1].app.conn->snd_mss;
    TRUE(mss <= 1100 - HEADERS && mss + STEP > 1100 - HEADERS);
    expect_all(n);
}
TEST_MAIN
