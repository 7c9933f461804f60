// SPDX-License-Identifier: ISC
/* How connections end: by either side, by both, orderly or not, with time or without. */
#include "lib/tcp/test_net.h"

static struct app *app_of(struct net *n, unsigned i)
{
    return &n->host[i].app;
}
static void shut_down(struct net *n, unsigned i)
{
    tcp_shutdown(n->host[i].t, app_of(n, i)->conn, n->now);
}
static enum tcp_state state_of(struct net *n, unsigned i)
{
    return (enum tcp_state)app_of(n, i)->conn->state;
}
static void send_from(struct net *n, unsigned i, uint64_t bytes)
{
    app_of(n, i)->to_send += bytes;
    app_run(&n->host[i], app_of(n, i), n->now);
    net_run_for(n, NS_PER_S);
}
static size_t num_in_time_wait(struct host *h)
{
    size_t num = 0;
    for (struct link *l = list_first(&h->t->time_waits_by_age); l; l = list_next(&h->t->time_waits_by_age, l))
        num++;
    return num;
}

TEST(one_side_closes_and_the_other_goes_on_for_as_long_as_it_likes)
{
    for (unsigned first = 0; first < 2; first++) {
        struct net *n = net_start();
        net_connect(n);
        shut_down(n, first);
        net_run_for(n, NS_PER_S);
        EQ(state_of(n, first), TCP_FIN_WAIT_2);
        EQ(state_of(n, 1 - first), TCP_CLOSE_WAIT);
        TRUE(app_of(n, 1 - first)->saw_end && !app_of(n, first)->saw_end);
        net_run_for(n, 300 * (nanos)NS_PER_S);
        send_from(n, 1 - first, 100000);
        EQ(app_of(n, first)->received, 100000);
        shut_down(n, 1 - first);
        net_run_for(n, NS_PER_S);
        EQ(app_of(n, first)->why, TCP_END_ORDERLY);
        EQ(app_of(n, 1 - first)->why, TCP_END_ORDERLY);
        TRUE(app_of(n, first)->saw_end);
        EQ(num_in_time_wait(&n->host[first]), 1);
        EQ(num_in_time_wait(&n->host[1 - first]), 0);
        net_expect_clean(n);
        EQ(num_in_time_wait(&n->host[first]), 0);
    }
}
TEST(both_sides_close_at_once_and_both_wait)
{
    struct net *n = net_start();
    net_connect(n);
    shut_down(n, 0);
    shut_down(n, 1);
    net_settle(n);
    EQ(state_of(n, 0), TCP_FIN_WAIT_1);
    net_run_for(n, NET_DELAY + 1);
    EQ(state_of(n, 0), TCP_CLOSING);
    EQ(state_of(n, 1), TCP_CLOSING);
    net_run_for(n, NS_PER_S);
    for (unsigned i = 0; i < 2; i++) {
        EQ(app_of(n, i)->why, TCP_END_ORDERLY);
        EQ(num_in_time_wait(&n->host[i]), 1);
    }
    net_expect_clean(n);
}
TEST(any_two_segments_of_a_close_may_be_lost_whoever_begins)
{
    for (unsigned order = 0; order < 3; order++)
        for (uint32_t k = 0; k < 8; k++)
            for (uint32_t l = k; l < 8; l++) {
                struct net *n = net_start();
                net_connect(n);
                n->drop[0] = n->num_sent + k;
                n->drop[1] = n->num_sent + l;
                shut_down(n, order & 1);
                if (order < 2)
                    net_run_for(n, 2 * (nanos)NS_PER_S);
                shut_down(n, !(order & 1));
                net_run_for(n, 30 * (nanos)NS_PER_S);
                EQ(app_of(n, 0)->why, TCP_END_ORDERLY);
                EQ(app_of(n, 1)->why, TCP_END_ORDERLY);
                net_expect_clean(n);
            }
}
TEST(what_was_received_can_be_read_after_the_end)
{
    struct net *n = net_start();
    net_connect(n);
    app_of(n, 1)->receive_max = 0;
    send_from(n, 0, 1000);
    shut_down(n, 0);
    shut_down(n, 1);
    net_run_for(n, NS_PER_S);
    TRUE(app_of(n, 1)->has_ended && !app_of(n, 1)->saw_end);
    app_of(n, 1)->receive_max = 1000;
    app_run(&n->host[1], app_of(n, 1), n->now);
    EQ(app_of(n, 1)->received, 1000);
    TRUE(app_of(n, 1)->saw_end);
    net_expect_clean(n);
}
TEST(an_abort_resets_the_peer_at_once)
{
    struct net *n = net_start();
    net_connect(n);
    app_of(n, 0)->to_send = 50000;
    app_run(&n->host[0], app_of(n, 0), n->now);
    tcp_abort(n->host[0].t, app_of(n, 0)->conn, n->now);
    EQ(n->host[0].pool.num_free, NET_PACKETS);
    net_run_for(n, NS_PER_S);
    EQ(app_of(n, 0)->why, TCP_END_RESET);
    EQ(app_of(n, 1)->why, TCP_END_RESET);
    EQ(tcp_stats(n->host[1].t)->resets_in, 1);
    EQ(num_in_time_wait(&n->host[0]) + num_in_time_wait(&n->host[1]), 0);
    net_expect_clean(n);
}
/* Its FIN and the text before it were lost; so a reset with the next number would be outside of what the peer expects. */
TEST(text_for_a_released_connection_is_reset_where_the_peer_expects_it)
{
    struct net *n = net_start();
    net_connect(n);
    n->drop[0] = n->num_sent;
    tcp_release(n->host[1].t, app_of(n, 1)->conn, n->now);
    app_of(n, 1)->conn = NULL;
    net_collect(n, 1);
    send_from(n, 0, 100);
    net_run_for(n, 3 * NET_DELAY);
    EQ(app_of(n, 0)->why, TCP_END_RESET);
    EQ(tcp_num_open(n->host[1].t), 0);
    net_expect_clean(n);
}
TEST(release_with_unread_bytes_resets_and_without_finishes_in_the_background)
{
    for (unsigned unread = 0; unread < 2; unread++) {
        struct net *n = net_start();
        net_connect(n);
        app_of(n, 1)->receive_max = unread ? 0 : UINT64_MAX;
        send_from(n, 0, 1000);
        app_of(n, 1)->to_send = 30000;
        app_run(&n->host[1], app_of(n, 1), n->now);
        tcp_release(n->host[1].t, app_of(n, 1)->conn, n->now);
        app_of(n, 1)->conn = NULL;
        EQ(tcp_num_open(n->host[1].t), unread ? 0 : 1);
        net_run_for(n, NS_PER_S);
        EQ(app_of(n, 0)->received, unread ? 0 : 30000);
        EQ(app_of(n, 0)->has_ended, unread);
        EQ(app_of(n, 0)->saw_end, !unread);
        net_expect_clean(n);
    }
}
TEST(bytes_for_a_released_connection_reset_it)
{
    struct net *n = net_start();
    net_connect(n);
    tcp_release(n->host[1].t, app_of(n, 1)->conn, n->now);
    app_of(n, 1)->conn = NULL;
    net_run_for(n, NS_PER_S);
    EQ(tcp_num_open(n->host[1].t), 1);
    send_from(n, 0, 10);
    EQ(tcp_num_open(n->host[1].t), 0);
    EQ(app_of(n, 0)->why, TCP_END_RESET);
    net_expect_clean(n);
}
TEST(a_released_connection_does_not_wait_for_ever_for_the_peers_end)
{
    struct net *n = net_start();
    net_connect(n);
    tcp_release(n->host[1].t, app_of(n, 1)->conn, n->now);
    app_of(n, 1)->conn = NULL;
    net_run_for(n, TCP_FIN_WAIT_2_MAX - NS_PER_S);
    EQ(tcp_num_open(n->host[1].t), 1);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    EQ(tcp_num_open(n->host[1].t), 0);
    shut_down(n, 0);
    net_run_for(n, NS_PER_S);
    TRUE(app_of(n, 0)->has_ended);
    net_expect_clean(n);
}
TEST(a_released_connection_gives_up_on_a_window_that_stays_closed)
{
    struct net *n = net_start();
    net_connect(n);
    app_of(n, 0)->receive_max = 0;
    app_of(n, 1)->to_send = 100000;
    app_run(&n->host[1], app_of(n, 1), n->now);
    net_run_for(n, NS_PER_S);
    TRUE(app_of(n, 1)->sent == 100000);
    tcp_release(n->host[1].t, app_of(n, 1)->conn, n->now);
    app_of(n, 1)->conn = NULL;
    net_run_for(n, 300 * (nanos)NS_PER_S);
    EQ(tcp_num_open(n->host[1].t), 0);
    EQ(n->host[1].pool.num_free, NET_PACKETS);
    EQ(app_of(n, 0)->why, TCP_END_RESET);
    net_expect_clean(n);
}
/* The client's next connection from the same port, as a peer with few ports would do. */
static void open_again(struct net *n, uint32_t seq_ahead, nanos later)
{
    struct tcp *t = n->host[0].t;
    struct tcp_tuple tuple = { n->host[0].ip, n->host[1].ip, n->log[0].source_port, SERVER_PORT };
    net_run_for(n, later);
    struct tcp_conn *c = tcp_conn_take(t, &tuple, n->now);
    c->state = TCP_SYN_SENT;
    app_of(n, 0)->is_connected = app_of(n, 0)->has_ended = false;
    c->user = app_of(n, 0);
    app_of(n, 0)->conn = c;
    c->iss = c->snd_una = c->snd_nxt = c->snd_max = n->log[0].seq + seq_ahead;
    c->agreed.ts_offset = tcp_timestamp_offset(t, &tuple);
    tcp_conn_output(t, c);
}
static struct net *with_server_in_time_wait(void)
{
    struct net *n = net_start();
    net_connect(n);
    shut_down(n, 1);
    net_run_for(n, NS_PER_S);
    shut_down(n, 0);
    net_run_for(n, NS_PER_S);
    for (unsigned i = 0; i < 2; i++) {
        tcp_release(n->host[i].t, app_of(n, i)->conn, n->now);
        *app_of(n, i) = (struct app){ .receive_max = UINT64_MAX };
    }
    return n;
}
TEST(a_new_syn_ends_time_wait_and_sequence_numbers_go_on)
{
    struct net *n = with_server_in_time_wait();
    EQ(num_in_time_wait(&n->host[1]), 1);
    open_again(n, 100000, NS_PER_S);
    net_run_for(n, NS_PER_S);
    TRUE(app_of(n, 0)->is_connected && app_of(n, 1)->is_connected);
    EQ(num_in_time_wait(&n->host[1]), 0);
    TRUE(seq_lt(n->log[1].seq, app_of(n, 1)->conn->iss));
    net_expect_clean(n);
}
TEST(a_syn_that_may_be_old_does_not_end_time_wait)
{
    struct net *n = with_server_in_time_wait();
    struct tcp_segment old = n->log[0];
    uint8_t bytes[TCP_HEADER_BYTES_MAX];
    net_give(n, 1, span_first(SPAN(bytes), tcp_segment_encode(&old, MSPAN(bytes))), false);
    net_settle(n);
    EQ(num_in_time_wait(&n->host[1]), 1);
    EQ(n->last.flags, TCP_ACK);
    TRUE(!app_of(n, 1)->is_connected);
    net_expect_clean(n);
}
TEST(a_reset_does_not_end_time_wait)
{
    struct net *n = with_server_in_time_wait();
    struct tcp_time_wait *w = LINKED(list_first(&n->host[1].t->time_waits_by_age), struct tcp_time_wait, age);
    struct tcp_segment rst = { .source_port = n->log[0].source_port, .destination_port = SERVER_PORT, .seq = w->rcv_nxt, .flags = TCP_RST };
    uint8_t bytes[TCP_HEADER_BYTES_MAX];
    net_give(n, 1, span_first(SPAN(bytes), tcp_segment_encode(&rst, MSPAN(bytes))), false);
    EQ(num_in_time_wait(&n->host[1]), 1);
    net_expect_clean(n);
}
TEST(the_oldest_in_time_wait_gives_way)
{
    struct tcp_config cfg = net_config();
    cfg.num_time_wait = 2;
    struct net *n = net_start_with(&cfg, &cfg);
    net_listen(n);
    for (int i = 0; i < 5; i++) {
        *app_of(n, 0) = *app_of(n, 1) = (struct app){ .receive_max = UINT64_MAX, .closes_at_end = true, .releases_when_ended = true };
        net_open(n);
        net_run_for(n, NS_PER_S);
        shut_down(n, 0);
        net_run_for(n, NS_PER_S);
        TRUE(app_of(n, 0)->conn == NULL && app_of(n, 1)->conn == NULL);
    }
    EQ(num_in_time_wait(&n->host[0]), 2);
    EQ(tcp_stats(n->host[0].t)->time_wait_evicted, 3);
    net_expect_clean(n);
}
TEST_MAIN
