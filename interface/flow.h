// SPDX-License-Identifier: ISC
/* flow.h - a reliable byte stream: TCP, TLS, a pipe, an HTTP body. Everything stacks on everything.
 *
 * All calls run on a fiber; those with a deadline may block until it and then return E_TIMEDOUT, or
 * E_CANCELED when the fiber's scope ends. After E_RESET or E_CLOSED only close is useful. */
#ifndef INTERFACE_FLOW_H
#define INTERFACE_FLOW_H
#include "base/err.h"
#include "base/nanos.h"
#include "base/span.h"

struct flow;
struct flow_ops {
    err (*peek)(struct flow *f, struct span *got, nanos deadline);
    void (*consume)(struct flow *f, size_t n);
    err (*write)(struct flow *f, struct span bytes, nanos deadline);
    err (*write_static)(struct flow *f, struct span bytes, nanos deadline);
    err (*shutdown)(struct flow *f);
    void (*close)(struct flow *f);
};
struct flow {                   /* first member of every implementation */
    const struct flow_ops *ops;
};

/* The next received bytes, at least one, without copying: borrowed until the next call of consume on this
 * flow. E_EOF: the peer has finished and everything was consumed. Deadline 0 only looks. */
MUST_CHECK static inline err flow_peek(struct flow *f, struct span *got, nanos deadline)
{
    return f->ops->peek(f, got, deadline);
}
/* Frees the first n bytes of what peek gave. */
static inline void flow_consume(struct flow *f, size_t n)
{
    f->ops->consume(f, n);
}
/* Queues all bytes, copying them; blocks while the budget of the flow is used up. On error an unknown part
 * was queued. No bytes: blocks until there is room for FLOW_ROOM_BYTES, so that with deadline 0 it tells whether the
 * peer reads fast enough. */
#define FLOW_ROOM_BYTES 4096u
MUST_CHECK static inline err flow_write(struct flow *f, struct span bytes, nanos deadline)
{
    return f->ops->write(f, bytes, deadline);
}
/* The same for bytes that live and stay unchanged as long as the image runs (constants): never copied,
 * any length at once. */
MUST_CHECK static inline err flow_write_static(struct flow *f, struct span bytes, nanos deadline)
{
    return f->ops->write_static(f, bytes, deadline);
}
/* No more writes: the peer reads the end of the stream after what is queued. Reading goes on. */
MUST_CHECK static inline err flow_shutdown(struct flow *f)
{
    return f->ops->shutdown(f);
}
/* Gives the flow back. What is queued is still delivered in the background where the protocol can; unread
 * bytes make it an abort (RFC 9293 section 3.10.4). The handle is dead afterwards. */
static inline void flow_close(struct flow *f)
{
    f->ops->close(f);
}
/* Reads at least one byte and at most out.n, copying. */
MUST_CHECK err flow_read(struct flow *f, struct mspan out, size_t *num_read, nanos deadline);

#endif
