// SPDX-License-Identifier: ISC
/* netinet/tcp.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_NETINET_TCP_H
#define BSD_NETINET_TCP_H
#define TCP_NODELAY 1
#endif
