// SPDX-License-Identifier: ISC
/* What a network does to segments: loss, duplication, reordering, at every position in turn and at random. */
#include "lib/tcp/test_net.h"

static bool without_sack;

static struct net *exchange(const struct tcp_config *cfg, uint64_t request, uint64_t response)
{
    struct net *n = net_start_with(cfg, cfg);
    n->has_no_sack = without_sack;
    n->host[0].app.to_send = request;
    n->host[1].app.to_send = response;
    n->host[0].app.closes_at_end = n->host[1].app.closes_when_sent = true;
    net_listen(n);
    net_open(n);
    return n;
}
static void expect_exchanged(struct net *n)
{
    for (unsigned i = 0; i < 2; i++) {
        EQ(n->host[i].app.received, n->host[1 - i].app.to_send);
        TRUE(!n->host[i].app.bad_byte && n->host[i].app.saw_end && n->host[i].app.has_ended);
        EQ(n->host[i].app.why, TCP_END_ORDERLY);
    }
    net_expect_clean(n);
}
static uint32_t num_of_segments(const struct tcp_config *cfg, uint64_t request, uint64_t response)
{
    struct net *n = exchange(cfg, request, response);
    net_run_for(n, 100 * (nanos)NS_PER_S);
    expect_exchanged(n);
    return n->num_sent;
}

TEST(any_single_segment_may_be_lost)
{
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 20000, 60000);
    TRUE(num > 60);
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = exchange(&cfg, 20000, 60000);
        n->drop[0] = k;
        net_run_for(n, 300 * (nanos)NS_PER_S);
        expect_exchanged(n);
    }
}
TEST(any_two_segments_of_a_short_exchange_may_be_lost)
{
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 100, 5000) + 4;
    for (uint32_t k = 0; k < num; k++)
        for (uint32_t l = k + 1; l < num; l++) {
            struct net *n = exchange(&cfg, 100, 5000);
            n->drop[0] = k;
            n->drop[1] = l;
            net_run_for(n, 300 * (nanos)NS_PER_S);
            expect_exchanged(n);
        }
}
TEST(any_segment_may_come_twice)
{
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 20000, 60000);
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = exchange(&cfg, 20000, 60000);
        n->duplicate = k;
        net_run_for(n, 300 * (nanos)NS_PER_S);
        expect_exchanged(n);
    }
}
TEST(any_segment_may_come_late)
{
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 20000, 60000);
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = exchange(&cfg, 20000, 60000);
        n->hold_back = k;
        net_run_for(n, 300 * (nanos)NS_PER_S);
        expect_exchanged(n);
    }
}
TEST(any_segment_may_be_lost_where_segments_are_coalesced)
{
    struct tcp_config cfg = net_config();
    cfg.gso_max_bytes = 65000;
    uint32_t num = num_of_segments(&cfg, 20000, 60000);
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = exchange(&cfg, 20000, 60000);
        n->drop[0] = k;
        net_run_for(n, 300 * (nanos)NS_PER_S);
        expect_exchanged(n);
    }
}
TEST(a_tenth_of_everything_is_lost_and_more_comes_twice_or_late)
{
    for (uint64_t seed = 1; seed <= 30; seed++) {
        struct tcp_config cfg = net_config();
        cfg.gso_max_bytes = seed % 2 ? 65000 : 0;
        cfg.receive_buffer_bytes = seed % 3 ? 65536 : 500000;
        struct net *n = exchange(&cfg, 200000, 300000);
        n->random ^= seed * 0x9e3779b97f4a7c15u;
        n->loss_percent = 10;
        n->is_chained = seed % 3 == 1;
        n->is_batched = seed % 2 == 0;
        n->duplicate_percent = n->hold_back_percent = 5;
        n->host[0].app.sends_static = seed % 5 == 0;
        n->host[1].app.write_bytes = seed % 4 ? 0 : 777;
        net_run_for(n, 3000 * (nanos)NS_PER_S);
        n->loss_percent = 0;
        expect_exchanged(n);
    }
}
TEST(peers_without_sack_get_everything_too)
{
    without_sack = true;
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 2000, 60000);
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = exchange(&cfg, 2000, 60000);
        n->drop[0] = k;
        n->drop[1] = k + 2;
        net_run_for(n, 300 * (nanos)NS_PER_S);
        expect_exchanged(n);
    }
    for (uint64_t seed = 1; seed <= 10; seed++) {
        struct net *n = exchange(&cfg, 100000, 200000);
        n->random ^= seed * 0x9e3779b97f4a7c15u;
        n->loss_percent = 8;
        net_run_for(n, 3000 * (nanos)NS_PER_S);
        n->loss_percent = 0;
        expect_exchanged(n);
    }
    without_sack = false;
}
TEST(a_loss_among_many_is_repaired_without_waiting_for_the_timer)
{
    struct tcp_config cfg = net_config();
    uint32_t num = num_of_segments(&cfg, 100, 100000);
    struct net *n = exchange(&cfg, 100, 100000);
    n->drop[0] = num / 2;
    nanos start = n->now;
    while (!n->host[0].app.saw_end && n->now < start + 10 * (nanos)NS_PER_S)
        net_run_for(n, NS_PER_MS);
    TRUE(n->now < start + TCP_RTO_MIN);
    net_run_for(n, NS_PER_S);
    EQ(tcp_stats(n->host[1].t)->retransmitted, 1);
    expect_exchanged(n);
}
TEST(a_dead_network_ends_connections_after_the_retransmissions)
{
    struct net *n = net_start();
    net_connect(n);
    n->is_cut = true;
    n->host[0].app.to_send = 100;
    app_run(&n->host[0], &n->host[0].app, n->now);
    nanos start = n->now;
    net_run_for(n, 100 * (nanos)NS_PER_S);
    TRUE(!n->host[0].app.has_ended);
    net_run_for(n, 1000 * (nanos)NS_PER_S);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    EQ(tcp_stats(n->host[0].t)->retransmitted, 1 + TCP_RETRIES);       /* the tail loss probe comes first */
    TRUE(start > 0 && !n->host[1].app.has_ended);
    n->is_cut = false;
    net_expect_clean(n);
}
TEST_MAIN
