// SPDX-License-Identifier: ISC
/* poll.h - what the tender uses of a BSD's header of this name: declarations enough to compile it. Never for a build that runs. */
#ifndef BSD_POLL_H
#define BSD_POLL_H
#define POLLIN 1
struct pollfd { int fd; short events, revents; };
int poll(struct pollfd *, unsigned, int);
#endif
