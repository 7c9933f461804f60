// SPDX-License-Identifier: ISC
/* signal.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_SIGNAL_H
#define BSD_SIGNAL_H
#include <sys/types.h>
#define SIGINT 2
#define SIGABRT 6
#define SIGSEGV 11
#define SIGPIPE 13
#define SIGTERM 15
#define SIGIO 23
#define SIGXFSZ 25
#define SIG_DFL ((void (*)(int))0)
#define SIG_IGN ((void (*)(int))1)
typedef struct { unsigned bits[4]; } sigset_t;
struct sigaction { void (*sa_handler)(int); int sa_flags; sigset_t sa_mask; };
void (*signal(int, void (*)(int)))(int);
int sigaction(int, const struct sigaction *, struct sigaction *);
int kill(pid_t, int);
#endif
