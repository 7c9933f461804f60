// SPDX-License-Identifier: ISC
/* A few fragments of any place, length and kind, and what becomes of them; proof: eva */
#include "lib/reassembly/reassembly.h"
#include "base/cursor.h"
#include "check/any.h"

#define SCRIPT_BYTES 9u
#define PACKETS 4u
#define PACKETS_MAX 3u

static struct packet memory[PACKETS] __attribute__((aligned(64)));
static struct packet_pool pool;
static struct reassembly r;

/* The fragments of a datagram are as many bytes as its end says, in their order. */
static void take(struct reassembly_datagram *got)
{
    size_t at = 0;
    for (const struct packet *p = got->packet; p; p = p->next) {
        CHECK_FUZZED(p->tag == at);
        at += p->view.n;
    }
    CHECK_FUZZED(at > 0 && at <= REASSEMBLY_BYTES_MAX);
    packet_unref(got->packet);
}
static void input(struct reassembly_fragment *f, size_t num_bytes)
{
    struct reassembly_datagram got;
    f->packet = packet_alloc(&pool);
    f->packet->view = span_first(SPAN(f->packet->data), num_bytes);
    if (reassembly_input(&r, f, 0, &got))
        take(&got);
    packet_unref(f->packet);
    CHECK(r.num_packets <= PACKETS_MAX && r.num_packets + pool.num_free == PACKETS);
}
/* One of a datagram that goes on. */
static void sound_fragment(struct cur *script)
{
    struct reassembly_fragment f = { .offset_bytes = (size_t)cur_u8(script) * REASSEMBLY_UNIT_BYTES };
    input(&f, (1 + cur_u8(script) % 100u) * REASSEMBLY_UNIT_BYTES);
}
static void any_fragment(struct cur *script)
{
    uint8_t kind = cur_u8(script);
    struct reassembly_fragment f = { .key.identification = kind & 1, .is_last = kind & 2, .ecn = kind >> 6,
                                     .protocol = kind, .offset_bytes = cur_u16(script) };
    input(&f, cur_u16(script));
}

PROPERTY(prop_reassembly_fragments, SCRIPT_BYTES)
{
    struct reassembly_datagram got;
    struct cur script = cur_of(in);
    if (in.n < SCRIPT_BYTES)
        return;
    packet_pool_init(&pool, memory, PACKETS);
    reassembly_init(&r, PACKETS_MAX);
    sound_fragment(&script);
    sound_fragment(&script);
    any_fragment(&script);
    reassembly_tick(&r, NEVER);
    CHECK(reassembly_deadline(&r) == NEVER);
    while (reassembly_poll(&r, &got))
        packet_unref(got.packet);
    CHECK(r.num_packets == 0 && pool.num_free == PACKETS);
}
