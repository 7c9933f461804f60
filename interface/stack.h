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
#include "interface/choices.h"
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
struct udp_options {            /* all zero: what is usual */
    uint8_t hop_limit;          /* of what is sent to one station (TTL in IPv4); 0: the stack's */
    uint8_t multicast_hops;     /* and to a group; 0: 1, so that it stays on the link */
    uint8_t traffic_class;      /* DSCP in the upper six bits (RFC 2474), ECN in the lower two */
};
struct stack;
/* TCP services are what every stack has. What else an implementation offers is linked into an image where something calls
 * it: those functions stand in lib/stack. */
struct stack_ops {
    err (*tcp_listen)(struct stack *s, uint16_t port, struct service *service);
    void (*tcp_unlisten)(struct stack *s, uint16_t port);
    err (*tcp_connect)(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline, struct flow **flow);
    err (*tcp_set)(struct stack *s, struct flow *flow, uint16_t port, const struct tcp_choices *choices);   /* flow NULL: of a port */
    err (*udp_open)(struct stack *s, uint16_t port, struct udp **udp);
    err (*udp_connect)(struct udp *u, const struct endpoint *peer);
    void (*udp_set)(struct udp *u, const struct udp_options *o);
    err (*udp_join)(struct udp *u, const struct ip *group, const struct ip_sources *sources);
    void (*udp_leave)(struct udp *u, const struct ip *group);
    err (*udp_send)(struct udp *u, const struct ip *source, const struct endpoint *to, struct span datagram);
    err (*udp_receive)(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at, nanos deadline);
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
/* E_REFUSED, E_UNREACHABLE, E_NOMEM (no connection, or no local port, left). The caller closes the flow. The stack's own
 * addresses are there to be connected to, and 127.0.0.1 and ::1. */
MUST_CHECK err tcp_connect(struct stack *s, const struct endpoint *to, nanos deadline, struct flow **flow);
/* The same with choices of its own, of the handshake, too. E_UNSUPPORTED: as below. */
MUST_CHECK err tcp_connect_with(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline,
                                struct flow **flow);
/* Choices for a connection of tcp_connect or of a service, in place of those before. Corked text goes out where the cork is gone.
 * E_INVALID: the flow is something else, or closed. E_UNSUPPORTED: the host's sockets stand in for a network, and lack it. */
MUST_CHECK err tcp_set(struct stack *s, struct flow *flow, const struct tcp_choices *choices);
/* And for those that the service at a port accepts from now on. E_INVALID: there is none. */
MUST_CHECK err tcp_set_port(struct stack *s, uint16_t port, const struct tcp_choices *choices);
/* Port 0: any free one. E_IN_USE, E_NOMEM. */
MUST_CHECK err udp_open(struct stack *s, uint16_t port, struct udp **udp);
/* From now on datagrams of this peer alone are received, and the errors that the network tells about what was sent
 * there: E_REFUSED where nobody listens, E_UNREACHABLE. Each is returned once, by the next udp_receive or udp_send. Port 0: of
 * everybody again, and no errors, as before. E_UNREACHABLE: there is no way to it. */
MUST_CHECK static inline err udp_connect(struct udp *u, const struct endpoint *peer)
{
    return u->stack->ops->udp_connect(u, peer);
}
static inline void udp_set(struct udp *u, const struct udp_options *o)
{
    u->stack->ops->udp_set(u, o);
}
/* Receives what is sent to the group and this port, until udp_leave or udp_close. E_INVALID: no group. E_NOMEM: the stack is in as many
 * as it can. */
MUST_CHECK err udp_join(struct udp *u, const struct ip *group);
/* The same from these sources alone, or from all but these (RFC 3376, 3810), instead of what was said of the group before; nobody: leaves
 * it. E_INVALID, too: more than IP_SOURCES_MAX, or sources of another family. */
MUST_CHECK err udp_join_sources(struct udp *u, const struct ip *group, const struct ip_sources *sources);
static inline void udp_leave(struct udp *u, const struct ip *group)
{
    u->stack->ops->udp_leave(u, group);
}
/* To a station, a group or a broadcast address (255.255.255.255, that of a network). E_INVALID: port 0, or more than a datagram holds
 * (65507 bytes). E_UNREACHABLE: no way leads there. Sending never blocks; a full device drops. */
MUST_CHECK static inline err udp_send(struct udp *u, const struct endpoint *to, struct span datagram)
{
    return u->stack->ops->udp_send(u, NULL, to, datagram);
}
/* The same from an address of ours, as an answer should be where there are several: `source` is what udp_receive_at gave; a group
 * or a broadcast address stands for the usual one. E_INVALID: it is not ours. */
MUST_CHECK static inline err udp_send_from(struct udp *u, const struct ip *source, const struct endpoint *to, struct span datagram)
{
    return u->stack->ops->udp_send(u, source, to, datagram);
}
/* One datagram; what exceeds `out` is cut off, and num_bytes says the whole length. */
MUST_CHECK static inline err udp_receive(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, nanos deadline)
{
    return u->stack->ops->udp_receive(u, out, num_bytes, from, NULL, deadline);
}
/* The same, with the address that it was sent to. */
MUST_CHECK static inline err udp_receive_at(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at,
                                            nanos deadline)
{
    return u->stack->ops->udp_receive(u, out, num_bytes, from, at, deadline);
}
static inline void udp_close(struct udp *u)
{
    u->stack->ops->udp_close(u);
}

#endif
