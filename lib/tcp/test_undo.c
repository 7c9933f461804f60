// SPDX-License-Identifier: ISC
/* Reductions that were needless, and are taken back; and others, that are not. Between two hosts, on the fake network. */
#include "lib/tcp/test_net.h"

#define MSS 1460u

struct options {
    bool has_no_sack, has_no_timestamps;
};
static const struct options all_options, only_sack = { .has_no_timestamps = true }, only_timestamps = { .has_no_sack = true },
                                         no_options = { .has_no_sack = true, .has_no_timestamps = true };

static struct net *connected(struct options o)
{
    struct net *n = net_start();
    n->has_no_sack = o.has_no_sack;
    n->has_no_timestamps = o.has_no_timestamps;
    net_connect(n);
    n->num_sent = 0;
    return n;
}
static struct tcp_conn *server_sends(struct net *n, uint64_t bytes)
{
    n->host[1].app.to_send += bytes;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_settle(n);
    return n->host[1].app.conn;
}
static void finish(struct net *n)
{
    net_run_for(n, 100 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, n->host[1].app.to_send);
    TRUE(!n->host[0].app.bad_byte);
    EQ(n->host[1].app.conn->recovery.mode, TCP_NO_RECOVERY);
}
static uint64_t num_undone(const struct net *n)
{
    return tcp_stats(n->host[1].t)->undone;
}

/* The fifth of ten segments comes after all others, and before what is sent in its place. */
static struct net *after_reordering(struct options o)
{
    struct net *n = connected(o);
    n->hold_back = 4;
    n->late_by = 9 * NS_PER_MS;
    struct tcp_conn *c = server_sends(n, 10 * MSS);
    net_run_for(n, 2 * NET_DELAY + NS_PER_MS);
    EQ(c->recovery.mode, TCP_FAST_RECOVERY);
    TRUE(c->congestion.ssthresh < TCP_CWND_MAX);
    finish(n);
    return n;
}
TEST(rfc_3522_a_timestamp_older_than_the_retransmission_undoes_the_reduction)
{
    for (int sack = 0; sack < 2; sack++) {
        struct net *n = after_reordering(sack ? all_options : only_timestamps);
        struct tcp_conn *c = n->host[1].app.conn;
        EQ(num_undone(n), 1);
        EQ(c->congestion.ssthresh, TCP_CWND_MAX);
        TRUE(c->congestion.cwnd >= 10 * (uint32_t)c->snd_mss);
        TRUE(c->recovery.rack.reordering > 0);
        net_expect_clean(n);
    }
}
TEST(rfc_3708_a_report_of_all_retransmissions_as_duplicates_undoes_the_reduction)
{
    struct net *n = after_reordering(only_sack);
    EQ(num_undone(n), 1);
    EQ(n->host[1].app.conn->congestion.ssthresh, TCP_CWND_MAX);
    net_expect_clean(n);
}
TEST(with_neither_option_nothing_tells_of_reordering)
{
    struct net *n = after_reordering(no_options);
    EQ(num_undone(n), 0);
    TRUE(n->host[1].app.conn->congestion.ssthresh < TCP_CWND_MAX);
    net_expect_clean(n);
}
TEST(rfc_3708_a_report_of_a_part_or_of_something_else_does_not)
{
    struct net *n = connected(only_sack);
    n->drop[0] = 0;
    struct tcp_conn *c = server_sends(n, 10 * MSS);
    uint32_t una = c->snd_una;
    net_run_for(n, 2 * NET_DELAY + NS_PER_MS);
    EQ(c->recovery.undo.octets, MSS);
    static const struct tcp_sack_block not[] = { { 0, 0 }, { 5, 4 }, { 0, MSS + 1 }, { MSS, 2 * MSS }, { 0, MSS - 1 } };
    for (size_t i = 0; i < NUM_OF(not); i++)
        tcp_undo_duplicate(c, (struct tcp_sack_block){ una + not[i].left, una + not[i].right });
    EQ(c->recovery.undo.octets, 1);
    finish(n);
    EQ(num_undone(n), 0);
    net_expect_clean(n);
}

/* For longer than the timeout waits the network stands still. Nothing is lost or overtaken. */
static struct net *after_a_delay(struct options o, uint64_t num_segments)
{
    struct net *n = connected(o);
    struct tcp_conn *c = server_sends(n, 4 * MSS);
    finish(n);
    n->hold_back_percent = 100;
    nanos end = n->now + NS_PER_S / 2;
    n->late_by = NS_PER_S / 2;
    (void)server_sends(n, num_segments * MSS);
    for (; n->now < end; n->late_by = end - n->now)
        net_run_for(n, NS_PER_MS);
    n->hold_back_percent = 0;
    EQ(c->recovery.mode, TCP_TIMEOUT_RECOVERY);
    EQ(c->congestion.cwnd, c->snd_mss);
    finish(n);
    return n;
}
TEST(rfc_5682_what_arrives_without_having_been_sent_again_shows_the_timeout_as_spurious)
{
    const struct options *of[] = { &all_options, &only_timestamps, &only_sack, &no_options };
    for (size_t i = 0; i < NUM_OF(of); i++) {
        struct net *n = after_a_delay(*of[i], 20);
        struct tcp_conn *c = n->host[1].app.conn;
        EQ(num_undone(n), 1);
        EQ(c->congestion.ssthresh, TCP_CWND_MAX);
        TRUE(c->congestion.cwnd >= 10 * (uint32_t)c->snd_mss);
        TRUE(tcp_stats(n->host[1].t)->retransmitted <= 3);          /* a probe of the tail, and the timeout, perhaps twice */
        net_expect_clean(n);
    }
}
/* With nothing new to send, what was lost is sent again, and says nothing any more. */
TEST(rfc_5682_without_new_data_the_timeout_stays)
{
    struct net *n = after_a_delay(no_options, 8);
    EQ(num_undone(n), 0);
    net_expect_clean(n);
}
TEST(rfc_5682_a_timeout_for_losses_stays)
{
    for (int sack = 0; sack < 2; sack++) {
        struct net *n = connected(sack ? only_sack : no_options);
        (void)server_sends(n, 4 * MSS);
        finish(n);
        n->loss_percent = 100;
        struct tcp_conn *c = server_sends(n, 20 * MSS);
        n->loss_percent = 0;
        finish(n);
        EQ(num_undone(n), 0);
        TRUE(c->congestion.ssthresh < TCP_CWND_MAX);
        net_expect_clean(n);
    }
}
/* Section 2.1, step 1: what the first retransmission brought shows that there was a loss, so the next timeout sends again what else was
 * lost, though there is new data; or each segment would take a timeout. */
TEST(rfc_5682_a_timeout_after_an_acknowledgment_is_for_losses)
{
    struct net *n = connected(no_options);
    (void)server_sends(n, 4 * MSS);
    finish(n);
    n->loss_percent = 100;
    struct tcp_conn *c = server_sends(n, 40 * MSS);
    for (int i = 1; i <= 2; i++) {
        net_run_for(n, 20 * (nanos)NS_PER_S);
        EQ(c->recovery.mode, TCP_TIMEOUT_RECOVERY);
        struct tcp_segment s = net_forged(n, TCP_ACK);
        s.ack = c->snd_una + MSS;
        s.window = UINT16_MAX;
        uint32_t before = c->num_sent_again;
        net_inject(n, 1, &s, (struct span){ 0 });
        net_settle(n);
        EQ(c->recovery.undo.frto, i == 1 ? TCP_FRTO_SENDS_NEW : TCP_FRTO_NONE);
        EQ(c->num_sent_again - before, i == 1 ? 0 : 2);
    }
}
/* Of text: where an acknowledgment is lost, what is sent again for it was not. And with SACK: without it duplicates of what a timeout
 * sends again look like losses. */
TEST(no_loss_is_ever_undone)
{
    const struct options *of[] = { &all_options, &only_sack };
    for (size_t i = 0; i < NUM_OF(of); i++)
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct net *n = connected(*of[i]);
            n->loses_no_acks = true;
            n->random ^= seed * 0x9e3779b97f4a7c15u;
            (void)server_sends(n, 4 * MSS);
            n->loss_percent = 2 + (uint32_t)seed % 8;
            (void)server_sends(n, 300000);
            net_run_for(n, 300 * (nanos)NS_PER_S);
            n->loss_percent = 0;
            finish(n);
            EQ(num_undone(n), 0);
            net_expect_clean(n);
        }
}
TEST_MAIN
