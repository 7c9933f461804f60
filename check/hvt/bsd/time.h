// SPDX-License-Identifier: ISC
/* time.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_TIME_H
#define BSD_TIME_H
#include <sys/types.h>
struct timespec { int64_t tv_sec; long tv_nsec; };
#define CLOCK_REALTIME 0
int clock_gettime(int, struct timespec *);
#endif
