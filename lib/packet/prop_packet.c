// SPDX-License-Identifier: ISC
/* A pool and who holds its packets, by script: chains, references and views. No packet is lost, none is freed twice, and the bytes
 * of a chain are those of its views. */
#include "lib/packet/packet.h"
#include "base/cursor.h"
#include "check/any.h"

#define NUM 6

static struct packet memory[NUM] __attribute__((aligned(64)));

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

PROPERTY(prop_packet, 100)
{
    struct packet_pool pool;
    struct packet *held[NUM] = { 0 };
    unsigned refs[NUM] = { 0 };
    struct cur c = cur_of(in);
    packet_pool_init(&pool, memory, NUM);
    while (cur_more(&c)) {
        uint8_t what = cur_u8(&c), size = cur_u8(&c), i = what % NUM;
        size_t before = packet_chain_bytes(held[i]);
        if (what >> 4 == 0 && !held[i]) {
            held[i] = packet_alloc(&pool);
            refs[i] = held[i] != NULL;
            if (held[i])
                held[i]->view = span_first(SPAN(held[i]->data), size);
        } else if (what >> 4 == 1 && held[i] && refs[i] < 9) {
            packet_ref(held[i]);
            refs[i]++;
        } else if (what >> 4 == 2 && held[i]) {
            packet_unref(held[i]);
            held[i] = --refs[i] > 0 ? held[i] : NULL;
        } else if (what >> 4 == 3 && held[i]) {
            struct packet *more = packet_alloc(&pool), **end = &held[i]->next;
            while (*end)
                end = &(*end)->next;
            *end = more;
            if (more)
                more->view = span_first(SPAN(more->data), size);
        } else if (what >> 4 == 4) {
            packet_chain_skip(held[i], size);
            CHECK(packet_chain_bytes(held[i]) == before - least(before, size));
        } else if (what >> 4 == 5) {
            packet_chain_first(held[i], size);
            CHECK(packet_chain_bytes(held[i]) == least(before, size));
        }
        CHECK(pool.low_water <= pool.num_free && pool.num_free <= NUM);
    }
    for (size_t i = 0; i < NUM; i++)
        for (; refs[i] > 0; refs[i]--)
            packet_unref(held[i]);
    CHECK(pool.num_free == NUM);
}
