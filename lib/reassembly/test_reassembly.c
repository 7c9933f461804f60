// SPDX-License-Identifier: ISC
#include "base/poison.h"
#include "check/test.h"
#include "lib/reassembly/reassembly.h"

static struct packet memory[160] __attribute__((aligned(64)));
static struct packet_pool pool;
static struct reassembly r;
static struct reassembly_datagram got;
static uint32_t id;
static uint8_t ecn;             /* of the fragments that follow */

static void start(size_t packets_max)
{
    unpoison(memory, sizeof memory);
    memset(memory, 0, sizeof memory);
    packet_pool_init(&pool, memory, 160);
    reassembly_init(&r, packets_max);
    id = 1;
    ecn = 0;
}
/* A fragment whose bytes say where they belong. */
static bool feed_at(size_t offset, size_t n, bool is_last, nanos now)
{
    struct packet *p = packet_alloc(&pool);
    for (size_t i = 0; i < n && i < PACKET_DATA_BYTES; i++)
        p->data[i] = (uint8_t)((offset + i) * 7 + (offset + i) / 256);
    p->view = span_first(SPAN(p->data), n);
    struct reassembly_fragment f = { .key = { ip_from_v4(1), ip_from_v4(2), id, 17 }, .offset_bytes = offset, .is_last = is_last,
                                     .protocol = (uint8_t)(offset ? 99 : 17), .packet = p, .quote = p->view, .ecn = ecn };
    bool whole = reassembly_input(&r, &f, now, &got);
    packet_unref(p);
    return whole;
}
static bool feed(size_t offset, size_t n, bool is_last)
{
    return feed_at(offset, n, is_last, 0);
}
static void check_whole(size_t n)
{
    size_t at = 0;
    EQ(packet_chain_bytes(got.packet), n);
    EQ(got.protocol, 17);
    for (const struct packet *p = got.packet; p; p = p->next)
        for (size_t i = 0; i < p->view.n; i++, at++)
            EQ(span_at(p->view, i), (uint8_t)(at * 7 + at / 256));
    packet_unref(got.packet);
    EQ(pool.num_free, 160);
    EQ(r.num_packets, 0);
}

TEST(fragments_in_every_order_make_the_same_datagram)
{
    static const size_t at[4] = { 0, 800, 1600, 1608 }, n[4] = { 800, 800, 8, 5 };
    for (unsigned order = 0; order < 256; order++) {
        unsigned seen = 0, num = 0;
        start(64);
        for (unsigned i = 0; i < 4; i++)
            seen |= 1u << (order >> 2 * i & 3);
        if (seen != 15)
            continue;
        for (unsigned i = 0; i < 4; i++, num++) {
            unsigned k = order >> 2 * i & 3;
            EQ(feed(at[k], n[k], k == 3), num == 3);
        }
        check_whole(1613);
    }
}
TEST(the_same_fragment_twice_is_dropped_alone)
{
    start(64);
    TRUE(!feed(0, 80, false));
    TRUE(!feed(0, 80, false));
    EQ(r.counters.duplicates, 1);
    TRUE(feed(80, 3, true));
    check_whole(83);
}
TEST(any_overlap_makes_the_datagram_void_with_all_that_is_still_to_come)
{
    for (size_t from = 0; from < 200; from += 8)
        for (size_t n = 8; n <= 200; n += 8) {
            bool overlaps = from < 160 && from + n > 80, same = from == 80 && n == 80;
            start(64);
            TRUE(!feed(80, 80, false));
            TRUE(!feed(from, n, false));
            EQ(r.counters.refused, overlaps && !same);
            EQ(pool.num_free, overlaps && !same ? 160 : same ? 159 : 158);
            if (overlaps && !same) {
                TRUE(!feed(0, 80, false));
                TRUE(!feed(160, 8, true));
                EQ(pool.num_free, 160);
            }
            reassembly_close(&r);
            EQ(pool.num_free, 160);
        }
}
TEST(lies_about_the_length_make_it_void)
{
    static const struct { size_t at, n; bool last; } first = { 160, 8, true }, second[] = {
        { 168, 8, false }, { 80, 8, true }, { 176, 8, true }, { 0, 7, false }, { 3, 8, false }, { 65528, 8, true }, { 8, 0, false },
    };
    for (size_t i = 0; i < sizeof second / sizeof second[0]; i++) {
        start(64);
        TRUE(!feed(first.at, first.n, first.last));
        TRUE(!feed(second[i].at, second[i].n, second[i].last));
        EQ(r.counters.refused, 1);
        EQ(pool.num_free, 160);
    }
    start(64);
    TRUE(!feed(65528, 7, true));
    EQ(r.counters.refused, 0);
    TRUE(!feed(65528, 8, true));
    EQ(r.counters.refused, 1);
}
TEST(with_too_many_datagrams_the_oldest_gives_way)
{
    start(64);
    for (id = 1; id <= REASSEMBLY_DATAGRAMS + 3; id++)
        TRUE(!feed(0, 8, false));
    EQ(r.counters.evicted, 3);
    EQ(pool.num_free, 160 - REASSEMBLY_DATAGRAMS);
    id = 4;
    TRUE(feed(8, 1, true));
    packet_unref(got.packet);
    reassembly_close(&r);
    EQ(pool.num_free, 160);
}
TEST(with_too_many_packets_older_datagrams_give_way_and_never_more_are_held)
{
    start(10);
    for (id = 1; id <= 5; id++)
        for (size_t i = 0; i < 4; i++) {
            TRUE(!feed(i * 8, 8, false));
            TRUE(r.num_packets <= 10);
        }
    id = 6;
    for (size_t i = 0; i < 11; i++)
        TRUE(!feed(i * 8, 8, false));
    EQ(r.counters.refused, 1);
    EQ(r.num_packets, 0);
    EQ(pool.num_free, 160);
}
TEST(a_datagram_may_have_all_packets_that_there_are_and_not_one_more)
{
    start(2);
    TRUE(!feed(0, 80, false));
    TRUE(feed(80, 3, true));
    check_whole(83);
    TRUE(!feed(0, 80, false) && !feed(80, 80, false) && !feed(160, 3, true));
    EQ(r.counters.refused, 1);
}
TEST(a_datagram_has_at_most_so_many_fragments)
{
    start(1000);
    for (size_t i = 0; i < REASSEMBLY_FRAGMENTS_MAX; i++)
        TRUE(!feed(8 * i, 8, false));
    EQ(r.counters.refused, 0);
    TRUE(!feed(8 * REASSEMBLY_FRAGMENTS_MAX, 8, true));
    EQ(r.counters.refused, 1);
    EQ(pool.num_free, 160);
}
TEST(time_runs_out_and_only_who_sent_the_first_fragment_is_told)
{
    start(64);
    EQ(reassembly_deadline(&r), NEVER);
    TRUE(!feed_at(0, 8, false, 5));
    id = 2;
    TRUE(!feed_at(8, 8, false, 6));
    EQ(reassembly_deadline(&r), 5 + REASSEMBLY_NS);
    reassembly_tick(&r, 4 + REASSEMBLY_NS);
    TRUE(!reassembly_poll(&r, &got));
    reassembly_tick(&r, 6 + REASSEMBLY_NS);
    EQ(r.counters.timed_out, 2);
    EQ(pool.num_free, 159);
    TRUE(reassembly_poll(&r, &got));
    EQ(got.quote.n, 8);
    packet_unref(got.packet);
    TRUE(!reassembly_poll(&r, &got));
    EQ(reassembly_deadline(&r), NEVER);
    EQ(pool.num_free, 160);
}
TEST(a_congestion_mark_on_one_fragment_is_the_datagrams_and_contradictions_are_void)
{
    static const uint8_t first[] = { 0, 1, 2, 2, 3, 1, 3, 0 }, second[] = { 0, 1, 2, 3, 2, 2, 0, 3 }, both[] = { 0, 1, 2, 3, 3, 2, 9, 9 };
    for (size_t i = 0; i < NUM_OF(first); i++) {
        start(64);
        ecn = first[i];
        TRUE(!feed(0, 800, false));
        ecn = second[i];
        EQ(feed(800, 8, true), both[i] != 9);
        EQ(r.counters.refused, both[i] == 9);
        if (both[i] == 9)
            continue;
        EQ(got.ecn, both[i]);
        packet_unref(got.packet);
    }
}
TEST_MAIN
