// SPDX-License-Identifier: ISC
/* netinet/in.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_NETINET_IN_H
#define BSD_NETINET_IN_H
#include <stdint.h>
#include <sys/socket.h>
struct in_addr { uint32_t s_addr; };
struct sockaddr_in { unsigned char sin_len; sa_family_t sin_family; uint16_t sin_port; struct in_addr sin_addr; char sin_zero[8]; };
#define INADDR_LOOPBACK 0x7f000001u
#define IPPROTO_TCP 6
#endif
