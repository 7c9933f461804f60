// SPDX-License-Identifier: ISC
/* sys/stat.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_STAT_H
#define BSD_SYS_STAT_H
#include <sys/types.h>
struct stat { mode_t st_mode; char others[256]; };
#define S_ISREG(m) (((m) & 0170000) == 0100000)
#define S_ISBLK(m) (((m) & 0170000) == 0060000)
int fstat(int, struct stat *);
#endif
