// SPDX-License-Identifier: ISC
/* sys/wait.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SYS_WAIT_H
#define BSD_SYS_WAIT_H
#include <sys/types.h>
#define WIFEXITED(s) (((s) & 0177) == 0)
#define WEXITSTATUS(s) ((s) >> 8 & 0377)
#define WTERMSIG(s) ((s) & 0177)
pid_t waitpid(pid_t, int *, int);
#endif
