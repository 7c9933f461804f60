// SPDX-License-Identifier: ISC
/* What is taken together of a batch, and what is not. */
#include "lib/tcp/test_net.h"

enum { PIECE_BYTES = 1000 };

static uint64_t segments_in(const struct net *n)
{
    return tcp_stats(n->host[1].t)->segments_in;
}
static uint64_t coalesced(const struct net *n)
{
    return tcp_stats(n->host[1].t)->coalesced;
}
static struct net *connected(void)
{
    struct net *n = net_start();
    net_connect(n);
    n->is_batched = true;
    return n;
}
/* The text goes on with that of the pattern. */
static void give(struct net *n, const struct tcp_segment *s, size_t num_bytes, bool is_ce)
{
    uint8_t bytes[NET_SEGMENT_BYTES_MAX];
    size_t head = tcp_segment_encode(s, MSPAN(bytes)), from = s->seq - (net_server_conn(n)->irs + 1);
    size_t all = head + span_copy(mspan_skip(MSPAN(bytes), head), span_sub(SPAN(net_pattern), from, num_bytes));
    net_give(n, 1, span_first(SPAN(bytes), all), is_ce);
}
static void expect_read(struct net *n, uint64_t num_bytes)
{
    tcp_batch_end(n->host[1].t);
    net_settle(n);
    EQ(n->host[1].app.received, num_bytes);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}

TEST(segments_that_follow_each_other_are_taken_as_one_when_the_batch_ends)
{
    struct net *n = connected();
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint64_t before = segments_in(n);
    for (int i = 0; i < 5; i++, s.seq += PIECE_BYTES)
        give(n, &s, PIECE_BYTES, false);
    EQ(segments_in(n), before);
    tcp_batch_end(n->host[1].t);
    EQ(segments_in(n), before + 1);
    EQ(coalesced(n), 4);
    tcp_batch_end(n->host[1].t);
    EQ(segments_in(n), before + 1);
    uint32_t num_sent = n->num_sent;
    net_settle(n);
    EQ(n->num_sent, num_sent + 1);                  /* one acknowledgment of all */
    EQ(n->last.ack, s.seq);
    expect_read(n, 5 * PIECE_BYTES);
}
TEST(one_that_pushes_ends_what_is_held_and_alone_is_not_held)
{
    struct net *n = connected();
    struct tcp_segment s = net_forged(n, TCP_ACK | TCP_PSH);
    uint64_t before = segments_in(n);
    give(n, &s, PIECE_BYTES, false);
    EQ(segments_in(n), before + 1);
    s.seq += PIECE_BYTES;
    s.flags = TCP_ACK;
    give(n, &s, PIECE_BYTES, false);
    EQ(segments_in(n), before + 1);
    s.seq += PIECE_BYTES;
    s.flags = TCP_ACK | TCP_PSH;
    give(n, &s, 10, false);
    EQ(segments_in(n), before + 2);
    EQ(coalesced(n), 1);
    expect_read(n, 2 * PIECE_BYTES + 10);
}

/* The second of two differs by that. */
enum difference {
    NOTHING, SEQ, ACK, WINDOW, TS_VAL, TS_ECR, NO_TIMESTAMPS, A_SACK_BLOCK, ECN_ECHO, A_FIN, A_SYN, A_RESET, NO_ACK, PORT, CE, NO_TEXT,
    NUM_DIFFERENCES
};
static void differ(struct tcp_segment *s, enum difference d)
{
    s->seq += d == SEQ;
    s->ack -= d == ACK;
    s->window = (uint16_t)(s->window - (d == WINDOW));
    s->opt.ts_val += d == TS_VAL;
    s->opt.ts_ecr += d == TS_ECR;
    s->opt.has_timestamps = d != NO_TIMESTAMPS;
    if (d == A_SACK_BLOCK)
        s->opt.sack_block[s->opt.num_sack_blocks++] = (struct tcp_sack_block){ s->ack + 1, s->ack + 2 };
    s->flags |= (uint8_t)((d == ECN_ECHO ? TCP_ECE : 0) | (d == A_FIN ? TCP_FIN : 0) | (d == A_SYN ? TCP_SYN : 0) |
                          (d == A_RESET ? TCP_RST : 0));
    if (d == NO_ACK)
        s->flags = TCP_PSH;
    s->source_port = (uint16_t)(s->source_port + (d == PORT));
}
TEST(what_differs_in_anything_is_taken_alone_behind_what_was_held)
{
    for (enum difference d = NOTHING; d < NUM_DIFFERENCES; d++) {
        struct net *n = connected();
        struct tcp_segment s = net_forged(n, TCP_ACK);
        uint64_t before = segments_in(n);
        give(n, &s, PIECE_BYTES, false);
        s.seq += PIECE_BYTES;
        differ(&s, d);
        give(n, &s, d == NO_TEXT ? 0 : PIECE_BYTES, d == CE);
        tcp_batch_end(n->host[1].t);
        if (coalesced(n) != (d == NOTHING))
            TEST_FAIL("difference %d: %llu put together", (int)d, (unsigned long long)coalesced(n));
        EQ(segments_in(n), before + (d == NOTHING ? 1 : 2));
        n->is_batched = false;
        net_run_for(n, NS_PER_S);
        TRUE((d == A_RESET || n->host[1].app.received >= PIECE_BYTES) && !n->host[1].app.bad_byte);
    }
}
TEST(of_another_peer_with_the_same_port_nothing_is_put_together)
{
    struct net *n = connected();
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint64_t before = segments_in(n);
    give(n, &s, PIECE_BYTES, false);
    n->host[0].ip = ip_from_v4(0x0a0000ff);
    s.seq += PIECE_BYTES;
    give(n, &s, PIECE_BYTES, false);
    tcp_batch_end(n->host[1].t);
    EQ(coalesced(n), 0);
    EQ(segments_in(n), before + 2);
    EQ(tcp_peek(net_server_conn(n)).n, PIECE_BYTES);
}
TEST(one_in_several_buffers_was_put_together_already)
{
    struct net *n = connected();
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint64_t before = segments_in(n);
    n->is_chained = true;
    give(n, &s, PIECE_BYTES, false);
    EQ(segments_in(n), before + 1);
    expect_read(n, PIECE_BYTES);
}
TEST_MAIN
