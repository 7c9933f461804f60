// SPDX-License-Identifier: ISC
/* sys/socket.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_SOCKET_H
#define BSD_SYS_SOCKET_H
#include <sys/types.h>
typedef unsigned socklen_t;
typedef unsigned char sa_family_t;
struct sockaddr { unsigned char sa_len; sa_family_t sa_family; char sa_data[14]; };
#define AF_UNIX 1
#define AF_INET 2
#define SOCK_STREAM 1
#ifdef __FreeBSD__
#define SOCK_CLOEXEC 0x10000000
#define MSG_NOSIGNAL 0x20000
#else
#define SOCK_CLOEXEC 0x8000
#define MSG_NOSIGNAL 0x400
#endif
#define SOL_SOCKET 0xffff
#define SO_REUSEADDR 4
#define SO_SNDBUF 0x1001
#define SO_TYPE 0x1008
#define MSG_DONTWAIT 0x80
int socket(int, int, int);
int bind(int, const struct sockaddr *, socklen_t);
int connect(int, const struct sockaddr *, socklen_t);
int listen(int, int);
int accept(int, struct sockaddr *, socklen_t *);
int setsockopt(int, int, int, const void *, socklen_t);
int getsockopt(int, int, int, void *, socklen_t *);
ssize_t recv(int, void *, size_t, int);
ssize_t send(int, const void *, size_t, int);
#endif
