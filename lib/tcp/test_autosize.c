// SPDX-License-Identifier: ISC
/* Buffers that follow what a connection does: they begin small, grow where the application keeps up, and give way where packets are few. */
#define NET_PACKETS 4096
#define NET_MEMORY_BYTES (4 << 20)
#define NET_QUEUE_MAX 512
#include "lib/tcp/test_net.h"

#define LEAST 65536u
#define MOST (256u << 10)
#define BYTES (3u << 20)

/* Of a path of 100 ms, whose server sizes the buffers of what it accepts. */
static struct net *start(bool is_auto)
{
    struct tcp_config cfg = net_config();
    cfg.receive_buffer_bytes = MOST;
    cfg.send_buffer_bytes = 128 << 10;
    struct net *n = net_start_with(&cfg, &cfg);
    n->delay = 50 * NS_PER_MS;
    net_listen(n);
    tcp_choose_for_port(n->host[1].t, SERVER_PORT, &(struct tcp_choices){ .auto_buffers = is_auto });
    net_open(n);
    net_run_for(n, NS_PER_S);
    return n;
}
static struct tcp_conn *server(const struct net *n)
{
    return n->host[1].app.conn;
}
static uint32_t window(const struct net *n)
{
    return server(n)->rcv_adv - server(n)->rcv_nxt;
}
static void upload(struct net *n, uint64_t bytes)
{
    n->host[0].app.sends_static = true;
    n->host[0].app.to_send += bytes;
    app_run(&n->host[0], &n->host[0].app, n->now);
}
TEST(the_window_begins_small_and_grows_where_all_is_read)
{
    struct net *n = start(true);
    EQ(server(n)->receive_budget_bytes, LEAST);
    upload(n, BYTES);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(server(n)->receive_budget_bytes, MOST);
    TRUE(window(n) > MOST - 4096);
    net_run_for(n, 5 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, BYTES);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(a_connection_that_has_not_chosen_it_has_the_whole_window_at_once)
{
    struct net *n = start(false);
    EQ(server(n)->receive_budget_bytes, MOST);
    upload(n, 1000);
    net_run_for(n, NS_PER_S);
    TRUE(window(n) > LEAST);
    net_expect_clean(n);
}
TEST(nothing_grows_for_an_application_that_does_not_read)
{
    struct net *n = start(true);
    n->host[1].app.receive_max = 0;
    upload(n, BYTES);
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(server(n)->receive_budget_bytes, LEAST);
    TRUE(server(n)->receive.num_bytes <= LEAST && server(n)->receive.num_bytes > LEAST - 2000);
    net_expect_clean(n);
}
TEST(nor_for_one_that_reads_slowly)
{
    struct net *n = start(true);
    n->host[1].app.receive_max = 0;
    upload(n, BYTES);
    for (int i = 0; i < 50; i++) {
        n->host[1].app.receive_max += 10000;
        app_run(&n->host[1], &n->host[1].app, n->now);
        net_run_for(n, 110 * NS_PER_MS);
    }
    EQ(n->host[1].app.received, 500000);
    EQ(server(n)->receive_budget_bytes, LEAST);
    net_expect_clean(n);
}
/* Another holds so many that a large window could not be kept. */
TEST(what_has_grown_is_halved_while_packets_are_few_and_grows_again_when_there_are)
{
    struct net *n = start(true);
    struct packet *held = NULL;
    upload(n, BYTES);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(server(n)->receive_budget_bytes, MOST);
    while (n->host[1].pool.num_free > 700) {
        struct packet *p = packet_alloc(&n->host[1].pool);
        p->next = held;
        held = p;
    }
    upload(n, BYTES);
    net_run_for(n, 3 * (nanos)NS_PER_S);
    EQ(server(n)->receive_budget_bytes, LEAST);
    EQ(tcp_stats(n->host[1].t)->dropped_no_memory, 0);
    packet_unref(held);
    net_run_for(n, 6 * (nanos)NS_PER_S);
    upload(n, BYTES);
    net_run_for(n, 6 * (nanos)NS_PER_S);
    EQ(server(n)->receive_budget_bytes, MOST);
    EQ(n->host[1].app.received, 3 * (uint64_t)BYTES);
    net_expect_clean(n);
}
TEST(the_send_queue_holds_two_congestion_windows)
{
    struct net *n = start(true);
    struct tcp *t = n->host[1].t;
    n->host[1].app.to_send = BYTES;
    app_run(&n->host[1], &n->host[1].app, n->now);
    EQ(server(n)->send.num_bytes, LEAST / 2);
    for (int i = 0; i < 40; i++) {
        net_run_for(n, 100 * NS_PER_MS);
        uint32_t cwnd = server(n)->congestion.cwnd;
        TRUE(server(n)->send.num_copied <= u32_max(2 * cwnd, LEAST / 2));
    }
    EQ(server(n)->send_budget_bytes, t->cfg.send_buffer_bytes);
    net_run_for(n, 10 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, BYTES);
    net_expect_clean(n);
}
TEST(a_send_budget_that_was_chosen_does_not_size_itself)
{
    struct net *n = start(false);
    tcp_choose(n->host[1].t, server(n), &(struct tcp_choices){ .auto_buffers = true, .send_budget_bytes = LEAST }, n->now);
    EQ(server(n)->receive_budget_bytes, LEAST);
    n->host[1].app.to_send = BYTES;
    app_run(&n->host[1], &n->host[1].app, n->now);
    EQ(server(n)->send.num_bytes, LEAST);
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, BYTES);
    net_expect_clean(n);
}
TEST(buffers_that_size_themselves_can_be_chosen_and_given_up_while_a_connection_is_open)
{
    struct net *n = start(false);
    tcp_choose(n->host[1].t, server(n), &(struct tcp_choices){ .auto_buffers = true }, n->now);
    EQ(server(n)->receive_budget_bytes, LEAST);
    upload(n, BYTES);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    TRUE(server(n)->receive_budget_bytes > LEAST);
    tcp_choose(n->host[1].t, server(n), &(struct tcp_choices){ 0 }, n->now);
    EQ(server(n)->receive_budget_bytes, MOST);
    net_run_for(n, 8 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, BYTES);
    net_expect_clean(n);
}
TEST_MAIN
