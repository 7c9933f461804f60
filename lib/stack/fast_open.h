// SPDX-License-Identifier: ISC
/* fast_open.h - TCP Fast Open (RFC 7413) of a stack: the first bytes of a connection come with its SYN, so that a request is answered
 * one round trip earlier. For requests alone that may be served twice: a SYN that the network delivers twice brings its bytes twice,
 * as two connections (section 2.1).
 *
 * An image has the side that it calls, some 4 KB each. */
#ifndef LIB_STACK_FAST_OPEN_H
#define LIB_STACK_FAST_OPEN_H
#include "interface/stack.h"
#include "lib/tcp/fast_open.h"

#define STACK_FAST_OPEN_PENDING 64      /* connections whose peer has not shown yet that it receives what we send */

enum stack_cookies {
    STACK_COOKIES,
    STACK_NO_COOKIES,                   /* text comes and goes without them: for networks where nobody forges addresses */
};
struct stack_fast_open {                /* all zero: what is usual */
    struct tcp_fast_open_keys keys;     /* of the cookies; all zero: of the stack's own, until it starts anew */
    uint16_t num_pending_max;           /* 0: STACK_FAST_OPEN_PENDING; those beyond it open in the usual way */
    enum stack_cookies cookies;
};
/* A port that is listened at gives cookies to those who ask, and takes text from those who show one; again, for other keys. Until
 * tcp_unlisten. E_INVALID: nobody listens there. E_NOMEM. E_UNSUPPORTED: another implementation of stacks (the host's sockets). */
MUST_CHECK err stack_listen_fast(struct stack *s, uint16_t port, const struct stack_fast_open *o);
/* As tcp_connect, and `first` written: as much of it goes with the SYN as the peer takes, once it has given a cookie, which the first
 * connection to it asks for; all the rest follows. Errors as those of tcp_connect and flow_write; then there is no flow. With another
 * implementation of stacks it is those two calls. */
MUST_CHECK err stack_connect_fast(struct stack *s, const struct endpoint *to, struct span first, enum stack_cookies cookies,
                                  nanos deadline, struct flow **flow);
/* NULL: neither was ever called. */
const struct tcp_fast_open_stats *stack_fast_open_stats(const struct stack *s);

#endif
