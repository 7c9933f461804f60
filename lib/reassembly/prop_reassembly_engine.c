// SPDX-License-Identifier: ISC
#include "lib/reassembly/reassembly.h"
#include "base/cursor.h"
#include "check/any.h"

static struct packet memory[32] __attribute__((aligned(64)));

static struct reassembly r;
static struct packet_pool pool;
static nanos now;

/* In one packet or two. */
static void fragment(struct reassembly_fragment *f, size_t num_bytes, bool has_two)
{
    struct reassembly_datagram got;
    struct packet *p = packet_alloc(&pool);
    CHECK(p);
    p->view = span_first(SPAN(p->data), num_bytes);
    if (has_two && (p->next = packet_alloc(&pool)))
        p->next->view = span_first(SPAN(p->next->data), 8);
    f->packet = p;
    if (reassembly_input(&r, f, now, &got)) {
        CHECK(packet_chain_bytes(got.packet) > 0 && packet_chain_bytes(got.packet) <= REASSEMBLY_BYTES_MAX);
        packet_unref(got.packet);
    }
    packet_unref(p);
    CHECK(r.num_packets <= 20 && pool.num_free + r.num_packets == 32);
}

/* Fragments of a few datagrams or of many, by script: no packet is lost, none is held beyond the bound, and what comes out is
 * as long as its pieces. */
PROPERTY(prop_reassembly, 300)
{
    struct reassembly_datagram got;
    struct cur c = cur_of(in);
    now = 0;
    packet_pool_init(&pool, memory, 32);
    reassembly_init(&r, 20);
    while (cur_more(&c)) {
        uint8_t what = cur_u8(&c), place = cur_u8(&c), size = cur_u8(&c);
        struct reassembly_fragment f = { .offset_bytes = (size_t)place * (place > 250 ? 400 : 8), .is_last = what & 4,
                                         .ecn = place > 240 ? place & 3 : 0 };
        for (unsigned i = 0; i < (what & 128 ? 40u : 1u); i++) {
            f.key.identification = (what & 3) + i;
            fragment(&f, size, what & 8);
        }
        now += (nanos)(what >> 5 & 3) * 25 * NS_PER_S;
        reassembly_tick(&r, now);
        CHECK(reassembly_deadline(&r) > now);
        while (!(what & 16) && reassembly_poll(&r, &got))
            packet_unref(got.packet);
    }
    reassembly_close(&r);
    CHECK(pool.num_free == 32);
}
