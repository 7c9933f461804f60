// SPDX-License-Identifier: ISC
/* packet.h - reference-counted buffers of 2 KiB from a fixed pool. A received frame is one buffer, or a
 * chain of them by `next` (a coalesced 64 KiB segment); it travels up without a copy, and who needs its bytes
 * longer takes a reference. Engines hold packets; nobody allocates.
 *
 * A pool may be of packets that hold a frame of any size instead, for devices that coalesce: the kernel copies 64 KiB in one
 * piece at half the cost of 34 pieces. */
#ifndef LIB_PACKET_PACKET_H
#define LIB_PACKET_PACKET_H
#include "base/list.h"
#include "base/span.h"

#define PACKET_BYTES 2048           /* of memory each, header included */
#define PACKET_DATA_BYTES 1920      /* >= a frame of 1518 with room in front */
#define PACKET_LARGE_DATA_BYTES 65664   /* >= FRAME_BYTES_MAX */

struct packet {
    struct packet *next;            /* next buffer of the same frame; holds a reference to it */
    struct packet_pool *pool;
    uint32_t num_refs;
    uint32_t tag;                   /* of whoever holds it: a sequence number, say */
    struct span view;               /* the bytes its holder is still interested in, within data */
    struct link link;               /* of whoever holds it: one queue */
    _Alignas(16) uint8_t data[PACKET_DATA_BYTES];
};
_Static_assert(sizeof(struct packet) <= PACKET_BYTES, "a packet fits its slot");

struct packet_large {
    struct packet packet;
    uint8_t more[PACKET_LARGE_DATA_BYTES - PACKET_DATA_BYTES];      /* behind its data */
};

struct packet_pool {
    SLICE(struct packet) all;
    SLICE(struct packet_large) large;       /* one of the two has none */
    struct packet *free;            /* by next; of the first num_used, the others were never touched */
    size_t num_used;
    uint32_t num_free, low_water;
};

/* The pool keeps the memory; aligned to 64. It is touched only as far as it is used. */
void packet_pool_init(struct packet_pool *pool, struct packet *memory, size_t num);
void packet_pool_init_large(struct packet_pool *pool, struct packet_large *memory, size_t num);
/* One reference, next and link empty, view empty; NULL: the pool is used up. */
struct packet *packet_alloc(struct packet_pool *pool);
void packet_ref(struct packet *p);
/* Gives one reference back; the last one frees the buffer and drops its reference to the next. */
void packet_unref(struct packet *p);
/* All the room that a packet has for data. */
struct mspan packet_data(struct packet *p);
/* Bytes of all views of the chain. */
size_t packet_chain_bytes(const struct packet *p);
/* Drops the first / all but the first n bytes from the views of a chain. Buffers that become empty stay in
 * the chain. */
void packet_chain_skip(struct packet *p, size_t n);
void packet_chain_first(struct packet *p, size_t n);

#endif
