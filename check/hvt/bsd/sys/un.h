// SPDX-License-Identifier: ISC
/* sys/un.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_UN_H
#define BSD_SYS_UN_H
#include <sys/socket.h>
struct sockaddr_un { unsigned char sun_len; sa_family_t sun_family; char sun_path[104]; };
#endif
