// SPDX-License-Identifier: ISC
/* gdb_serve.h - a debugger's connection: one gdb, on a port of this machine's loopback. */
#ifndef TENDER_GDB_SERVE_H
#define TENDER_GDB_SERVE_H
#include "tender/gdb.h"
#include "tender/hvt_vm.h"

struct debugger {
    int fd;                         /* -1: there is none, or it went away */
    struct gdb gdb;
    uint8_t in[GDB_COMMAND_BYTES];
    struct span unread;             /* of in */
};
/* Waits until a gdb connects. From then on SIGIO comes when it says something. */
MUST_CHECK err debugger_open(struct debugger *d, uint16_t port, struct message *why);
/* The guest has stopped: serves the debugger until it may go on. false: the debugger ends it. */
MUST_CHECK bool debugger_serve(struct debugger *d, struct vm *vm, unsigned signal);
/* The CPU has halted: whether by a breakpoint, and then it stands in front of it. */
MUST_CHECK bool debugger_hit_breakpoint(struct debugger *d, struct vm *vm);
/* Whether the debugger wants the running guest to stop. */
bool debugger_interrupts(struct debugger *d);
void debugger_say_end(struct debugger *d, int status);

#endif
