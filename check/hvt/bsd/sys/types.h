// SPDX-License-Identifier: ISC
/* sys/types.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_TYPES_H
#define BSD_SYS_TYPES_H
#include <stddef.h>
#include <stdint.h>
typedef long ssize_t;
typedef int64_t off_t;
typedef int pid_t;
typedef unsigned uid_t, gid_t, mode_t;
#endif
