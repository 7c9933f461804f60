// SPDX-License-Identifier: ISC
/* The small machines: sequence arithmetic, hash table, timeout, congestion window. */
#include "check/test.h"
#include "lib/tcp/congestion.h"
#include "lib/tcp/rto.h"
#include "lib/tcp/seq.h"
#include "base/siphash.h"
#include "lib/tcp/table.h"

TEST(sequence_numbers_are_compared_around_zero)
{
    TRUE(seq_lt(0xffffffff, 0) && !seq_lt(0, 0xffffffff) && !seq_lt(5, 5));
    TRUE(seq_leq(5, 5) && seq_leq(0xfffffff0, 0x10));
    EQ(seq_max(0xffffffff, 1), 1);
    EQ(seq_min(0xffffffff, 1), 0xffffffff);
    TRUE(seq_within(1, 0xffffffff, 3) && !seq_within(2, 0xffffffff, 3) && !seq_within(1, 1, 0));
}
/* The published vector of SipHash-2-4 for the message 00 .. 07, of 8 bytes: its last word carries the length. */
TEST(siphash_gives_the_published_value)
{
    uint8_t key[16], message[8];
    for (uint8_t i = 0; i < 16; i++)
        key[i] = i;
    for (uint8_t i = 0; i < 8; i++)
        message[i] = i;
    struct siphash h = siphash_of(SPAN(key), 0);
    siphash_word(&h, span_le64(SPAN(message), 0), 2);
    siphash_word(&h, UINT64_C(8) << 56, 2);
    EQ(siphash_end(&h, 4), UINT64_C(0x93f5f5799a932462));
}
TEST(entries_are_found_by_all_four_of_their_parts_until_they_are_removed)
{
    static struct tcp_entry entry[64], *bucket[16];
    struct tcp_table t = { .key = { 1, 2, 3 } };
    t.bucket.p = bucket;
    t.bucket.n = NUM_OF(bucket);
    for (uint32_t i = 0; i < NUM_OF(entry); i++) {
        uint16_t port = (uint16_t)(1 + (i >> 4 & 1)), remote_port = (uint16_t)(1 + (i >> 5));
        entry[i].tuple = (struct tcp_tuple){ ip_from_v4(i & 3), ip_from_v4(i >> 2 & 3), port, remote_port };
        TRUE(tcp_table_find(&t, &entry[i].tuple) == NULL);
        tcp_table_insert(&t, &entry[i]);
    }
    for (size_t i = 0; i < NUM_OF(entry); i++) {
        TRUE(tcp_table_find(&t, &entry[i].tuple) == &entry[i]);
        if (i % 3 == 0) {
            tcp_table_remove(&t, &entry[i]);
            tcp_table_remove(&t, &entry[i]);
        }
    }
    for (size_t i = 0; i < NUM_OF(entry); i++)
        TRUE(tcp_table_find(&t, &entry[i].tuple) == (i % 3 == 0 ? NULL : &entry[i]));
}
TEST(the_timeout_follows_the_round_trip_and_doubles_up_to_a_minute)
{
    struct tcp_rto r = tcp_rto_initial();
    EQ(tcp_rto_now(&r), NS_PER_S);
    tcp_rto_sample(&r, 100 * NS_PER_MS);
    EQ(tcp_rto_now(&r), 300 * (nanos)NS_PER_MS);            /* srtt + 4 * srtt / 2 */
    tcp_rto_sample(&r, 100 * NS_PER_MS);
    EQ(tcp_rto_now(&r), 300 * (nanos)NS_PER_MS);
    for (int i = 0; i < 100; i++)
        tcp_rto_sample(&r, NS_PER_MS);
    EQ(tcp_rto_now(&r), TCP_RTO_MIN + tcp_rto_srtt(&r));
    tcp_rto_back_off(&r);
    EQ(tcp_rto_now(&r), 2 * (TCP_RTO_MIN + tcp_rto_srtt(&r)));
    for (int i = 0; i < 1000; i++)
        tcp_rto_back_off(&r);
    EQ(tcp_rto_now(&r), TCP_RTO_MAX);
    tcp_rto_sample(&r, NEVER);
    TRUE(r.backoff == 0 && tcp_rto_now(&r) <= TCP_RTO_MAX);
}
static struct tcp_congestion congestion(void)
{
    struct tcp_congestion g;
    tcp_congestion_init(&g, &tcp_reno, 1000, false);
    return g;
}
static void acknowledge(struct tcp_congestion *g, uint32_t bytes, uint32_t flight)
{
    g->used = flight;
    if (!tcp_congestion_is_used(g))
        return;
    tcp_congestion_acknowledged(g, &(struct tcp_delivery){ .bytes = bytes, .flight = flight });
}
TEST(ten_segments_first_then_double_each_round_trip_while_they_are_used)
{
    struct tcp_congestion g = congestion();
    EQ(g.cwnd, 10000);
    acknowledge(&g, 10000, 10000);
    EQ(g.cwnd, 20000);
    acknowledge(&g, 1000, 1000);
    EQ(g.cwnd, 20000);
    tcp_congestion_init(&g, &tcp_reno, 1000, true);
    EQ(g.cwnd, 1000);
}
TEST(congestion_avoidance_of_reno_adds_a_segment_a_round_trip)
{
    struct tcp_congestion g = congestion();
    g.ssthresh = 10000;
    for (uint32_t i = 1; i < 10; i++)
        acknowledge(&g, 1000, 10000);
    EQ(g.cwnd, 10000);
    acknowledge(&g, 1000, 10000);
    EQ(g.cwnd, 11000);
}
TEST(reno_halves_what_was_in_flight_and_a_timeout_starts_from_one_segment)
{
    struct tcp_congestion g = congestion();
    tcp_congestion_reduce(&g, 10000);
    EQ(g.ssthresh, 5000);
    tcp_congestion_reduce(&g, 3000);
    EQ(g.ssthresh, 2000);
    tcp_congestion_timeout(&g, 20000, true);
    EQ(g.ssthresh, 10000);
    EQ(g.cwnd, 1000);
    tcp_congestion_timeout(&g, 1000, false);
    EQ(g.ssthresh, 10000);
}
/* A window's worth of acknowledgments, a segment each, over a round trip. */
static void run_round_trip(struct tcp_congestion *g, nanos *now, nanos round_trip)
{
    uint32_t cwnd = g->cwnd, num = cwnd / g->mss;
    for (uint32_t i = 0; i < num; i++) {
        g->used = g->cwnd;
        tcp_congestion_acknowledged(g, &(struct tcp_delivery){ g->mss, cwnd, round_trip, *now + round_trip * i / num });
    }
    *now += round_trip;
}
/* W_cubic(t) of RFC 9438 figure 1, in segments. */
static double w_cubic(double t, double k, double w_max)
{
    return 0.4 * (t - k) * (t - k) * (t - k) + w_max;
}
TEST(cubic_grows_as_the_formula_says)
{
    struct tcp_congestion g;
    nanos now = NS_PER_S, round_trip = 100 * NS_PER_MS;
    tcp_congestion_init(&g, &tcp_cubic, 1000, false);
    g.cwnd = 1000000;
    tcp_congestion_reduce(&g, 1000);        /* of the window, not of what is in flight */
    EQ(g.ssthresh, 700000);
    g.cwnd = g.ssthresh;
    double k = 9.0856;                              /* the cube root of 1000 * 0.3 / 0.4 */
    for (int i = 1; i < 250; i++) {
        run_round_trip(&g, &now, round_trip);
        double want = w_cubic(0.1 * (i + 1), k, 1000), got = g.cwnd / 1000.0;
        if (want > 700 && want < 1000 + 0.4 * 1000)
            TRUE(got > want * 0.985 && got < want * 1.015);
    }
    TRUE(g.cwnd > 1400000);
}
TEST(cubic_is_no_slower_than_reno_where_windows_are_small)
{
    struct tcp_congestion g;
    nanos now = NS_PER_S;
    tcp_congestion_init(&g, &tcp_cubic, 1000, false);
    g.cwnd = 20000;
    tcp_congestion_reduce(&g, 20000);
    g.cwnd = g.ssthresh;
    for (int i = 0; i < 30; i++)
        run_round_trip(&g, &now, NS_PER_MS);
    TRUE(g.cwnd > 14000 + 30 * 529 * 8 / 10);      /* half a segment a round trip up to the old window, then one */
    TRUE(g.cwnd < 14000 + 31000);
}
TEST(cubic_gives_way_when_the_window_falls_again)
{
    struct tcp_congestion g;
    tcp_congestion_init(&g, &tcp_cubic, 1000, false);
    g.cwnd = 100000;
    tcp_congestion_reduce(&g, 100000);
    EQ(g.cubic.w_max, 100000);
    g.cwnd = 80000;
    tcp_congestion_reduce(&g, 80000);
    EQ(g.cubic.w_max, 68000);
    EQ(g.ssthresh, 56000);
}
/* RFC 9438 section 4.8: the plateau is where congestion avoidance begins; section 4.3: half a segment in a round trip up to the old
 * window. */
TEST(cubic_forgets_its_plateau_when_the_timer_goes_off)
{
    struct tcp_congestion g;
    nanos now = NS_PER_S, round_trip = 100 * NS_PER_MS;
    tcp_congestion_init(&g, &tcp_cubic, 1000, false);
    tcp_congestion_timeout(&g, 10000, true);
    EQ(g.ssthresh, 7000);
    g.cwnd = g.ssthresh;
    for (int i = 0; i < 6; i++) {
        run_round_trip(&g, &now, round_trip);
        TRUE(g.cwnd > 7000 + 520u * (uint32_t)i && g.cwnd < 7000 + 540u * (uint32_t)(i + 1));
    }
    g.cwnd = g.ssthresh;
    tcp_congestion_timeout(&g, 7000, false);
    EQ(g.ssthresh, 7000);
    g.cwnd = g.ssthresh;
    run_round_trip(&g, &now, round_trip);
    TRUE(g.cwnd < 7540);
}
static struct tcp_congestion slow_start(nanos (*round_trip)(int round), int num_rounds)
{
    struct tcp_congestion g;
    nanos now = NS_PER_S;
    tcp_congestion_init(&g, &tcp_cubic, 1000, false);
    for (int i = 0; i < num_rounds; i++)
        run_round_trip(&g, &now, round_trip(i));
    return g;
}
static nanos steady(int round)
{
    (void)round;
    return 40 * NS_PER_MS;
}
static nanos growing(int round)
{
    return (40 + (round > 3 ? 10 * (nanos)(round - 3) : 0)) * NS_PER_MS;
}
static nanos with_a_spike(int round)
{
    return (round == 3 ? 60 : 40) * NS_PER_MS;
}
TEST(slow_start_ends_where_the_round_trip_keeps_growing_and_only_there)
{
    struct tcp_congestion g = slow_start(steady, 9);
    EQ(g.ssthresh, TCP_CWND_MAX);
    EQ(g.cwnd, 10000 << 9);
    g = slow_start(growing, 12);
    TRUE(g.ssthresh < TCP_CWND_MAX && g.cwnd >= g.ssthresh);
    TRUE(g.cwnd < 10000 << 9);
    g = slow_start(with_a_spike, 12);
    EQ(g.ssthresh, TCP_CWND_MAX);
    TRUE(g.cwnd > 10000 << 10);
}
TEST_MAIN
