// SPDX-License-Identifier: ISC
/* sockets.h - `struct stack` (interface/stack.h) over the sockets of the host, on the target `unix`: the same program runs without
 * a device and without root, on the addresses and ports of the machine. Its s->address is 127.0.0.1/8.
 *
 * Sockets are IPv6 sockets that speak IPv4 as well; an address of either is the same 16 bytes on both sides. At most
 * SOCKETS_CONNS connections and SOCKETS_UDP_PORTS ports; more are refused. */
#ifndef LIB_SOCKETS_SOCKETS_H
#define LIB_SOCKETS_SOCKETS_H
#include "interface/stack.h"

#define SOCKETS_CONNS 256
#define SOCKETS_LISTENERS 16
#define SOCKETS_UDP_PORTS 64
#define SOCKETS_BUFFER_BYTES 16384      /* of each connection, for what was received */

/* Its fibers, one to watch and STACK_WORKERS to run services, belong to the calling one. E_NOMEM; E_IN_USE: there is one; E_IO. */
MUST_CHECK err sockets_open(struct stack **out);
void sockets_close(struct stack *s);

#endif
