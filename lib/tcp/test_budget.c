// SPDX-License-Identifier: ISC
/* Budgets: connections, packets, buffers; what happens when they are used up. */
#include "lib/tcp/test_net.h"

static void send_from(struct net *n, unsigned i, uint64_t bytes)
{
    n->host[i].app.to_send += bytes;
    app_run(&n->host[i], &n->host[i].app, n->now);
}
TEST(segments_of_one_byte_do_not_take_a_packet_each)
{
    struct net *n = net_start();
    n->host[1].app.receive_max = 0;
    net_connect(n);
    for (int i = 0; i < 10000; i++) {
        send_from(n, 0, 1);
        net_run_for(n, 2 * NET_DELAY);
    }
    TRUE(n->host[1].pool.num_free >= NET_PACKETS - 7);
    n->host[1].app.receive_max = UINT64_MAX;
    app_run(&n->host[1], &n->host[1].app, n->now);
    EQ(n->host[1].app.received, 10000);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
static struct tcp_segment from_client(struct net *n)
{
    struct tcp_conn *c = n->host[1].app.conn;
    struct tcp_segment s = { .source_port = c->entry.tuple.remote_port, .destination_port = SERVER_PORT, .flags = TCP_ACK,
                             .seq = c->rcv_nxt, .ack = c->snd_nxt, .window = 65535 };
    s.opt.has_timestamps = true;
    s.opt.ts_val = c->agreed.ts_recent;
    return s;
}
TEST(segments_beyond_a_gap_are_kept_up_to_a_bound)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = from_client(n);
    for (uint32_t i = 0; i < 1000; i++) {
        s.seq += 2;
        net_inject(n, 1, &s, TEXT("x"));
    }
    EQ(n->host[1].app.conn->receive.num_disordered, n->host[1].t->num_disordered_max);
    EQ(n->host[1].pool.num_free, NET_PACKETS - n->host[1].t->num_disordered_max);
    tcp_abort(n->host[1].t, n->host[1].app.conn, n->now);
    net_expect_clean(n);
}
TEST(a_lack_of_packets_takes_what_is_out_of_order_first)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    net_start_host(&n->host[1], &cfg, 2, 64);
    net_connect(n);
    struct tcp_segment s = from_client(n), in_order = s;
    static const uint8_t text[1200];
    for (uint32_t i = 0; i < 30; i++) {
        s.seq += 1300;
        net_inject(n, 1, &s, SPAN(text));
    }
    TRUE(n->host[1].app.conn->receive.num_disordered == 30);
    struct packet *taken[40];
    size_t num = 0;
    while (n->host[1].pool.num_free > n->host[1].t->unread.for_more)
        taken[num++] = packet_alloc(&n->host[1].pool);
    n->host[1].app.keeps_still = true;
    net_inject(n, 1, &in_order, SPAN(text));
    EQ(n->host[1].app.conn->receive.num_disordered, 0);
    EQ(n->host[1].app.conn->receive.num_bytes, sizeof text);
    for (size_t i = 0; i < num; i++)
        packet_unref(taken[i]);
    n->host[1].app.keeps_still = false;
    tcp_abort(n->host[1].t, n->host[1].app.conn, n->now);
    net_expect_clean(n);
}
TEST(connections_that_nobody_reads_leave_packets_for_the_others)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    net_start_host(&n->host[1], &cfg, 2, 128);
    n->host[1].app.receive_max = 0;
    net_listen(n);
    static struct app hog[6];
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    for (size_t i = 0; i < NUM_OF(hog); i++) {
        hog[i] = (struct app){ .to_send = 60000, .sends_static = true };
        hog[i].conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &hog[i], n->now);
    }
    net_run_for(n, 2 * (nanos)NS_PER_S);
    uint32_t num_free = n->host[1].pool.num_free;
    TRUE(num_free >= n->host[1].t->unread.for_more && num_free < 40);
    n->host[1].app = (struct app){ .receive_max = UINT64_MAX };
    n->host[0].app.to_send = 20000;
    net_open(n);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->host[1].app.conn->receive.num_bytes, 0);
    EQ(n->host[1].app.received, 20000);
    for (size_t i = 0; i < NUM_OF(hog); i++)
        tcp_abort(n->host[0].t, hog[i].conn, n->now);
    net_run_for(n, 100 * (nanos)NS_PER_S);
    for (size_t i = 0; i < NUM_OF(hog); i++)
        tcp_release(n->host[0].t, hog[i].conn, n->now);
}
/* Fills the window of a connection that nobody reads, where the device has its packets: how many segments were dropped. */
static uint64_t dropped_with_window(uint32_t num_reserved, uint32_t percent_of_fitting)
{
    struct tcp_config cfg = net_config();
    cfg.num_packets_reserved = num_reserved;
    cfg.send_buffer_bytes = 8192;
    cfg.receive_buffer_bytes = tcp_window_that_fits(&cfg, NET_PACKETS) / 100 * percent_of_fitting;
    struct net *n = net_start_with(&cfg, &cfg);
    struct packet *lent[NET_PACKETS];
    for (uint32_t i = 0; i < num_reserved; i++)
        lent[i] = packet_alloc(&n->host[1].pool);
    n->host[1].app.receive_max = 0;
    n->host[0].app.sends_static = true;
    n->host[0].app.to_send = 2 * cfg.receive_buffer_bytes;
    net_connect(n);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    uint64_t dropped = n->host[1].t->stats.dropped_no_memory;
    TRUE(dropped > 0 || n->host[1].app.conn->receive.num_bytes + cfg.mss_bytes > cfg.receive_buffer_bytes);
    n->host[1].app.receive_max = UINT64_MAX;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 2 * cfg.receive_buffer_bytes);
    for (uint32_t i = 0; i < num_reserved; i++)
        packet_unref(lent[i]);
    net_expect_clean(n);
    return dropped;
}
TEST(a_window_that_fits_is_filled_without_a_drop)
{
    EQ(dropped_with_window(0, 100), 0);
    EQ(dropped_with_window(32, 100), 0);
    EQ(dropped_with_window(128, 100), 0);
    TRUE(dropped_with_window(32, 120) > 0);
}
TEST(what_comes_after_a_further_link_is_such_that_each_takes_it)
{
    struct tcp_config cfg = net_config();
    cfg.receive_buffer_bytes = tcp_window_that_fits(&cfg, NET_PACKETS);
    struct net *n = net_start_with(&cfg, &cfg);
    struct tcp *t = n->host[1].t;
    tcp_add_link(t, &(struct tcp_link){ .mss_bytes = 9000, .num_packets_reserved = 0 });
    EQ(t->cfg.mss_bytes, cfg.mss_bytes);
    EQ(t->cfg.gso_max_bytes, cfg.gso_max_bytes);
    EQ(t->cfg.receive_buffer_bytes, cfg.receive_buffer_bytes);
    tcp_add_link(t, &(struct tcp_link){ .mss_bytes = 500, .is_plain = true, .num_packets_reserved = 32 });
    struct tcp_config narrow = cfg;
    narrow.mss_bytes = 500;
    narrow.num_packets_reserved += 32;
    EQ(t->cfg.gso_max_bytes, 0);
    EQ(t->cfg.receive_buffer_bytes, tcp_window_that_fits(&narrow, NET_PACKETS));
    TRUE(t->cfg.receive_buffer_bytes < cfg.receive_buffer_bytes);
    n->host[0].app.to_send = 100000;
    net_connect(n);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 100000);
    EQ(n->host[0].app.conn->agreed.mss, 500);
    EQ(n->host[1].app.conn->agreed.mss, 500);
    net_expect_clean(n);
}
TEST(a_pool_that_is_nearly_used_up_stops_writers_and_starts_them_again)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    net_start_host(&n->host[1], &cfg, 2, 32);
    net_connect(n);
    send_from(n, 1, 300000);
    TRUE(n->host[1].pool.num_free >= n->host[1].t->num_free_for_disorder);
    TRUE(n->host[1].app.conn->send.num_copied > 0 && !tcp_has_room(n->host[1].t, n->host[1].app.conn, 1));
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, 300000);
    TRUE(!n->host[0].app.bad_byte);
    net_expect_clean(n);
}
TEST(a_receiver_with_few_packets_still_receives_all)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    net_start_host(&n->host[1], &cfg, 2, 16);
    n->loss_percent = 5;
    net_listen(n);
    net_open(n);
    n->host[0].app.to_send = 200000;
    net_run_for(n, 200 * (nanos)NS_PER_S);
    n->loss_percent = 0;
    EQ(n->host[1].app.received, 200000);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(writes_are_taken_up_to_the_budget_and_news_tell_of_room)
{
    struct tcp_config cfg = net_config();
    cfg.send_buffer_bytes = 5000;
    struct net *n = net_start_with(&cfg, &cfg);
    net_connect(n);
    EQ(tcp_write(n->host[0].t, n->host[0].app.conn, span_first(SPAN(net_pattern), 6000), n->now), 5000);
    EQ(tcp_write(n->host[0].t, n->host[0].app.conn, TEXT("x"), n->now), 0);
    n->host[0].app.sent = n->host[0].app.to_send = 5000;
    n->host[0].app.all_news = 0;
    net_run_for(n, NS_PER_S);
    EQ(n->host[0].app.all_news, TCP_WRITABLE | TCP_SENT);
    EQ(n->host[1].app.received, 5000);
    net_expect_clean(n);
}
TEST(static_spans_are_taken_until_the_chunks_are_used_up)
{
    struct net *n = net_start();
    net_connect(n);
    n->host[0].app.sends_static = true;
    n->host[0].app.write_bytes = 100;
    n->is_cut = true;
    send_from(n, 0, 1000000);
    size_t num = n->host[0].app.conn->send.chunks.n;
    EQ(n->host[0].app.sent, num * 100);
    n->is_cut = false;
    net_run_for(n, 100 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 1000000);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(where_all_connections_are_used_a_syn_is_dropped_and_a_later_one_served)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    cfg.num_conns = 1;
    net_start_host(&n->host[1], &cfg, 2, NET_PACKETS);
    net_connect(n);
    struct app first = n->host[1].app, second = { .receive_max = 0 };
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    second.conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &second, n->now);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    TRUE(!second.is_connected && !second.has_ended);
    EQ(tcp_stats(n->host[1].t)->refused_no_memory, 2);
    tcp_abort(n->host[1].t, first.conn, n->now);
    net_settle(n);
    tcp_release(n->host[1].t, first.conn, n->now);
    n->host[1].app.conn = NULL;
    net_run_for(n, 3 * (nanos)NS_PER_S);
    TRUE(second.is_connected);
    tcp_release(n->host[0].t, second.conn, n->now);
    net_expect_clean(n);
}
TEST(a_released_connection_makes_room_for_a_new_one)
{
    struct tcp_config cfg = net_config();
    struct net *n = net_start();
    cfg.num_conns = 1;
    net_start_host(&n->host[1], &cfg, 2, NET_PACKETS);
    net_connect(n);
    tcp_release(n->host[1].t, n->host[1].app.conn, n->now);     /* the client does not close */
    n->host[1].app = (struct app){ .receive_max = 0 };
    net_run_for(n, NS_PER_S);
    EQ(tcp_num_open(n->host[1].t), 1);
    struct app second = { .receive_max = 0 };
    struct endpoint to = { n->host[1].ip, SERVER_PORT };
    second.conn = tcp_open(n->host[0].t, &n->host[0].ip, &to, &second, n->now);
    net_run_for(n, NS_PER_S);
    TRUE(second.is_connected);
    EQ(n->host[0].app.why, TCP_END_RESET);
    tcp_release(n->host[0].t, second.conn, n->now);
    net_expect_clean(n);
}
TEST_MAIN
