// SPDX-License-Identifier: ISC
/* errno.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_ERRNO_H
#define BSD_ERRNO_H
#ifdef __FreeBSD__
int *__error(void);
#define errno (*__error())
#else
int *__errno(void);
#define errno (*__errno())
#endif
#define EINTR 4
#define EIO 5
#define EAGAIN 35
#define ENOBUFS 55
#define ENOSYS 78
#endif
