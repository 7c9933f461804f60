// SPDX-License-Identifier: ISC
/* What peers and strangers make of the rules: resets swept over sequence space, packets from ourselves, options that are
 * repeated, blocks of SACK that lie, timestamps at the edge of their rules, text beyond the end (RFC 9293, 5961, 6675, 7323,
 * 2018). */
#include "lib/tcp/test_net.h"

static void give_text(struct net *n, uint32_t at, size_t bytes)
{
    struct tcp_conn *c = net_server_conn(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint32_t start = c->irs + 1;
    s.seq = start + at;
    net_inject(n, 1, &s, span_sub(SPAN(net_pattern), at, bytes));
    net_settle(n);
}

TEST(resets_swept_over_all_numbers_end_nothing_and_draw_few_answers)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_RST);
    uint32_t before = n->num_sent, step = 32749, exact = net_server_conn(n)->rcv_nxt;
    for (uint64_t i = 0; i * step < UINT64_C(1) << 32; i++) {
        s.seq = exact + 1 + (uint32_t)(i * step);
        if (s.seq != exact)
            net_inject(n, 1, &s, (struct span){ 0 });
    }
    EQ(net_server_conn(n)->state, TCP_ESTABLISHED);
    EQ(n->num_sent, before + 1);
    EQ(tcp_stats(n->host[1].t)->challenge_acks, 1);
    net_expect_clean(n);
}
TEST(acknowledgments_swept_over_all_numbers_take_no_text)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    uint32_t before = n->num_sent, sent = s.ack;
    for (uint64_t i = 1; i < 1 << 16; i++) {
        s.ack = sent + (uint32_t)(i << 15);
        if (sent - s.ack > net_server_conn(n)->max_snd_wnd)
            net_inject(n, 1, &s, TEXT("forged"));
    }
    net_settle(n);
    EQ(n->host[1].app.received, 0);
    EQ(n->num_sent, before + 1);
    net_expect_clean(n);
}

/* What host 1 sends comes back to itself; how many segments that makes. */
static unsigned echo_to_itself(struct net *n)
{
    uint8_t head[TCP_HEADER_BYTES_MAX];
    struct tcp_out out = { .header_room = MSPAN(head) };
    unsigned num = 0;
    while (num < 1000 && tcp_output(n->host[1].t, &out, n->now)) {
        struct packet *p = net_packet(&n->host[1], span_first(SPAN(head), out.header_bytes));
        struct tcp_arrival a = { .src = n->host[1].ip, .dst = n->host[1].ip, .packet = p };
        TRUE(ip_eq(&out.dst, &n->host[1].ip));
        tcp_input(n->host[1].t, &a, n->now);
        packet_unref(p);
        num++;
    }
    return num;
}
TEST(a_syn_from_ourselves_to_ourselves_does_not_talk_for_ever)
{
    struct net *n = net_start();
    net_listen(n);
    struct tcp_segment s = { .source_port = SERVER_PORT, .destination_port = SERVER_PORT, .flags = TCP_SYN, .seq = 7, .window = 100 };
    uint8_t bytes[TCP_HEADER_BYTES_MAX];
    struct packet *p = net_packet(&n->host[1], span_first(SPAN(bytes), tcp_segment_encode(&s, MSPAN(bytes))));
    struct tcp_arrival a = { .src = n->host[1].ip, .dst = n->host[1].ip, .packet = p };
    tcp_input(n->host[1].t, &a, n->now);
    packet_unref(p);
    unsigned num = echo_to_itself(n);
    TRUE(num > 0);
    for (int i = 0; i < 100; i++) {
        n->now += NS_PER_S;
        tcp_tick(n->host[1].t, n->now);
        num += echo_to_itself(n);
    }
    TRUE(num <= 4 * (TCP_SYN_ACK_RETRIES + 1));
    TRUE(list_is_empty(&n->host[1].t->half_opens_by_age));
    EQ(tcp_num_open(n->host[1].t), 0);
    EQ(n->host[1].pool.num_free, n->host[1].pool.all.n);
}

static enum wire_err decode_options(struct span options, struct tcp_segment *s)
{
    uint8_t b[TCP_HEADER_BYTES_MAX] = { 0, 1, 0, 2, [13] = TCP_ACK };
    b[12] = (uint8_t)((TCP_HEADER_BYTES_MIN + options.n) / 4 << 4);
    (void)span_copy(mspan_skip(MSPAN(b), TCP_HEADER_BYTES_MIN), options);
    return tcp_segment_decode(span_first(SPAN(b), TCP_HEADER_BYTES_MIN + options.n), s);
}
TEST(options_that_are_repeated_stay_within_their_room)
{
    uint8_t sacks[40] = { 0 }, sizes[40], ends[40];
    struct tcp_segment s;
    for (size_t i = 0; i < sizeof sacks; i += 10) {
        sacks[i] = 5;
        sacks[i + 1] = 10;
        sacks[i + 9] = 1;
    }
    EQ(decode_options(SPAN(sacks), &s), WIRE_OK);
    TRUE(s.opt.num_sack_blocks >= 1 && s.opt.num_sack_blocks <= TCP_SACK_BLOCKS_MAX);
    for (size_t i = 0; i < sizeof sizes; i += 4) {
        sizes[i] = 2;
        sizes[i + 1] = 4;
        sizes[i + 2] = 1;
        sizes[i + 3] = (uint8_t)i;
    }
    EQ(decode_options(SPAN(sizes), &s), WIRE_OK);
    TRUE(s.opt.mss >= 256 && s.opt.mss <= 256 + 36);
    memset(ends, 0, sizeof ends);
    EQ(decode_options(SPAN(ends), &s), WIRE_OK);
    EQ(s.opt.mss + s.opt.num_sack_blocks, 0);
}
TEST(options_of_every_length_and_kind_are_taken_or_refused_and_nothing_else)
{
    static const struct tcp_segment none;
    struct tcp_segment s;
    for (unsigned kind = 0; kind < 256; kind++)
        for (unsigned length = 0; length < 256; length++) {
            uint8_t o[40] = { (uint8_t)kind, (uint8_t)length };
            if (decode_options(SPAN(o), &s) != WIRE_OK)
                TRUE(memcmp(&s, &none, sizeof s) == 0);
            else
                TRUE(kind < 2 || (length >= 2 && length <= sizeof o));
        }
}

TEST(blocks_that_lie_change_nothing)
{
    struct net *n = net_start();
    n->host[1].app.to_send = 5000;
    net_connect(n);
    n->host[1].app.to_send = 10000;
    n->is_cut = true;
    app_run(&n->host[1], &n->host[1].app, n->now);
    net_collect(n, 1);
    struct tcp_conn *c = net_server_conn(n);
    TRUE(c->snd_max != c->snd_una);
    uint32_t una = c->snd_una, max = c->snd_max;
    const struct tcp_sack_block lies[] = { { max, max + 100 }, { una, max + 1 }, { una - 100, una }, { una - 5, una + 5 },
                                           { una + 200, una + 100 }, { una + 100, una + 100 }, { una + (UINT32_C(1) << 31), una } };
    for (size_t i = 0; i < NUM_OF(lies); i++) {
        struct tcp_segment s = net_forged(n, TCP_ACK);
        s.ack = una;
        s.opt.num_sack_blocks = 1;
        s.opt.sack_block[0] = lies[i];
        net_inject(n, 1, &s, (struct span){ 0 });
        EQ(c->recovery.board.sacked, 0);
        EQ(c->recovery.board.lost, 0);
        EQ(c->recovery.mode, TCP_NO_RECOVERY);
    }
    EQ(c->snd_una, una);
    n->is_cut = false;
    net_run_for(n, 100 * (nanos)NS_PER_S);
    EQ(n->host[0].app.received, 10000);
    TRUE(!n->host[0].app.bad_byte);
    net_expect_clean(n);
}

TEST(a_segment_without_timestamps_is_dropped_where_they_were_agreed_and_a_reset_is_not)
{
    struct net *n = net_start();
    net_connect(n);
    uint64_t before = tcp_stats(n->host[1].t)->dropped_bad_header;
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.opt.has_timestamps = false;
    net_inject(n, 1, &s, TEXT("text"));
    net_settle(n);
    EQ(n->host[1].app.received, 0);
    EQ(tcp_stats(n->host[1].t)->dropped_bad_header, before + 1);
    s = net_forged(n, TCP_RST);
    s.opt.has_timestamps = false;
    net_inject(n, 1, &s, (struct span){ 0 });
    net_settle(n);
    EQ(n->host[1].app.why, TCP_END_RESET);
    net_expect_clean(n);
}
TEST(a_timestamp_is_kept_from_what_stands_at_the_left_edge_alone)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_conn *c = net_server_conn(n);
    uint32_t kept = c->agreed.ts_recent;
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.seq += 100;                           /* beyond a gap */
    s.opt.ts_val = kept + 1000;
    net_inject(n, 1, &s, span_sub(SPAN(net_pattern), 100, 10));
    EQ(c->agreed.ts_recent, kept);
    EQ(n->last.opt.ts_ecr, kept);
    s.seq -= 100;
    s.opt.ts_val = kept + 1;
    net_inject(n, 1, &s, span_first(SPAN(net_pattern), 100));
    EQ(c->agreed.ts_recent, kept + 1);
    net_settle(n);
    EQ(n->host[1].app.received, 110);
    TRUE(!n->host[1].app.bad_byte);
    net_expect_clean(n);
}
TEST(after_twenty_four_idle_days_an_older_timestamp_is_a_clock_that_went_around)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment s = net_forged(n, TCP_ACK);
    s.opt.ts_val -= 1000;
    n->now = net_server_conn(n)->heard_at + TCP_PAWS_IDLE - 1;
    net_inject(n, 1, &s, span_first(SPAN(net_pattern), 4));
    net_settle(n);
    EQ(n->host[1].app.received, 0);
    n->now++;
    net_inject(n, 1, &s, span_first(SPAN(net_pattern), 4));
    net_settle(n);
    EQ(n->host[1].app.received, 4);
    net_expect_clean(n);
}

TEST(pieces_that_overlap_in_any_way_come_out_once)
{
    enum { ALL = 6000, LONGEST = 1400 };
    for (uint64_t round = 1; round <= 20; round++) {
        struct net *n = net_start();
        net_connect(n);
        n->random ^= round * 0x9e3779b97f4a7c15u;
        for (int i = 0; i < 400; i++) {
            uint32_t at = (uint32_t)(net_random(n) % ALL);
            size_t bytes = 1 + (size_t)(net_random(n) % LONGEST);
            give_text(n, at, bytes < ALL - at ? bytes : ALL - at);
        }
        for (uint32_t at = 0; at < ALL; at += 1000)
            give_text(n, at, 1000);
        EQ(n->host[1].app.received, ALL);
        TRUE(!n->host[1].app.bad_byte);
        net_expect_clean(n);
    }
}
TEST(text_beyond_the_peers_end_is_none)
{
    struct net *n = net_start();
    net_connect(n);
    struct tcp_segment end = net_forged(n, TCP_ACK | TCP_FIN);
    end.seq += 10;
    net_inject(n, 1, &end, (struct span){ 0 });
    give_text(n, 10, 10);
    give_text(n, 0, 20);
    EQ(n->host[1].app.received, 10);
    TRUE(n->host[1].app.saw_end && !n->host[1].app.bad_byte);
    EQ(net_server_conn(n)->state, TCP_CLOSE_WAIT);
    net_expect_clean(n);
}
TEST_MAIN
