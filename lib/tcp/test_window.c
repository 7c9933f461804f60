// SPDX-License-Identifier: ISC
/* Flow control: windows that close, open, scale and lie; what goes out in which pieces. */
#include "lib/tcp/test_net.h"

static void stop_reading(struct net *n, unsigned i, uint64_t at)
{
    n->host[i].app.receive_max = at;
}
static void read_on(struct net *n, unsigned i, uint64_t more)
{
    n->host[i].app.receive_max += more;
    app_run(&n->host[i], &n->host[i].app, n->now);
}
static void send_from(struct net *n, unsigned i, uint64_t bytes)
{
    n->host[i].app.to_send += bytes;
    app_run(&n->host[i], &n->host[i].app, n->now);
}

TEST(a_closed_window_is_probed_for_as_long_as_the_peer_answers)
{
    struct net *n = net_start();
    stop_reading(n, 1, 0);
    net_connect(n);
    send_from(n, 0, 150000);
    net_run_for(n, NS_PER_S);
    EQ(n->host[0].app.conn->snd_wnd, 0);
    uint32_t before = n->num_sent;
    net_run_for(n, 4000 * (nanos)NS_PER_S);
    TRUE(!n->host[0].app.has_ended);
    TRUE(n->num_sent - before > 100 && n->num_sent - before < 200);     /* a probe a minute, and its answer */
    EQ(n->host[1].app.received, 0);
    read_on(n, 1, UINT32_MAX);
    net_run_for(n, 5 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 150000);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(a_window_update_that_was_lost_is_made_up_for_by_a_probe)
{
    struct net *n = net_start();
    stop_reading(n, 1, 0);
    net_connect(n);
    send_from(n, 0, 150000);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    read_on(n, 1, UINT32_MAX);
    n->drop[0] = n->num_sent;
    net_run_for(n, 20 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 150000);
    net_expect_clean(n);
}
TEST(a_peer_that_does_not_answer_probes_is_given_up)
{
    struct net *n = net_start();
    stop_reading(n, 1, 0);
    net_connect(n);
    send_from(n, 0, 150000);
    net_run_for(n, NS_PER_S);
    n->is_cut = true;
    net_run_for(n, 2000 * (nanos)NS_PER_S);
    EQ(n->host[0].app.why, TCP_END_TIMEOUT);
    n->is_cut = false;
    net_expect_clean(n);
}
TEST(a_fin_waits_for_a_closed_window_too)
{
    struct tcp_config cfg = net_config();
    cfg.receive_buffer_bytes = 60000;               /* not scaled, hence exact */
    struct net *n = net_start_with(&cfg, &cfg);
    stop_reading(n, 1, 0);
    n->host[0].app.closes_when_sent = true;
    n->host[0].app.to_send = 60000;
    net_connect(n);
    net_run_for(n, 30 * (nanos)NS_PER_S);
    EQ(n->host[0].app.conn->state, TCP_FIN_WAIT_1);
    TRUE(!n->host[1].app.saw_end);
    read_on(n, 1, UINT32_MAX);
    net_run_for(n, 60 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 60000);
    TRUE(n->host[1].app.saw_end);
    net_expect_clean(n);
}
/* A step is an update, two full segments and their acknowledgment, and perhaps a probe of the rest. */
TEST(a_slow_reader_opens_its_window_in_steps_worth_a_segment)
{
    struct net *n = net_start();
    stop_reading(n, 1, 0);
    net_connect(n);
    send_from(n, 0, 500000);
    net_run_for(n, NS_PER_S);
    uint32_t before = n->num_sent;
    for (int i = 0; i < 14600; i++) {
        read_on(n, 1, 10);
        net_run_for(n, NS_PER_MS);
    }
    EQ(n->host[1].app.received, 146000);
    TRUE(n->num_sent - before <= 146000 / (2 * 1460) * 7);
    read_on(n, 1, UINT32_MAX);
    net_run_for(n, 5 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 500000);
    net_expect_clean(n);
}
TEST(every_segment_but_the_last_is_full)
{
    struct net *n = net_start();
    net_connect(n);
    uint32_t first = n->num_sent;
    n->host[0].app.write_bytes = 500;
    send_from(n, 0, 20 * 500);
    net_run_for(n, NS_PER_S);
    uint16_t mss = n->host[0].app.conn->snd_mss;
    EQ(mss, 1460 - TCP_TIMESTAMP_BYTES);
    size_t left = 20 * 500;
    for (uint32_t i = first; i < n->num_sent; i++) {
        if (n->log_payload[i] == 0)
            continue;
        EQ(n->log_payload[i], left < mss ? left : mss);
        left -= n->log_payload[i];
    }
    EQ(left, 0);
    net_expect_clean(n);
}
TEST(large_windows_are_used_whole)
{
    struct tcp_config cfg = net_config();
    cfg.receive_buffer_bytes = 400000;
    cfg.send_buffer_bytes = 400000;
    struct net *n = net_start_with(&cfg, &cfg);
    n->delay = 50 * NS_PER_MS;
    net_listen(n);
    net_open(n);
    net_run_for(n, NS_PER_S);
    n->host[0].app.sends_static = true;
    send_from(n, 0, 1 << 20);
    net_run_for(n, 2 * (nanos)NS_PER_S);
    TRUE(n->host[0].app.conn->max_snd_wnd > 390000);
    TRUE(n->host[0].app.conn->congestion.cwnd > 200000);
    net_run_for(n, 10 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 1 << 20);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(a_peer_without_options_gets_neither_scale_nor_timestamps_nor_large_segments)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = { .source_port = 99, .destination_port = SERVER_PORT, .seq = 1000, .flags = TCP_SYN, .window = 5000 };
    net_inject(n, 1, &s, (struct span){ 0 });
    TRUE(!n->last.opt.has_window_scale && !n->last.opt.has_timestamps);
    EQ(n->last.opt.mss, 1460);
    s.flags = TCP_ACK;
    s.seq = 1001;
    s.ack = n->last.seq + 1;
    n->num_flying = 0;
    net_inject(n, 1, &s, (struct span){ 0 });
    app_poll(&n->host[1], n->now);
    uint32_t first = n->num_sent;
    send_from(n, 1, 100000);
    net_collect(n, 1);
    size_t sent = 0;
    for (uint32_t i = first; i < n->num_sent; i++) {
        TRUE(n->log_payload[i] <= TCP_MSS_DEFAULT);
        sent += n->log_payload[i];
    }
    TRUE(sent > 4 * TCP_MSS_DEFAULT && sent <= 5000);
}
TEST(a_window_that_never_takes_a_full_segment_is_used_by_halves)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = { .source_port = 99, .destination_port = SERVER_PORT, .seq = 1000, .flags = TCP_SYN, .window = 200,
                             .opt.mss = 1000 };
    net_inject(n, 1, &s, (struct span){ 0 });
    s.flags = TCP_ACK;
    s.seq = 1001;
    s.ack = n->last.seq + 1;
    n->num_flying = 0;
    net_inject(n, 1, &s, (struct span){ 0 });
    app_poll(&n->host[1], n->now);
    send_from(n, 1, 1000);
    uint32_t first = n->num_sent;
    net_collect(n, 1);
    EQ(n->num_sent, first + 1);
    EQ(n->log_payload[first], 200);
    s.ack += 150;                       /* 50 are still on their way; the room is 150 of 200 */
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent, first + 2);
    EQ(n->log_payload[first + 1], 150);
    s.ack += 40;                        /* 40 are not worth a segment while others are on their way */
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent, first + 2);
}
TEST(a_hundred_megabytes_of_constants_stream_without_copies)
{
    struct tcp_config cfg = net_config();
    cfg.gso_max_bytes = 65000;
    struct net *n = net_start_with(&cfg, &cfg);
    net_connect(n);
    n->host[1].app.sends_static = true;
    n->delay = NS_PER_MS / 10;
    n->host[1].app.to_send = 100 << 20;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_settle(n);
    EQ(n->host[1].pool.low_water, NET_PACKETS - 1);     /* of the segments received */
    net_run_for(n, 10 * (nanos)NS_PER_S);
    TRUE(n->host[0].app.received > 1 << 20 && !n->host[0].app.bad_byte);
    EQ(n->host[1].pool.low_water, NET_PACKETS - 1);
    tcp_abort(n->host[1].t, n->host[1].app.conn, n->now);
    net_run_for(n, NS_PER_S);
    net_expect_clean(n);
}
TEST(a_window_that_comes_with_more_acknowledged_counts_though_its_octets_are_older)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_conn *c = net_server_conn(n);
    n->is_cut = true;
    send_from(n, 1, 20000);
    net_settle(n);
    TRUE(c->snd_nxt - c->snd_una > 2000);
    struct tcp_segment late = net_forged(n, TCP_ACK), again = late;
    late.seq += 500;                            /* an acknowledgment behind text that was lost */
    late.ack = c->snd_una;
    late.window = 9000;
    net_inject(n, 1, &late, (struct span){ 0 });
    EQ(c->snd_wnd, 9000u << c->agreed.snd_wind_shift);
    again.ack = c->snd_una + 2000;              /* the text, sent again by one who has heard more since */
    again.window = 7;
    net_inject(n, 1, &again, TEXT("text"));
    EQ(c->snd_wnd, 7u << c->agreed.snd_wind_shift);
}
TEST_MAIN
