// SPDX-License-Identifier: ISC
/* channel.h - a bounded queue of equal elements between fibers, over an array of the owner's.
 *
 *     int items[8];  struct channel c = CHANNEL_OVER(items);
 *     TRY(channel_send(&c, SPAN_OF(x), deadline));   TRY(channel_receive(&c, MSPAN_OF(y), deadline)); */
#ifndef RUNTIME_CHANNEL_H
#define RUNTIME_CHANNEL_H
#include "base/ring.h"
#include "base/span.h"
#include "runtime/fiber.h"

struct channel {
    struct mspan storage;
    size_t element_bytes;
    struct ring ring;
    bool is_closed;
    struct waitq senders, receivers;
};
/* The array's length is a power of two. */
#define CHANNEL_OVER(array) \
    { .storage = MSPAN(array), .element_bytes = sizeof (array)[0], .ring = { .capacity = NUM_OF(array) } }

/* Copies one element in; blocks while full. E_CLOSED. */
MUST_CHECK err channel_send(struct channel *c, struct span element, nanos deadline);
/* Copies one element out; blocks while empty. E_EOF: closed and drained. */
MUST_CHECK err channel_receive(struct channel *c, struct mspan element, nanos deadline);
/* Wakes everybody; what was sent can still be received. Idempotent. */
void channel_close(struct channel *c);

#endif
