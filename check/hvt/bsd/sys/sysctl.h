// SPDX-License-Identifier: ISC
/* sys/sysctl.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_SYSCTL_H
#define BSD_SYS_SYSCTL_H
#include <stddef.h>
#define CTL_MACHDEP 7
int sysctl(const int *, unsigned, void *, size_t *, void *, size_t);
#ifdef __FreeBSD__
int sysctlbyname(const char *, void *, size_t *, const void *, size_t);
#endif
#endif
