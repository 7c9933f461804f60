// SPDX-License-Identifier: ISC
#include "runtime/channel.h"

static struct mspan slot(const struct channel *c, uint32_t i)
{
    return mspan_sub(c->storage, i * c->element_bytes, c->element_bytes);
}

err channel_send(struct channel *c, struct span element, nanos deadline)
{
    REQUIRE(element.n == c->element_bytes);
    TRY(fiber_check());
    while (!c->is_closed && ring_is_full(&c->ring))
        TRY(waitq_wait(&c->senders, deadline));
    if (c->is_closed)
        return E_CLOSED;
    (void)span_copy(slot(c, ring_push(&c->ring)), element);
    (void)waitq_wake_one(&c->receivers);
    return OK;
}

err channel_receive(struct channel *c, struct mspan element, nanos deadline)
{
    REQUIRE(element.n == c->element_bytes);
    TRY(fiber_check());
    while (!c->is_closed && ring_is_empty(&c->ring))
        TRY(waitq_wait(&c->receivers, deadline));
    if (ring_is_empty(&c->ring))
        return E_EOF;
    (void)span_copy(element, span_of(slot(c, ring_pop(&c->ring))));
    (void)waitq_wake_one(&c->senders);
    return OK;
}

void channel_close(struct channel *c)
{
    c->is_closed = true;
    waitq_wake_all(&c->senders);
    waitq_wake_all(&c->receivers);
}
