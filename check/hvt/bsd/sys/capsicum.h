// SPDX-License-Identifier: ISC
/* sys/capsicum.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_CAPSICUM_H
#define BSD_SYS_CAPSICUM_H
#include <stddef.h>
int cap_enter(void);
int cap_ioctls_limit(int, const unsigned long *, size_t);
#endif
