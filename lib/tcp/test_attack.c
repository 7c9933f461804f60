// SPDX-License-Identifier: ISC
/* What strangers and broken peers send: segments outside of the window, forged resets, floods (RFC 5961, RFC 4987). */
#include "lib/tcp/test_net.h"

static void expect_challenged(struct net *n, const struct tcp_segment *s, struct span payload)
{
    uint32_t before = n->num_sent;
    net_inject(n, 1, s, payload);
    EQ(n->num_sent, before + 1);
    EQ(n->last.flags, TCP_ACK);
    EQ(n->last.ack, net_server_conn(n)->rcv_nxt);
    EQ(net_server_conn(n)->state, TCP_ESTABLISHED);
    net_run_for(n, NS_PER_S);
}
static void expect_ignored(struct net *n, const struct tcp_segment *s)
{
    uint32_t before = n->num_sent;
    net_inject(n, 1, s, (struct span){ 0 });
    EQ(n->num_sent, before);
    EQ(net_server_conn(n)->state, TCP_ESTABLISHED);
}
TEST(a_reset_counts_at_rcv_nxt_is_challenged_in_the_window_and_ignored_outside)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_RST);
    s.seq += 65535;
    expect_ignored(n, &s);
    s.seq = net_server_conn(n)->rcv_nxt - 1;
    expect_ignored(n, &s);
    s.seq = net_server_conn(n)->rcv_nxt + 1;
    expect_challenged(n, &s, (struct span){ 0 });
    s.seq = net_server_conn(n)->rcv_nxt + 65534;
    expect_challenged(n, &s, (struct span){ 0 });
    EQ(tcp_stats(n->host[1].t)->challenge_acks, 2);
    s.seq = net_server_conn(n)->rcv_nxt;
    net_inject(n, 1, &s, (struct span){ 0 });
    net_settle(n);
    EQ(n->host[1].app.why, TCP_END_RESET);
    net_expect_clean(n);
}
TEST(a_syn_for_an_open_connection_is_challenged)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_SYN);
    s.flags = TCP_SYN;
    expect_challenged(n, &s, (struct span){ 0 });
    s.seq += 1000;
    expect_challenged(n, &s, (struct span){ 0 });
    s.seq -= 100000;
    expect_challenged(n, &s, (struct span){ 0 });
    net_expect_clean(n);
}
TEST(an_acknowledgment_of_what_was_not_sent_is_challenged_and_its_text_dropped)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.ack++;
    expect_challenged(n, &s, TEXT("forged"));
    s.ack -= 70000;
    expect_challenged(n, &s, TEXT("forged"));
    EQ(n->host[1].app.received, 0);
    net_expect_clean(n);
}
TEST(challenges_are_rare)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_SYN);
    expect_challenged(n, &s, (struct span){ 0 });
    net_inject(n, 1, &s, (struct span){ 0 });
    uint32_t before = n->num_sent;
    for (int i = 0; i < 100; i++)
        net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent, before);
    net_expect_clean(n);
}
TEST(text_outside_of_the_window_is_acknowledged_at_once_and_not_taken)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.seq -= 6;
    expect_challenged(n, &s, TEXT("before"));
    s.seq = net_server_conn(n)->rcv_adv;
    expect_challenged(n, &s, TEXT("behind"));
    EQ(n->host[1].app.received, 0);
    EQ(tcp_stats(n->host[1].t)->dropped_out_of_window, 2);
    net_expect_clean(n);
}
TEST(text_with_an_older_timestamp_is_from_an_earlier_time)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.opt.ts_val--;
    expect_challenged(n, &s, TEXT("older"));
    s.opt.has_timestamps = false;
    net_inject(n, 1, &s, TEXT("none"));
    net_settle(n);
    EQ(n->host[1].app.received, 0);
    net_expect_clean(n);
}
TEST(segments_that_make_no_sense_are_counted_and_dropped)
{
    struct net *n = net_start();
    net_connect(n);
    const uint8_t flags[] = { 0, TCP_SYN | TCP_FIN, TCP_SYN | TCP_RST, TCP_FIN, TCP_PSH };
    uint32_t before = n->num_sent;
    for (size_t i = 0; i < NUM_OF(flags); i++) {
        struct tcp_segment s = net_forged(n, flags[i]);
        net_inject(n, 1, &s, (struct span){ 0 });
    }
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.source_port = 0;
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent, before);
    EQ(tcp_stats(n->host[1].t)->dropped_bad_header, NUM_OF(flags) + 1);
    net_expect_clean(n);
}
TEST(a_segment_for_no_connection_draws_a_reset_that_its_sender_believes_and_a_reset_none)
{
    struct net *n = net_start();
    struct tcp_segment s = { .source_port = 5, .destination_port = 6, .seq = 100, .ack = 200, .flags = TCP_ACK };
    net_inject(n, 1, &s, TEXT("four"));
    EQ(n->last.flags, TCP_RST);
    EQ(n->last.seq, 200);
    s.flags = TCP_SYN;
    net_inject(n, 1, &s, TEXT("four"));
    EQ(n->last.flags, TCP_RST | TCP_ACK);
    EQ(n->last.ack, 105);
    EQ(n->num_sent, 2);
    s.flags = TCP_RST;
    net_inject(n, 1, &s, (struct span){ 0 });
    EQ(n->num_sent, 2);
    net_run_for(n, NS_PER_S);
    EQ(n->num_sent, 2);
}

static struct tcp_segment flood_syn(uint32_t i)
{
    return (struct tcp_segment){ .source_port = (uint16_t)(1024 + i % 60000), .destination_port = SERVER_PORT, .seq = i * 7919,
                                 .flags = TCP_SYN, .window = 1000, .opt.mss = 1000 };
}
TEST(ten_thousand_half_open_connections_do_not_keep_others_out)
{
    struct tcp_config cfg = net_config();
    cfg.num_half_open = 1024;
    struct net *n = net_start_with(&cfg, &cfg);
    n->host[0].app.to_send = 10000;
    n->host[0].app.closes_when_sent = n->host[1].app.closes_at_end = true;
    net_listen(n);
    struct ip client = n->host[0].ip;
    for (uint32_t i = 0; i < 10000; i++) {
        struct tcp_segment s = flood_syn(i);
        n->host[0].ip = ip_from_v4(0xc0000000u + i);
        net_inject(n, 1, &s, (struct span){ 0 });
        n->num_flying = 0;          /* nobody is there to answer */
    }
    n->host[0].ip = client;
    EQ(tcp_stats(n->host[1].t)->cookies_sent, 10000 - 1024);
    EQ(tcp_num_open(n->host[1].t), 0);
    net_open(n);
    for (uint32_t i = 0; i < 5000; i++) {           /* and it goes on, a thousand a round trip */
        struct tcp_segment s = flood_syn(i);
        n->host[0].ip = ip_from_v4(0xd0000000u + i);
        net_inject(n, 1, &s, (struct span){ 0 });
        n->host[0].ip = client;
        net_run_for(n, 2 * NET_DELAY / 1000);
    }
    net_run_for(n, NS_PER_S);
    EQ(n->host[1].app.received, 10000);
    EQ(n->host[0].app.why, TCP_END_ORDERLY);
    net_expect_clean(n);
}
/* Every address of the flood is new, two a millisecond; the cache holds 64 for half a minute. */
static void flood_for(struct net *n, nanos duration)
{
    static uint32_t i;
    struct ip client = n->host[0].ip;
    for (nanos end = n->now + duration; n->now < end; net_run_for(n, NS_PER_MS))
        for (int k = 0; k < 2; k++) {
            struct tcp_segment s = flood_syn(i++);
            n->host[0].ip = ip_from_v4(0xc0000000u + i);
            net_inject(n, 1, &s, (struct span){ 0 });
            n->host[0].ip = client;
        }
}
TEST(peers_far_away_connect_during_a_flood_and_keep_their_options)
{
    struct tcp_config cfg = net_config();
    cfg.num_half_open = 64;
    cfg.receive_buffer_bytes = 400000;
    struct net *n = net_start_with(&cfg, &cfg);
    n->delay = 100 * NS_PER_MS;
    net_listen(n);
    flood_for(n, 200 * NS_PER_MS);
    n->host[0].app.to_send = 50000;
    n->host[0].app.closes_when_sent = n->host[1].app.closes_at_end = true;
    net_open(n);
    flood_for(n, 300 * NS_PER_MS);
    TRUE(n->host[0].app.is_connected && n->host[1].app.is_connected);
    EQ(tcp_stats(n->host[1].t)->cookies_accepted, 1);
    const struct tcp_agreed *a = &n->host[1].app.conn->agreed, *b = &n->host[0].app.conn->agreed;
    EQ(a->mss, b->mss);
    EQ(a->snd_wind_shift, b->rcv_wind_shift);
    EQ(a->rcv_wind_shift, b->snd_wind_shift);
    TRUE(a->rcv_wind_shift > 0 && a->sack && a->timestamps && b->sack);
    flood_for(n, 2 * (nanos)NS_PER_S);
    EQ(n->host[1].app.received, 50000);
    EQ(n->host[0].app.why, TCP_END_ORDERLY);
    net_expect_clean(n);
}
TEST(a_cookie_is_the_tuples_own_and_grows_old)
{
    struct tcp_config cfg = net_config();
    cfg.num_half_open = 0;
    struct net *n = net_start_with(&cfg, &cfg);
    net_listen(n);
    struct tcp_segment syn = flood_syn(1), ack;
    for (int i = 0; i < 4; i++) {
        net_inject(n, 1, &syn, (struct span){ 0 });
        ack = (struct tcp_segment){ .source_port = syn.source_port, .destination_port = SERVER_PORT, .seq = syn.seq + 1,
                                    .ack = n->last.seq + 1, .flags = TCP_ACK, .window = 1000 };
        ack.source_port = (uint16_t)(ack.source_port + (i == 1));
        ack.seq += i == 2;
        if (i == 3)
            n->now += 138 * (nanos)NS_PER_S;
        net_inject(n, 1, &ack, (struct span){ 0 });
        EQ(tcp_num_open(n->host[1].t), 1);
        EQ(tcp_stats(n->host[1].t)->cookies_accepted, 1);
        syn.source_port++;
    }
    EQ(n->host[1].t->stats.resets_out, 3);
    TRUE(AT(n->host[1].t->conns, 0).agreed.mss == TCP_MSS_DEFAULT);
    TRUE(!AT(n->host[1].t->conns, 0).agreed.sack && !AT(n->host[1].t->conns, 0).agreed.window_scaling);
}
TEST(a_half_open_connection_is_given_up_after_its_retransmissions)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = flood_syn(1);
    net_inject(n, 1, &s, (struct span){ 0 });
    n->is_cut = true;
    net_run_for(n, 40 * (nanos)NS_PER_S);
    EQ(n->num_sent, 1 + TCP_SYN_ACK_RETRIES);
    EQ(tcp_deadline(n->host[1].t), NEVER);
}
TEST(a_half_open_connection_believes_only_the_acknowledgment_of_its_own_syn)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = flood_syn(1);
    net_inject(n, 1, &s, (struct span){ 0 });
    struct tcp_segment ack = s, answer = n->last;
    ack.flags = TCP_ACK;
    ack.seq++;
    ack.ack = answer.seq;
    net_inject(n, 1, &ack, (struct span){ 0 });
    EQ(n->last.flags, TCP_RST);
    EQ(n->last.seq, answer.seq);
    EQ(tcp_num_open(n->host[1].t), 0);
    ack.ack = answer.seq + 1;
    net_inject(n, 1, &ack, (struct span){ 0 });
    EQ(tcp_num_open(n->host[1].t), 1);
}
TEST(a_reset_takes_a_half_open_connection_only_at_its_exact_number)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = flood_syn(1);
    net_inject(n, 1, &s, (struct span){ 0 });
    s.flags = TCP_RST;
    s.seq += 2;
    net_inject(n, 1, &s, (struct span){ 0 });
    TRUE(!list_is_empty(&n->host[1].t->half_opens_by_age));
    s.seq -= 1;
    net_inject(n, 1, &s, (struct span){ 0 });
    TRUE(list_is_empty(&n->host[1].t->half_opens_by_age));
}
TEST_MAIN
