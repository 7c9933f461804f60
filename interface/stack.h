// SPDX-License-Identifier: ISC
/* stack.h - a host on a network: TCP services and connections, UDP ports.
 *
 * A TCP service holds no fiber for a connection at rest. When bytes, the peer's end or the connection's
 * time arrive, a fiber is borrowed and `ready` runs on it with the connection's own state; it may block, and
 * its return says what happens next. */
#ifndef INTERFACE_STACK_H
#define INTERFACE_STACK_H
#include "base/err.h"
#include "base/nanos.h"
#include "interface/address.h"
#include "interface/flow.h"

enum service_wake {
    SERVICE_BYTES,      /* bytes can be read, or the peer has finished or aborted: peek tells */
    SERVICE_SENT,       /* all that was written is acknowledged (only after rest.when_sent) */
    SERVICE_TIMEOUT,    /* rest.until has passed */
};
struct service_rest {
    bool close;         /* give the connection back: flow_close, then forget its state */
    bool when_sent;     /* be called when everything written was acknowledged (at once where it is already) or the
                         * peer aborted, rather than on bytes */
    nanos until;        /* be called at this time at the latest; NEVER for none, 0 for at once, after the others */
};
struct service {                /* lives as long as it is listened with */
    /* state: state_bytes of the connection's own, all zero at first, kept between calls. */
    struct service_rest (*ready)(struct service *s, struct flow *flow, const struct endpoint *peer,
                                 struct mspan state, enum service_wake why);
    size_t state_bytes;
    nanos first_bytes_within;   /* the rest of a connection that was just accepted */
};

struct udp;
struct stack;
struct stack_ops {
    err (*tcp_listen)(struct stack *s, uint16_t port, struct service *service);
    void (*tcp_unlisten)(struct stack *s, uint16_t port);
    err (*tcp_connect)(struct stack *s, const struct endpoint *to, nanos deadline, struct flow **flow);
    err (*udp_open)(struct stack *s, uint16_t port, struct udp **udp);
    err (*udp_send)(struct udp *u, const struct endpoint *to, struct span datagram);
    err (*udp_receive)(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, nanos deadline);
    void (*udp_close)(struct udp *u);
};
struct stack {                  /* first member of every implementation */
    const struct stack_ops *ops;
    struct ip_prefix address;
    struct ip gateway;          /* all zero: none */
};
struct udp {                    /* first member of every implementation */
    struct stack *stack;
};

/* Port 1..65535; E_IN_USE. */
MUST_CHECK static inline err tcp_listen(struct stack *s, uint16_t port, struct service *service)
{
    return s->ops->tcp_listen(s, port, service);
}
/* No new connections; those there are go on. */
static inline void tcp_unlisten(struct stack *s, uint16_t port)
{
    s->ops->tcp_unlisten(s, port);
}
/* E_REFUSED, E_UNREACHABLE, E_NOMEM (no connection, or no local port, left). The caller closes the flow. */
MUST_CHECK static inline err tcp_connect(struct stack *s, const struct endpoint *to, nanos deadline, struct flow **flow)
{
    return s->ops->tcp_connect(s, to, deadline, flow);
}
/* Port 0: any free one. */
MUST_CHECK static inline err udp_open(struct stack *s, uint16_t port, struct udp **udp)
{
    return s->ops->udp_open(s, port, udp);
}
/* E_INVALID: more than a datagram holds (65507 bytes). Sending never blocks; a full device drops. */
MUST_CHECK static inline err udp_send(struct udp *u, const struct endpoint *to, struct span datagram)
{
    return u->stack->ops->udp_send(u, to, datagram);
}
/* One datagram; what exceeds `out` is cut off, and num_bytes says the whole length. */
MUST_CHECK static inline err udp_receive(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, nanos deadline)
{
    return u->stack->ops->udp_receive(u, out, num_bytes, from, deadline);
}
static inline void udp_close(struct udp *u)
{
    u->stack->ops->udp_close(u);
}

#endif
