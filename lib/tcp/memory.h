// SPDX-License-Identifier: ISC
/* memory.h - the one place of lib/tcp where memory gets its types. */
#ifndef LIB_TCP_MEMORY_H
#define LIB_TCP_MEMORY_H
#include "lib/packet/packet.h"

struct tcp_config;
struct tcp;
struct tcp_conn;
/* The engine in its memory, all of it zero but the configuration and the places of things. */
struct tcp *tcp_carve(const struct tcp_config *cfg, struct mspan memory);
/* The next place of a connection that was never used, with the memory of its send queue; NULL: none is left. */
struct tcp_conn *tcp_fresh_conn(struct tcp *t);
/* The room behind a packet's view. */
struct mspan tcp_packet_room(struct packet *p);
/* Lengthens the view by n bytes of that room. */
void tcp_packet_extend(struct packet *p, size_t n);

#endif
