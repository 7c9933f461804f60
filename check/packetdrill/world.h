// SPDX-License-Identifier: ISC
/* world.h - the TCP engine on a clock that stands still until packetdrill waits: two threads of packetdrill's call, one
 * of them for system calls that block. Everything here is done while the lock is held.
 *
 * Time passes from deadline to deadline, and only once a blocked call has had its turn at each, so that a script takes the
 * same course every time. */
#ifndef CHECK_PACKETDRILL_WORLD_H
#define CHECK_PACKETDRILL_WORLD_H
#include "lib/tcp/tcp.h"

#define WORLD_USECS(ns) ((long long)((ns) / 1000))

extern struct tcp *world_tcp;
extern struct packet_pool world_packets;
extern nanos world_now;

void world_enter(void);         /* takes the lock */
void world_start(void);         /* with what the script has set by now; at every new socket */
void world_leave(void);         /* what has come about is done, and told to a blocked call; gives the lock back */
/* Waits within a call until something has come about, or the time has come. false: it has. */
MUST_CHECK bool world_wait(nanos deadline);
/* Lets time pass; what is sent meanwhile waits in the queue. */
void world_advance(nanos to);
/* Lets time pass until a packet is in the queue; false: none will come. */
MUST_CHECK bool world_advance_to_packet(void);
/* Packetdrill is told what the blocked call has returned with, for which it waits in the time of this machine. Without the lock. */
void world_let_return(void);
void world_look(void);          /* packetdrill looks at the clock; each look takes a moment, since it waits by looking, too */

/* ---- wire.c: IP packets */
void wire_input(struct span packet);
/* Everything that the engine has to send goes into the queue. */
void wire_output(void);
/* The oldest packet in the queue; false: there is none. */
MUST_CHECK bool wire_take(struct mspan out, size_t *num_bytes, nanos *at);
bool wire_is_empty(void);

/* ---- socket.c */
bool sockets_go_on(void);       /* of what was written, the engine has got more to send */
void sockets_news(void);        /* of the engine's connections, for their sockets */

#endif
