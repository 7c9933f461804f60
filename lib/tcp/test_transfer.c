// SPDX-License-Identifier: ISC
#include "lib/tcp/test_net.h"

static void expect_all_arrived(struct net *n)
{
    for (unsigned i = 0; i < 2; i++) {
        EQ(n->host[i].app.received, n->host[1 - i].app.to_send);
        TRUE(!n->host[i].app.bad_byte);
    }
}
TEST(bytes_go_both_ways_and_both_ends_close)
{
    struct net *n = net_start();
    for (unsigned i = 0; i < 2; i++) {
        n->host[i].app.to_send = 300000 + i;
        n->host[i].app.closes_when_sent = true;
    }
    net_connect(n);
    net_run_for(n, 20 * (nanos)NS_PER_S);
    expect_all_arrived(n);
    TRUE(n->host[0].app.saw_end && n->host[1].app.saw_end);
    EQ(n->host[0].app.why, TCP_END_ORDERLY);
    EQ(n->host[1].app.why, TCP_END_ORDERLY);
    EQ(tcp_stats(n->host[0].t)->retransmitted + tcp_stats(n->host[1].t)->retransmitted, 0);
    net_expect_clean(n);
}
TEST_MAIN
