// SPDX-License-Identifier: ISC
/* debug.h - gdb and strace around a guest. */
#ifndef CLI_DEBUG_H
#define CLI_DEBUG_H
#include "cli/run.h"

/* gdb's words up to the program that it is to debug; is_loaded: by a tender, so that the image's symbols are in a file of their own. */
void debug_add_gdb(struct words *argv, const char *image, bool is_loaded);
/* Where QEMU is to wait for the debugger: a socket in a folder of its own. */
const char *debug_socket(void);
/* Starts the machine, which waits at that socket, and gdb in the foreground; ends the machine with it. gdb's status. */
int debug_machine(struct running *r, const char *image, const char *socket);
/* The same for a virtual CPU, whose tender waits at that port of 127.0.0.1. */
int debug_cpu(struct running *r, const char *image, uint16_t port);

#endif
