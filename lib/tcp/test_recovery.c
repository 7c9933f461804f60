// SPDX-License-Identifier: ISC
/* How soon losses are repaired, and what is sent for it: between two hosts, on the fake network. */
#include "lib/tcp/test_net.h"

#define BYTES 60000

/* The server sends BYTES; the time until the client has them all. */
static struct net *download(uint64_t bytes)
{
    struct net *n = net_start();
    net_connect(n);
    n->num_sent = 0;
    n->host[1].app.to_send = bytes;
    app_run(&n->host[1], &n->host[1].app, n->now);
    return n;
}
static nanos finish(struct net *n)
{
    nanos start = n->now;
    while (n->host[0].app.received < n->host[1].app.to_send && n->now < start + 60 * (nanos)NS_PER_S)
        net_run_for(n, NS_PER_MS);
    EQ(n->host[0].app.received, n->host[1].app.to_send);
    TRUE(!n->host[0].app.bad_byte);
    return n->now - start;
}
/* What is probed for is not counted: a peer that delays its acknowledgment of the tail gets a probe, too. */
static uint64_t num_again(const struct net *n)
{
    return tcp_stats(n->host[1].t)->retransmitted - tcp_stats(n->host[1].t)->tail_probes;
}
static uint32_t num_of_segments(void)
{
    struct net *n = download(BYTES);
    (void)finish(n);
    uint32_t num = n->num_sent;
    net_expect_clean(n);
    return num;
}

TEST(no_loss_of_a_data_segment_waits_for_the_timeout)
{
    uint32_t num = num_of_segments();
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = download(BYTES);
        n->drop[0] = k;
        TRUE(finish(n) < TCP_RTO_MIN);
        TRUE(num_again(n) <= 1);
        net_expect_clean(n);
    }
}
/* The acknowledgment comes between the tick and the output. */
TEST(what_a_tail_probe_would_have_asked_for_is_acknowledged_and_new_data_still_has_a_timer)
{
    struct net *n = download(15000);            /* the first window, and a bit */
    struct tcp_conn *c = net_server_conn(n);
    n->is_cut = true;
    net_settle(n);
    TRUE(c->snd_max - c->snd_una < c->send.num_bytes);
    EQ(c->timer_kind, TCP_TIMER_TAIL_PROBE);
    n->now = c->timer_at + 2 * NS_PER_MS;
    tcp_tick(n->host[1].t, n->now);
    TRUE(c->recovery.probe_due);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    net_inject(n, 1, &s, (struct span){ 0 });
    TRUE(c->snd_max != c->snd_una && c->timer_kind != TCP_TIMER_NONE);
    EQ(tcp_stats(n->host[1].t)->retransmitted, 0);
    net_expect_clean(n);
}
TEST(no_two_losses_in_a_row_or_apart_wait_for_the_timeout)
{
    uint32_t num = num_of_segments();
    for (uint32_t k = 0; k < num; k++)
        for (uint32_t l = k + 1; l < k + 14; l++) {
            struct net *n = download(BYTES);
            n->drop[0] = k;
            n->drop[1] = l;
            TRUE(finish(n) < 2 * TCP_RTO_MIN);      /* a tail that is lost and its probe leave the timer */
            TRUE(num_again(n) <= 4);
            net_expect_clean(n);
        }
}
TEST(a_tail_that_is_lost_is_probed_for_long_before_the_timeout)
{
    struct net *n = download(5000);
    n->drop[0] = 3;
    nanos took = finish(n);
    EQ(tcp_stats(n->host[1].t)->tail_probes, 1);
    TRUE(took >= 3 * NET_DELAY && took < TCP_RTO_MIN * 3 / 4);
    EQ(num_again(n), 0);
    net_expect_clean(n);
}
TEST(a_probe_that_repairs_a_loss_counts_as_one)
{
    struct net *n = download(20 * 1448);
    (void)finish(n);
    struct tcp_conn *c = n->host[1].app.conn;
    net_run_for(n, NS_PER_S / 10);
    uint32_t cwnd = c->congestion.cwnd;
    n->drop[0] = n->num_sent + 3;
    n->host[1].app.to_send += 4 * 1448;
    app_run(&n->host[1], &n->host[1].app, n->now);
    (void)finish(n);
    n->host[1].app.to_send += 2 * 1448;
    app_run(&n->host[1], &n->host[1].app, n->now);
    (void)finish(n);
    net_run_for(n, NS_PER_S / 10);
    TRUE(c->congestion.cwnd < cwnd);
    net_expect_clean(n);
}
/* One segment comes late by less than a quarter of the round trip, whichever it is. */
TEST(a_little_reordering_retransmits_nothing)
{
    uint32_t num = num_of_segments();
    for (uint32_t k = 0; k < num; k++) {
        struct net *n = download(BYTES);
        n->late_by = 2 * NET_DELAY / 5;
        n->hold_back = k;
        (void)finish(n);
        net_run_for(n, NS_PER_S);
        TRUE(num_again(n) <= 1);                /* the first time three later ones mean a loss */
        net_expect_clean(n);
    }
}
TEST(a_network_that_is_known_to_reorder_is_given_time)
{
    struct net *n = download(2000000);
    n->late_by = 2 * NET_DELAY / 6;
    n->hold_back_percent = 5;
    (void)finish(n);
    TRUE(n->host[1].app.conn->recovery.rack.reordering > 0);
    EQ(tcp_info(n->host[1].t, n->host[1].app.conn).reordering_bytes, n->host[1].app.conn->recovery.rack.reordering);
    TRUE(num_again(n) <= 3);
    n->hold_back_percent = 0;
    net_expect_clean(n);
}
TEST(the_probe_of_a_tail_is_the_last_segment_where_that_was_sent_apart)
{
    struct net *n = net_start();
    net_connect(n);
    struct app *a = &n->host[0].app;
    n->is_cut = true;
    a->to_send = 3000;
    app_run(&n->host[0], a, n->now);
    net_run_for(n, 2 * NS_PER_MS);
    tcp_shutdown(n->host[0].t, a->conn, n->now);
    net_collect(n, 0);
    uint32_t before = n->num_sent;
    net_run_for(n, 2 * (2 * NET_DELAY) + 5 * NS_PER_MS);
    EQ(n->num_sent, before + 1);
    EQ(n->log_payload[before], 0);
    TRUE(n->log[before].flags & TCP_FIN);
    n->is_cut = false;
    net_run_for(n, 5 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 3000);
    net_expect_clean(n);
}
TEST(what_the_peer_has_is_not_sent_again)
{
    struct net *n = download(30 * 1448);
    (void)finish(n);
    n->num_sent = 0;
    n->drop[0] = 2;
    n->drop[1] = 7;
    n->host[1].app.to_send += 20 * 1448;
    app_run(&n->host[1], &n->host[1].app, n->now);
    (void)finish(n);
    EQ(num_again(n), 2);
    net_expect_clean(n);
}
TEST(losses_leave_the_window_at_the_threshold_and_the_recovery_closed)
{
    struct net *n = download(40 * 1448);
    n->drop[0] = 14;
    n->drop[1] = 24;
    (void)finish(n);
    net_run_for(n, NS_PER_S);
    struct tcp_conn *c = n->host[1].app.conn;
    TRUE(num_again(n) > 0);
    TRUE(tcp_recovery_is_idle(&c->recovery));
    EQ(c->recovery.board.range.n, TCP_FEW_RANGES);
    TRUE(c->congestion.cwnd >= c->congestion.ssthresh && c->congestion.ssthresh >= 2 * 1448);
    net_expect_clean(n);
}
TEST(with_no_table_left_a_few_ranges_do)
{
    for (uint64_t seed = 1; seed < 8; seed++) {
        struct net *n = download(400000);
        n->random ^= seed * 0x9e3779b97f4a7c15u;
        n->host[1].t->num_ranges_used = n->host[1].t->ranges.n;
        n->loss_percent = 10;
        net_run_for(n, 1000 * (nanos)NS_PER_S);
        n->loss_percent = 0;
        (void)finish(n);
        net_expect_clean(n);
    }
}
TEST(the_blocks_beyond_a_gap_are_reported_the_newest_first)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_conn *c = n->host[1].app.conn;
    struct tcp_segment s = { .source_port = c->entry.tuple.remote_port, .destination_port = SERVER_PORT, .flags = TCP_ACK,
                             .seq = c->rcv_nxt + 10, .ack = c->snd_nxt, .window = 65535 };
    s.opt.has_timestamps = true;
    s.opt.ts_val = c->agreed.ts_recent;
    net_inject(n, 1, &s, TEXT("0123456789"));
    EQ(n->last.opt.num_sack_blocks, 1);
    EQ(n->last.opt.sack_block[0].left, c->rcv_nxt + 10);
    EQ(n->last.opt.sack_block[0].right, c->rcv_nxt + 20);
    s.seq += 20;
    net_inject(n, 1, &s, TEXT("0123456789"));
    EQ(n->last.opt.num_sack_blocks, 2);
    EQ(n->last.opt.sack_block[0].left, c->rcv_nxt + 30);
    EQ(n->last.opt.sack_block[1].left, c->rcv_nxt + 10);
    s.seq -= 10;
    net_inject(n, 1, &s, TEXT("0123456789"));
    EQ(n->last.opt.num_sack_blocks, 1);
    EQ(n->last.opt.sack_block[0].right - n->last.opt.sack_block[0].left, 30);
    tcp_abort(n->host[1].t, c, n->now);
    net_expect_clean(n);
}
TEST(what_comes_twice_is_reported_once)
{
    struct net *n = net_start();
    n->host[0].app.to_send = 100;
    net_connect(n);
    struct tcp_conn *c = n->host[1].app.conn;
    struct tcp_segment s = { .source_port = c->entry.tuple.remote_port, .destination_port = SERVER_PORT, .flags = TCP_ACK,
                             .seq = c->rcv_nxt - 10, .ack = c->snd_nxt, .window = 65535 };
    s.opt.has_timestamps = true;
    s.opt.ts_val = c->agreed.ts_recent;
    net_inject(n, 1, &s, TEXT("0123456789"));
    EQ(n->last.opt.num_sack_blocks, 1);
    EQ(n->last.opt.sack_block[0].left, c->rcv_nxt - 10);
    EQ(n->last.opt.sack_block[0].right, c->rcv_nxt);
    TRUE(tcp_sack_list_is_empty(&c->sacks));
    net_expect_clean(n);
}
/* RFC 2018 section 8. */
TEST(a_peer_that_takes_back_what_it_reported_gets_it_again)
{
    struct net *n = download(20 * 1448);
    n->drop[0] = 0;
    net_run_for(n, NET_DELAY + NS_PER_MS);
    struct tcp_conn *c = n->host[0].app.conn;
    TRUE(c->receive.num_disordered > 0);
    tcp_receive_queue_drop_disordered(&c->receive);
    tcp_sack_list_clear(&c->sacks);
    (void)finish(n);
    net_expect_clean(n);
}
/* The server has its first window in flight, and hears of it what the test says. */
static struct net *in_flight(bool has_no_sack)
{
    struct net *n = net_start();
    n->has_no_sack = has_no_sack;
    n->host[1].app.to_send = 60000;
    net_listen(n);
    net_open(n);
    net_run_for(n, 3 * n->delay + n->delay / 2);
    n->is_cut = true;
    n->now += 2 * n->delay;                     /* a round trip; what is under way arrives later */
    TRUE(n->host[1].app.conn->snd_max - n->host[1].app.conn->snd_una >= 10 * (uint32_t)n->host[1].app.conn->snd_mss);
    return n;
}
static struct tcp_segment acknowledgment(struct net *n, uint32_t ack)
{
    struct tcp_conn *c = n->host[1].app.conn;
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.ack = ack;
    s.window = (uint16_t)(c->snd_wnd >> c->agreed.snd_wind_shift);
    return s;
}
static void expect_all(struct net *n)
{
    n->is_cut = false;
    net_run_for(n, 100 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, 60000);
    net_expect_clean(n);
}
TEST(what_was_reported_before_opens_the_window_once)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss, before = c->congestion.cwnd;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 1;
    s.opt.sack_block[0] = (struct tcp_sack_block){ una + mss, una + 3 * mss };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->congestion.cwnd, before);
    s.opt.num_sack_blocks = 0;
    s.ack = una + 3 * mss;
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.mode, TCP_NO_RECOVERY);
    EQ(c->congestion.cwnd, before + mss);
    expect_all(n);
}
TEST(of_what_is_sent_again_in_pieces_the_last_is_pushed)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 2;
    s.opt.sack_block[0] = (struct tcp_sack_block){ una + 5 * mss, una + 9 * mss };
    s.opt.sack_block[1] = (struct tcp_sack_block){ una + 2 * mss, una + 3 * mss };
    n->host[1].t->cfg.gso_max_bytes = TCP_GSO_BYTES_MAX;
    n->num_sent = 0;
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->log[1].seq, una + mss);
    TRUE(!(n->log[1].flags & TCP_PSH));
    EQ(n->log[3].seq, una + 4 * mss);
    TRUE(n->log[3].flags & TCP_PSH);
    expect_all(n);
}
/* The report of the first gap was lost: two blocks are news at a time, the newest first. */
TEST(rfc_8985_6_2_blocks_in_any_order_are_no_reordering)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss;
    struct tcp_segment s = acknowledgment(n, una + mss);
    s.opt.num_sack_blocks = 2;
    s.opt.sack_block[0] = (struct tcp_sack_block){ una + 5 * mss, una + 6 * mss };
    s.opt.sack_block[1] = (struct tcp_sack_block){ una + 2 * mss, una + 3 * mss };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.board.sacked, 2 * mss);
    TRUE(c->recovery.rack.reordering == 0);
    s.opt.sack_block[1].right = una + 4 * mss;
    net_inject(n, 1, &s, (struct span){ 0 });
    TRUE(c->recovery.rack.reordering > 0);
    expect_all(n);
}
TEST(rfc2018_5_a_report_of_less_than_a_segment_is_of_none)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss;
    nanos probe_at = c->timer_at;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 1;
    s.opt.sack_block[0] = (struct tcp_sack_block){ una + 5 * mss - 1, una + 5 * mss };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.board.sacked, 0);
    EQ(c->timer_kind, TCP_TIMER_TAIL_PROBE);
    EQ(c->timer_at, probe_at);                          /* what says nothing does not put it off */
    expect_all(n);
}
TEST(and_of_a_short_one_where_such_a_one_is_in_flight)
{
    struct net *n = download(3 * 1448 + 10);
    struct tcp_conn *c = n->host[1].app.conn;
    n->is_cut = true;
    net_settle(n);
    uint32_t una = c->snd_una, max = c->snd_max;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 1;
    s.opt.sack_block[0] = (struct tcp_sack_block){ max - 10, max };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.board.sacked, 10);
    n->is_cut = false;
    (void)finish(n);
    net_expect_clean(n);
}
/* RFC 5681 section 3.2, step 2. */
TEST(what_limited_transmit_sent_does_not_count_for_the_threshold)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss, cwnd = c->congestion.cwnd;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 1;
    for (uint32_t i = 2; i <= 4; i++) {
        s.opt.sack_block[0] = (struct tcp_sack_block){ una + mss, una + i * mss };
        net_inject(n, 1, &s, (struct span){ 0 });
    }
    EQ(c->recovery.mode, TCP_FAST_RECOVERY);
    TRUE(c->snd_max - una > cwnd);
    EQ(c->congestion.ssthresh, cwnd * 7 / 10);
    expect_all(n);
}
TEST(rfc_3042_each_duplicate_sends_a_segment_and_opens_the_window_once)
{
    struct net *n = in_flight(true);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss, before = c->congestion.cwnd, max = c->snd_max;
    struct tcp_segment s = acknowledgment(n, una);
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->snd_max, max + mss);
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->snd_max, max + 2 * mss);
    s.ack = una + 3 * mss;
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.mode, TCP_NO_RECOVERY);
    EQ(c->congestion.cwnd, before + mss);
    expect_all(n);
}
/* One report lets one segment go, however much the timer finds lost. */
TEST(rfc_6937_a_recovery_that_the_reordering_timer_begins_sends_as_much_as_was_delivered)
{
    struct net *n = in_flight(false);
    struct tcp_conn *c = n->host[1].app.conn;
    uint32_t una = c->snd_una, mss = c->snd_mss;
    struct tcp_segment s = acknowledgment(n, una);
    s.opt.num_sack_blocks = 1;
    s.opt.sack_block[0] = (struct tcp_sack_block){ una + 7 * mss, una + 8 * mss };
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(c->recovery.mode, TCP_NO_RECOVERY);
    net_run_for(n, 10 * NS_PER_MS);
    EQ(c->recovery.mode, TCP_FAST_RECOVERY);
    EQ(c->recovery.board.lost, 6 * mss);
    EQ(tcp_stats(n->host[1].t)->retransmitted, 1);
    expect_all(n);
}
TEST_MAIN
