// SPDX-License-Identifier: ISC
#include "base/frame.h"
#include "lib/packet/packet.h"
#include "check/test.h"

enum { NUM = 4 };
static struct packet memory[NUM];

TEST(the_pool_gives_what_it_has_and_takes_it_back)
{
    struct packet_pool pool;
    struct packet *p[NUM];
    packet_pool_init(&pool, memory, NUM);
    for (int i = 0; i < NUM; i++)
        TRUE((p[i] = packet_alloc(&pool)) != NULL);
    TRUE(packet_alloc(&pool) == NULL);
    EQ(pool.low_water, 0);
    for (int i = 0; i < NUM; i++)
        packet_unref(p[i]);
    EQ(pool.num_free, NUM);
    packet_unref(NULL);
}
TEST(the_last_reference_frees_the_chain_up_to_what_others_hold)
{
    struct packet_pool pool;
    packet_pool_init(&pool, memory, NUM);
    struct packet *a = packet_alloc(&pool), *b = packet_alloc(&pool), *c = packet_alloc(&pool);
    a->next = b;
    b->next = c;
    packet_ref(b);
    packet_unref(a);
    EQ(pool.num_free, NUM - 2);
    packet_unref(b);
    EQ(pool.num_free, NUM);
    PANICS(packet_unref(b));
}
TEST(views_of_a_chain_shrink_across_its_buffers)
{
    struct packet_pool pool;
    packet_pool_init(&pool, memory, NUM);
    struct packet *a = packet_alloc(&pool), *b = packet_alloc(&pool);
    a->next = b;
    a->view = span_first(SPAN(a->data), 10);
    b->view = span_first(SPAN(b->data), 10);
    EQ(packet_chain_bytes(a), 20);
    packet_chain_skip(a, 12);
    EQ(a->view.n, 0);
    EQ(b->view.n, 8);
    packet_chain_first(a, 3);
    EQ(packet_chain_bytes(a), 3);
    packet_chain_skip(a, 100);
    EQ(packet_chain_bytes(a), 0);
    packet_unref(a);
    EQ(pool.num_free, NUM);
}
TEST(a_pool_of_large_packets_gives_each_room_for_a_frame_of_any_size)
{
    static struct packet_large large[2];
    struct packet_pool pool;
    packet_pool_init_large(&pool, large, 2);
    struct packet *a = packet_alloc(&pool), *b = packet_alloc(&pool);
    TRUE(a && b && packet_alloc(&pool) == NULL);
    EQ(packet_data(a).n, PACKET_LARGE_DATA_BYTES);
    TRUE(packet_data(a).n >= FRAME_BYTES_MAX);
    memset(packet_data(a).p, 1, packet_data(a).n);
    memset(packet_data(b).p, 2, packet_data(b).n);
    EQ(span_at(span_of(packet_data(a)), PACKET_LARGE_DATA_BYTES - 1), 1);
    packet_unref(a);
    packet_unref(b);
    EQ(pool.num_free, 2);
    TRUE(packet_alloc(&pool) == b);             /* the one that was used last */
    packet_unref(b);
}
TEST_MAIN
