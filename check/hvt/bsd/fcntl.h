// SPDX-License-Identifier: ISC
/* fcntl.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_FCNTL_H
#define BSD_FCNTL_H
#include <sys/types.h>
#define O_RDONLY 0x0
#define O_WRONLY 0x1
#define O_RDWR 0x2
#define O_NONBLOCK 0x4
#define O_ASYNC 0x40
#define O_CREAT 0x200
#define O_EXCL 0x800
#ifdef __FreeBSD__
#define O_DIRECTORY 0x20000
#define O_CLOEXEC 0x100000
#else
#define O_DIRECTORY 0x20000
#define O_CLOEXEC 0x10000
#endif
#define F_SETFL 4
#define F_SETOWN 6
int open(const char *, int, ...);
int openat(int, const char *, int, ...);
int fcntl(int, int, ...);
#endif
