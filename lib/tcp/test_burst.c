// SPDX-License-Identifier: ISC
/* How large the pieces are that a device gets: what the window leaves waits to become one, where that costs nothing. */
#include "lib/tcp/test_net.h"

/* Returns how many segments are sent with such a congestion window. */
static uint32_t with_window(struct net *n, uint32_t segments)
{
    struct tcp_conn *c = net_server_conn(n);
    uint32_t before = n->num_sent;
    c->congestion.cwnd = segments * c->snd_mss;
    tcp_conn_output(n->host[1].t, c);
    net_collect(n, 1);
    return n->num_sent - before;
}

/* A sender in congestion avoidance with text in flight of two times: eight segments of now, four of half a round trip before. */
static struct net *sending(void)
{
    struct tcp_config cfg = net_config();
    cfg.gso_max_bytes = 65000;
    struct net *n = net_start_with(&cfg, &cfg);
    net_connect(n);
    struct tcp_conn *c = net_server_conn(n);
    n->is_cut = true;
    c->congestion.cwnd = c->congestion.ssthresh = 4u * c->snd_mss;
    n->host[1].app.to_send = 60000;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_collect(n, 1);
    EQ(c->snd_nxt - c->snd_una, 4u * c->snd_mss);
    n->now += NET_DELAY;
    EQ(with_window(n, 12), 8);
    EQ(c->recovery.log.num, 2);
    return n;
}
/* Returns the segments that the acknowledgment of so many draws. */
static uint32_t acknowledge(struct net *n, uint32_t segments)
{
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint32_t before = n->num_sent;
    s.ack = net_server_conn(n)->snd_una + segments * net_server_conn(n)->snd_mss;
    net_inject(n, 1, &s, (struct span){ 0 });
    return n->num_sent - before;
}
TEST(what_is_less_than_a_piece_waits_for_the_next_acknowledgment)
{
    struct net *n = sending();
    EQ(acknowledge(n, 1), 0);
    EQ(acknowledge(n, 1), 2);
}
TEST(it_does_not_wait_when_nothing_was_sent_for_a_millisecond)
{
    struct net *n = sending();
    n->now += NS_PER_MS;
    EQ(acknowledge(n, 1), 1);
}
TEST(it_does_not_wait_when_all_that_is_in_flight_was_sent_just_now)
{
    struct net *n = sending();
    EQ(acknowledge(n, 5), 5);
    EQ(acknowledge(n, 1), 1);
}
TEST(it_does_not_wait_when_it_is_half_of_what_is_in_flight)
{
    struct net *n = sending();
    struct tcp_conn *c = net_server_conn(n);
    n->host[1].t->cfg.gso_min_segments = 6;     /* of nine, with so many in a piece, four wait and five do not */
    c->congestion.cwnd = 10u * c->snd_mss;
    EQ(acknowledge(n, 3), 0);
    EQ(with_window(n, 13), 0);
    EQ(with_window(n, 14), 5);
}
TEST(it_does_not_wait_when_the_application_has_finished)
{
    struct net *n = sending();
    n->host[1].app.closes_when_sent = true;
    app_run(&n->host[1], &n->host[1].app, n->now);
    EQ(acknowledge(n, 1), 1);
}
TEST(it_does_not_wait_when_something_may_be_lost)        /* RFC 3042: new text draws the acknowledgments that tell */
{
    struct net *n = sending();
    n->host[1].t->cfg.gso_min_segments = 6;
    EQ(acknowledge(n, 1), 0);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint32_t before = n->num_sent, mss = net_server_conn(n)->snd_mss;
    s.ack = net_server_conn(n)->snd_una;
    s.opt.num_sack_blocks = 1;
    s.opt.sack_block[0] = (struct tcp_sack_block){ s.ack + mss, s.ack + 2 * mss };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent - before, 2);
}
TEST(a_window_of_which_a_third_waits_counts_as_used)
{
    struct tcp_congestion g = { .cwnd = 12000, .ssthresh = 6000, .used = 8001 };
    TRUE(tcp_congestion_is_used(&g));
    g.used = 7999;
    TRUE(!tcp_congestion_is_used(&g));
}
TEST_MAIN
