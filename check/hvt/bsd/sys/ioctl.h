// SPDX-License-Identifier: ISC
/* sys/ioctl.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_IOCTL_H
#define BSD_SYS_IOCTL_H
int ioctl(int, unsigned long, ...);
#endif
