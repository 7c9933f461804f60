// SPDX-License-Identifier: ISC
/* ring.h - index arithmetic of a bounded queue over an array of the owner's: which element to write,
 * which to read. Capacity is any power of two; the counters run free and their difference is the fill. */
#ifndef BASE_RING_H
#define BASE_RING_H
#include "base/panic.h"
#include <stdbool.h>
#include <stdint.h>

struct ring {
    uint32_t capacity;      /* a power of two; 0 is a closed ring: full and empty at once */
    uint32_t written, read;
};

INLINE struct ring ring_of(uint32_t capacity)
{
    REQUIRE(capacity > 0 && (capacity & (capacity - 1)) == 0);
    return (struct ring){ .capacity = capacity };
}
INLINE uint32_t ring_len(const struct ring *r)
{
    return r->written - r->read;
}
INLINE uint32_t ring_room(const struct ring *r)
{
    return r->capacity - ring_len(r);
}
INLINE bool ring_is_empty(const struct ring *r)
{
    return r->written == r->read;
}
INLINE bool ring_is_full(const struct ring *r)
{
    return ring_room(r) == 0;
}
/* Index to write next; the ring may not be full. */
INLINE uint32_t ring_push(struct ring *r)
{
    REQUIRE(!ring_is_full(r));
    return r->written++ & (r->capacity - 1);
}
/* Index to read next; the ring may not be empty. */
INLINE uint32_t ring_pop(struct ring *r)
{
    REQUIRE(!ring_is_empty(r));
    return r->read++ & (r->capacity - 1);
}
/* Index of the i-th oldest element. */
INLINE uint32_t ring_peek(const struct ring *r, uint32_t i)
{
    REQUIRE(i < ring_len(r));
    return (r->read + i) & (r->capacity - 1);
}

#endif
