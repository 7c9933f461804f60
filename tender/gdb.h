// SPDX-License-Identifier: ISC
/* gdb.h - what a debugger may ask of a stopped guest, by gdb's remote serial protocol (GDB manual, appendix E). Pure: a command
 * comes in, the answer goes out, both without their frames; the socket is gdb_serve.c's. The debugger is trusted with the
 * guest and with nothing else: every address is checked against the guest's memory. */
#ifndef TENDER_GDB_H
#define TENDER_GDB_H
#include "base/writer.h"
#include "tender/hvt_registers.h"

#define GDB_COMMAND_BYTES 4096u
#define GDB_BREAKPOINTS_MAX 64u

struct gdb_breakpoint {
    uint64_t address;
    uint8_t original[4];
    bool is_set;
};
struct gdb {
    struct mspan memory;            /* the guest's, from address 0, writable */
    struct vm_registers registers;  /* read when the guest stopped, written when it goes on */
    bool registers_changed;
    unsigned signal;                /* why the guest stopped, as gdb numbers it */
    struct gdb_breakpoint breakpoint[GDB_BREAKPOINTS_MAX];
};
enum gdb_next {
    GDB_STAY,                       /* answered; the guest stays stopped */
    GDB_CONTINUE,
    GDB_STEP,
    GDB_DETACH,                     /* answered; the guest goes on by itself */
    GDB_KILL,
};
#define GDB_SIGINT 2u
#define GDB_SIGTRAP 5u
#define GDB_SIGSEGV 11u

enum gdb_next gdb_command(struct gdb *g, struct span command, struct wr *answer);
/* Why it stopped: T05 and so on. */
void gdb_say_stop(const struct gdb *g, struct wr *answer);
/* Whether the guest has just run a breakpoint; if so it is put back in front of it. */
MUST_CHECK bool gdb_hit_breakpoint(struct gdb *g, struct vm_registers *registers);
void gdb_remove_breakpoints(struct gdb *g);

#endif
