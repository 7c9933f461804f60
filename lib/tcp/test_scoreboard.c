// SPDX-License-Identifier: ISC
/* The parts of loss recovery alone: scoreboard, log of what was sent, RACK, PRR, the blocks of a receiver. */
#include "check/test.h"
#include "lib/tcp/prr.h"
#include "lib/tcp/rack.h"
#include "lib/tcp/sacklist.h"

#define SPAN_BYTES 400
#define NUM_RANGES 24
static struct tcp_range ranges[NUM_RANGES];
static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % n;
}
static struct tcp_scoreboard board(size_t num)
{
    struct tcp_scoreboard b = { 0 };
    b.range.p = ranges;
    b.range.n = num;
    return b;
}
static void expect_same(const struct tcp_scoreboard *b, const uint8_t *model, uint32_t base, uint32_t una)
{
    uint32_t sacked = 0, lost = 0;
    for (uint32_t i = una; i < SPAN_BYTES; i++) {
        EQ(tcp_scoreboard_at(b, base + i, base + SPAN_BYTES).kind, span_at((struct span){ model, SPAN_BYTES }, i));
        sacked += span_at((struct span){ model, SPAN_BYTES }, i) == TCP_RANGE_SACKED;
        lost += span_at((struct span){ model, SPAN_BYTES }, i) == TCP_RANGE_LOST;
    }
    EQ(b->sacked, sacked);
    EQ(b->lost, lost);
}
TEST(marks_are_as_in_a_plain_array_and_those_without_room_change_nothing)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        random_state = seed;
        uint8_t model[SPAN_BYTES] = { 0 };
        uint32_t base = (uint32_t)seed * 0x10000001u - 200, una = 0;
        struct tcp_scoreboard b = board(seed % 2 ? NUM_RANGES : 4);
        for (int i = 0; i < 60; i++) {
            uint32_t left = una + random_below(SPAN_BYTES - una), right = left + 1 + random_below(SPAN_BYTES - left);
            enum tcp_range_kind kind = random_below(4);
            if (tcp_scoreboard_has_room(&b, base + left, base + right))
                memset(model + left, (int)kind, right - left);
            else
                TRUE(b.num + 2 > b.range.n);
            tcp_scoreboard_mark(&b, base + una, base + left, base + right, kind, kind == TCP_RANGE_RESENT ? 8 : 0);
            if (random_below(10) == 0) {
                una += random_below((SPAN_BYTES - una) / 4);
                tcp_scoreboard_acked(&b, base + una);
            }
            TRUE(b.num <= b.range.n);
            expect_same(&b, model, base, una);
        }
        tcp_scoreboard_lose(&b, base + una, base + SPAN_BYTES);
        EQ(b.lost + b.sacked, SPAN_BYTES - una);
        struct tcp_piece first = tcp_scoreboard_at(&b, base + una, base + SPAN_BYTES);
        EQ(first.kind, TCP_RANGE_LOST);
    }
}
TEST(what_is_lost_is_found_from_the_oldest_on)
{
    struct tcp_scoreboard b = board(NUM_RANGES);
    struct tcp_piece lost;
    TRUE(!tcp_scoreboard_first_lost(&b, &lost));
    tcp_scoreboard_mark(&b, 100, 200, 300, TCP_RANGE_LOST, 0);
    tcp_scoreboard_mark(&b, 100, 150, 160, TCP_RANGE_LOST, 0);
    TRUE(tcp_scoreboard_first_lost(&b, &lost));
    EQ(lost.start, 150);
    EQ(lost.end, 160);
    tcp_scoreboard_mark(&b, 100, 150, 160, TCP_RANGE_RESENT, 5);
    TRUE(tcp_scoreboard_first_lost(&b, &lost));
    EQ(lost.start, 200);
    EQ(tcp_scoreboard_at(&b, 150, 1000).at, 7);
}
TEST(the_log_gives_each_octet_the_time_of_its_group)
{
    struct tcp_sent_log log = { 0 };
    uint32_t at;
    tcp_sent_log_note(&log, 100, 1000, 50);
    tcp_sent_log_note(&log, 200, 1040, 50);
    tcp_sent_log_note(&log, 300, 1050, 50);
    EQ(log.num, 2);
    EQ(tcp_sent_log_find(&log, 0).at, 1040);
    EQ(tcp_sent_log_find(&log, 199).at, 1040);
    EQ(tcp_sent_log_find(&log, 200).at, 1050);
    TRUE(!tcp_sent_log_acked(&log, 199, &at));
    TRUE(tcp_sent_log_acked(&log, 250, &at) && at == 1040);
    for (uint32_t i = 0; i < 100; i++)
        tcp_sent_log_note(&log, 400 + i, 2000 + 100 * i, 50);
    EQ(log.num, TCP_SENT_GROUPS);
    EQ(tcp_sent_log_find(&log, 450).at, 2000 + 9900);
    TRUE(tcp_sent_log_acked(&log, 499, &at) && at == 2000 + 9900);
    EQ(log.num, 0);
}
/* Ten segments of 100 octets, one every 10 ticks from 1000 on. */
static struct tcp_sent_log ten_segments(void)
{
    struct tcp_sent_log log = { 0 };
    for (uint32_t i = 0; i < 10; i++)
        tcp_sent_log_note(&log, 100 * (i + 1), 1000 + 10 * i, 10);
    return log;
}
TEST(a_segment_is_lost_when_a_later_one_arrived_and_time_has_passed)
{
    struct tcp_sent_log log = ten_segments();
    struct tcp_scoreboard b = board(NUM_RANGES);
    struct tcp_rack r = { .min_rtt = 400 };
    tcp_rack_arrived(&r, &b, &log, 200, 300, 1420);
    tcp_scoreboard_mark(&b, 0, 200, 300, TCP_RANGE_SACKED, 0);
    EQ(r.rtt, 400);
    EQ(r.end, 300);
    uint32_t window = tcp_rack_window(&r, false, 1000);
    EQ(window, 100);
    EQ(tcp_rack_detect(&r, &b, &log, 0, 1000, window, 1420), 90);       /* the second: sent 10 before */
    EQ(b.lost, 0);
    EQ(tcp_rack_detect(&r, &b, &log, 0, 1000, window, 1505), 5);
    EQ(b.lost, 100);
    EQ(tcp_rack_detect(&r, &b, &log, 0, 1000, window, 1510), 0);
    EQ(b.lost, 200);
    EQ(tcp_scoreboard_at(&b, 300, 1000).kind, TCP_RANGE_SENT);
}
TEST(without_reordering_three_segments_are_enough_and_duplicates_widen_the_window)
{
    struct tcp_rack r = { .min_rtt = 400 };
    EQ(tcp_rack_window(&r, true, 1000), 0);
    EQ(tcp_rack_window(&r, false, 1000), 100);
    tcp_rack_duplicate(&r, 0, 100);
    EQ(tcp_rack_window(&r, true, 1000), 0);             /* it says nothing yet */
    r.reordering = 1;
    tcp_rack_duplicate(&r, 0, 100);
    EQ(tcp_rack_window(&r, true, 1000), 200);
    tcp_rack_duplicate(&r, 50, 200);                    /* the same round */
    EQ(tcp_rack_window(&r, true, 1000), 200);
    tcp_rack_duplicate(&r, 100, 200);
    EQ(tcp_rack_window(&r, true, 1000), 300);
    EQ(tcp_rack_window(&r, true, 250), 250);
    for (int i = 0; i < TCP_RACK_REORDER_PERSIST; i++)
        tcp_rack_recovered(&r);
    EQ(tcp_rack_window(&r, true, 1000), 100);
}
TEST(a_segment_that_arrives_behind_later_ones_shows_reordering_unless_it_was_sent_again)
{
    for (int again = 0; again < 2; again++) {
        struct tcp_sent_log log = ten_segments();
        struct tcp_scoreboard b = board(NUM_RANGES);
        struct tcp_rack r = { .min_rtt = 400 };
        tcp_rack_arrived(&r, &b, &log, 200, 300, 1420);
        tcp_scoreboard_mark(&b, 0, 200, 300, TCP_RANGE_SACKED, 0);
        r.fack = tcp_scoreboard_highest_sacked(&b, 0);
        EQ(r.fack, 300);
        if (again)
            tcp_scoreboard_mark(&b, 0, 0, 200, TCP_RANGE_RESENT, 1420);
        tcp_rack_arrived(&r, &b, &log, 0, 300, 1900);
        EQ(r.reordering > 0, !again);
    }
}
TEST(a_segment_that_arrives_late_shows_how_late_others_may_be)
{
    struct tcp_sent_log log = ten_segments();
    struct tcp_scoreboard b = board(NUM_RANGES);
    struct tcp_rack r = { .min_rtt = 400 };
    tcp_rack_arrived(&r, &b, &log, 200, 300, 1420);
    EQ(r.rtt, 400);
    tcp_scoreboard_mark(&b, 0, 200, 300, TCP_RANGE_SACKED, 0);
    tcp_rack_arrived(&r, &b, &log, 0, 100, 1900);
    EQ(r.rtt, 900);
    EQ(r.end, 300);                                     /* which is sent last of those that arrived, still */
    EQ(tcp_rack_detect(&r, &b, &log, 100, 300, 100, 1900), 110);
}
TEST(what_was_sent_at_once_may_be_quicker_than_any_before)
{
    struct tcp_sent_log log = { 0 };
    struct tcp_scoreboard b = board(NUM_RANGES);
    struct tcp_rack r = { .min_rtt = 400 };
    tcp_sent_log_note(&log, 300, 1000, 50);
    tcp_rack_arrived(&r, &b, &log, 200, 300, 1100);
    EQ(r.rtt, 100);
    tcp_sent_log_note(&log, 400, 1010, 50);             /* one of them was sent earlier than it seems */
    tcp_rack_arrived(&r, &b, &log, 300, 400, 1110);
    EQ(r.rtt, 400);
}
TEST(a_lost_retransmission_is_found_by_what_was_sent_behind_it)
{
    struct tcp_sent_log log = ten_segments();
    struct tcp_scoreboard b = board(NUM_RANGES);
    struct tcp_rack r = { .min_rtt = 400 };
    tcp_scoreboard_mark(&b, 0, 0, 100, TCP_RANGE_RESENT, 2000);
    tcp_scoreboard_mark(&b, 0, 100, 900, TCP_RANGE_SACKED, 0);
    tcp_sent_log_note(&log, 1100, 2100, 10);
    tcp_rack_arrived(&r, &b, &log, 1000, 1100, 2500);
    tcp_scoreboard_mark(&b, 0, 1000, 1100, TCP_RANGE_SACKED, 0);
    EQ(tcp_rack_detect(&r, &b, &log, 0, 1100, 0, 2500), 0);
    EQ(b.lost, 200);
}

/* RFC 6937 section 3.1: twenty segments in flight, one is lost, the threshold is ten: one goes out for two delivered. */
TEST(a_reduction_is_spread_over_the_round_trip)
{
    struct tcp_prr p = { .recover_fs = 20000 };
    uint32_t pipe = 19000, sent = 0;
    for (uint32_t i = 1; i <= 15; i++) {
        pipe -= 1000;
        uint32_t n = tcp_prr_acknowledged(&p, 1000, pipe, 10000, 1000);
        EQ(n, i % 2 ? 500 : 1000);
        if (n < 1000)
            continue;
        p.out += n;
        sent += n;
        pipe += n;
    }
    EQ(sent, 7000);
    EQ(pipe, 11000);
}
TEST(after_heavy_losses_slow_start_brings_the_flight_to_the_threshold)
{
    struct tcp_prr p = { .recover_fs = 20000 };
    EQ(tcp_prr_acknowledged(&p, 1000, 4000, 10000, 1000), 2000);
    p.out += 2000;
    EQ(tcp_prr_acknowledged(&p, 1000, 5000, 10000, 1000), 2000);
    EQ(tcp_prr_acknowledged(&p, 1000, 9500, 10000, 1000), 500);
}
TEST(while_losses_go_on_no_more_is_sent_than_was_delivered)
{
    struct tcp_prr p = { .recover_fs = 20000 };
    EQ(tcp_prr_acknowledged(&p, 1000, 4000, 10000, 0), 1000);
    p.out += 1000;
    EQ(tcp_prr_acknowledged(&p, 1000, 4000, 10000, 0), 1000);
}

TEST(blocks_grow_merge_and_go)
{
    struct tcp_sack_list l = { 0 };
    struct tcp_options o = { 0 };
    tcp_sack_list_add(&l, 0xfffffff0, 0);
    tcp_sack_list_add(&l, 20, 30);
    tcp_sack_list_add(&l, 40, 50);
    tcp_sack_list_add(&l, 60, 70);
    EQ(l.num, TCP_SACKS_KEPT);
    EQ(l.block[0].left, 60);
    tcp_sack_list_add(&l, 30, 40);
    EQ(l.num, 2);
    EQ(l.block[0].left, 20);
    EQ(l.block[0].right, 50);
    tcp_sack_list_duplicate(&l, 5, 6);
    o.has_timestamps = true;
    tcp_sack_list_report(&l, &o);
    EQ(o.num_sack_blocks, 3);
    EQ(o.sack_block[0].left, 5);
    tcp_sack_list_report(&l, &o);
    EQ(o.num_sack_blocks, 2);
    tcp_sack_list_advance(&l, 50);
    EQ(l.num, 1);
    tcp_sack_list_advance(&l, 70);
    TRUE(tcp_sack_list_is_empty(&l));
}
TEST_MAIN
