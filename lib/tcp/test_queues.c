// SPDX-License-Identifier: ISC
/* The queues of bytes to send and of bytes received, against plain arrays of the same bytes. */
#include "check/test.h"
#include "lib/tcp/receivequeue.h"
#include "lib/tcp/sendqueue.h"

#define NUM_PACKETS 64
#define NUM_CHUNKS 16
#define NUM_FIRST 4
#define STREAM_BYTES 40000

static struct packet packets[NUM_PACKETS];
static struct packet_pool pool;
static struct tcp_chunk first_chunks[NUM_FIRST], chunks[NUM_CHUNKS];
static uint8_t stream[STREAM_BYTES];
static uint64_t random_state;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % n;
}
static void start(uint64_t seed)
{
    random_state = seed;
    packet_pool_init(&pool, packets, NUM_PACKETS);
    for (size_t i = 0; i < STREAM_BYTES; i++)
        stream[i] = (uint8_t)(i * 31 + i / 256);
}
static struct tcp_send_queue send_queue(void)
{
    struct tcp_send_queue q = { .ring = ring_of(NUM_CHUNKS) };
    q.first.p = first_chunks;
    q.first.n = NUM_FIRST;
    q.chunks.p = chunks;
    q.chunks.n = NUM_CHUNKS;
    return q;
}
static const struct tcp_reserve none;
static struct packet *packet_with(struct span bytes)
{
    struct packet *p = packet_alloc(&pool);
    TRUE(p != NULL);
    p->view = span_first(SPAN(p->data), span_copy(MSPAN(p->data), bytes));
    return p;
}

TEST(writes_of_all_kinds_are_gathered_in_order_and_acknowledged_in_any_pieces)
{
    for (uint64_t seed = 0; seed < 200; seed++) {
        start(seed);
        struct tcp_send_queue q = send_queue();
        size_t written = 0, next = 0, acked = 0;
        while (acked < STREAM_BYTES) {
            struct span rest = span_sub(SPAN(stream), written, 1 + random_below(5000));
            if (random_below(3) == 0)
                written += tcp_send_queue_static(&q, rest) ? rest.n : 0;
            else
                written += tcp_send_queue_copy(&q, &pool, &none, rest, 8000);
            struct tcp_out out;
            tcp_send_queue_gather(&q, q.next, random_below(4000), &out);
            size_t at = next;
            for (size_t i = 0; i < out.num_parts; at += out.part[i++].n)
                TRUE(span_eq(out.part[i], span_sub(SPAN(stream), at, out.part[i].n)));
            EQ(at - next, out.payload_bytes);
            tcp_send_queue_move(&q, &q.next, out.payload_bytes);
            next += out.payload_bytes;
            size_t n = random_below((uint32_t)(written - acked + 1));
            tcp_send_queue_acked(&q, n);
            acked += n;
            next = next < acked ? acked : next;
            if (random_below(10) == 0) {
                tcp_send_queue_rewind(&q);
                next = acked;
            }
            EQ(q.num_bytes, written - acked);
        }
        EQ(pool.num_free, NUM_PACKETS);
    }
}
TEST(small_copies_share_a_packet_even_with_static_spans_between_them)
{
    start(0);
    struct tcp_send_queue q = send_queue();
    for (size_t i = 0; i < NUM_CHUNKS / 2; i++) {
        EQ(tcp_send_queue_copy(&q, &pool, &none, TEXT("head"), 100), 4);
        TRUE(tcp_send_queue_static(&q, TEXT("body")));
    }
    EQ(pool.num_free, NUM_PACKETS - 1);
    TRUE(!tcp_send_queue_static(&q, TEXT("more")));
    EQ(tcp_send_queue_copy(&q, &pool, &none, TEXT("more"), 100), 0);
    tcp_send_queue_acked(&q, 7);
    EQ(tcp_send_queue_copy(&q, &pool, &none, TEXT("more"), 100), 4);
    tcp_send_queue_clear(&q);
    EQ(pool.num_free, NUM_PACKETS);
}
TEST(a_queue_that_stays_short_touches_nothing_but_its_first_chunks)
{
    struct tcp_send_queue q = send_queue();
    start(1);
    memset(chunks, 0, sizeof chunks);
    for (size_t i = 0; i < 3 * NUM_CHUNKS; i++) {
        for (size_t k = 0; k < NUM_FIRST; k++)
            TRUE(tcp_send_queue_static(&q, span_first(SPAN(stream), 10)));
        tcp_send_queue_acked(&q, 10 * NUM_FIRST);
    }
    for (size_t i = 0; i < NUM_CHUNKS; i++)
        TRUE(chunks[i].bytes.p == NULL);
    EQ(pool.num_free, NUM_PACKETS);
}

TEST(copies_stop_at_the_budget_and_at_the_reserve)
{
    start(0);
    struct tcp_send_queue q = send_queue();
    EQ(tcp_send_queue_copy(&q, &pool, &none, SPAN(stream), 10000), 10000);
    EQ(tcp_send_queue_copy(&q, &pool, &(struct tcp_reserve){ 0, NUM_PACKETS, 0 }, SPAN(stream), 100000), 6 * PACKET_DATA_BYTES - 10000);
    EQ(q.num_copied, 6 * PACKET_DATA_BYTES);
    tcp_send_queue_clear(&q);
    EQ(q.num_copied, 0);
    EQ(pool.num_free, NUM_PACKETS);
}
TEST(the_first_packet_is_had_when_more_are_not_and_each_that_is_held_wants_more_to_be_free)
{
    start(0);
    struct tcp_send_queue q = send_queue();
    struct tcp_reserve reserve = { .for_first = 1, .for_more = 40, .for_each = 8 };
    EQ(tcp_send_queue_copy(&q, &pool, &reserve, SPAN(stream), 100000), 3 * PACKET_DATA_BYTES);     /* 40 + 2 * 8 < 62 */
    struct packet *taken[NUM_PACKETS];
    size_t num = 0;
    while (pool.num_free > 2)
        taken[num++] = packet_alloc(&pool);
    EQ(tcp_send_queue_copy(&q, &pool, &reserve, SPAN(stream), 100000), 0);
    tcp_send_queue_clear(&q);
    while (pool.num_free > 2)
        taken[num++] = packet_alloc(&pool);
    EQ(tcp_send_queue_copy(&q, &pool, &reserve, SPAN(stream), 100000), PACKET_DATA_BYTES);
    tcp_send_queue_clear(&q);
    while (num > 0)
        packet_unref(taken[--num]);
    EQ(pool.num_free, NUM_PACKETS);
}

TEST(segments_in_any_order_with_any_overlap_come_out_as_the_stream)
{
    for (uint64_t seed = 0; seed < 300; seed++) {
        start(seed);
        struct tcp_receive_queue q = { 0 };
        uint32_t base = (uint32_t)seed * 0x10000001u - 20000, rcv_nxt = base, most = seed % 2 ? 3000 : 40;
        size_t read = 0;
        for (int rounds = 0; read < 12000; rounds++) {
            TRUE(rounds < 1000000);
            uint32_t at = rcv_nxt - base + random_below(2000), n = 1 + random_below(most);
            at -= at < 500 ? at : 500;
            n = n < PACKET_DATA_BYTES ? n : PACKET_DATA_BYTES;
            struct span text = span_sub(SPAN(stream), at, n);
            struct packet *p = packet_with(text);
            uint32_t seq = base + at, old = rcv_nxt - seq;
            if (old < 0x80000000u) {            /* starts at or before rcv_nxt */
                packet_chain_skip(p, old);
                if (old < text.n) {
                    TRUE(tcp_receive_queue_append(&q, p, 0));
                    rcv_nxt += (uint32_t)text.n - old;
                    rcv_nxt = tcp_receive_queue_close_gap(&q, rcv_nxt);
                }
            } else {
                TRUE(tcp_receive_queue_keep(&q, p, seq, 30) || q.num_disordered == 30);
                TRUE(q.num_disordered <= 30);
            }
            packet_unref(p);
            EQ(q.num_bytes, rcv_nxt - base - read);
            struct span got = tcp_receive_queue_peek(&q);
            if (random_below(3) == 0 && got.n > 0) {
                got = span_first(got, 1 + random_below((uint32_t)got.n));
                TRUE(span_eq(got, span_sub(SPAN(stream), read, got.n)));
                tcp_receive_queue_consume(&q, got.n);
                read += got.n;
            }
        }
        tcp_receive_queue_clear(&q);
        EQ(pool.num_free, NUM_PACKETS);
    }
}
TEST(a_chain_is_taken_buffer_by_buffer_and_freed_as_it_is_read)
{
    start(0);
    struct packet *chain = packet_with(span_first(SPAN(stream), 1000));
    chain->next = packet_with(span_sub(SPAN(stream), 1000, 1000));
    chain->next->next = packet_with(span_sub(SPAN(stream), 2000, 1000));
    packet_chain_skip(chain, 1500);
    struct tcp_receive_queue q = { 0 };
    TRUE(tcp_receive_queue_append(&q, chain, 0));
    packet_unref(chain);
    EQ(q.num_bytes, 1500);
    EQ(pool.num_free, NUM_PACKETS - 2);     /* the first was used up by the skip */
    TRUE(span_eq(tcp_receive_queue_peek(&q), span_sub(SPAN(stream), 1500, 500)));
    tcp_receive_queue_consume(&q, 600);
    EQ(pool.num_free, NUM_PACKETS - 1);
    TRUE(span_eq(tcp_receive_queue_peek(&q), span_sub(SPAN(stream), 2100, 900)));
    tcp_receive_queue_consume(&q, 2000);
    EQ(q.num_bytes, 0);
    EQ(pool.num_free, NUM_PACKETS);
}
TEST(nothing_is_copied_behind_a_packet_that_somebody_else_holds)
{
    start(0);
    struct tcp_receive_queue q = { 0 };
    struct packet *first = packet_with(TEXT("first")), *second = packet_with(TEXT("second"));
    TRUE(tcp_receive_queue_append(&q, first, 0));
    TRUE(tcp_receive_queue_append(&q, second, 0));
    packet_unref(second);
    EQ(pool.num_free, NUM_PACKETS - 2);
    EQ(first->view.n, 5);
    packet_unref(first);
    tcp_receive_queue_clear(&q);
    EQ(pool.num_free, NUM_PACKETS);
}
TEST_MAIN
