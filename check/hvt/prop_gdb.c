// SPDX-License-Identifier: ISC
/* prop_gdb.c - whatever a debugger says, no byte outside the guest's memory is touched, and what it had set can be taken away.
 * Input: commands, each up to a zero. */
#include "check/any.h"
#include "tender/gdb.h"

#define MEMORY_BYTES 512u

PROPERTY(prop_gdb, 4096)
{
    static uint8_t memory[MEMORY_BYTES], answer[GDB_COMMAND_BYTES];
    struct gdb g = { .memory = MSPAN(memory) };
    while (in.n > 0) {
        struct span command = span_first(in, span_find(in, 0));
        struct wr w = wr_of(MSPAN(answer));
        (void)gdb_command(&g, command, &w);
        (void)gdb_hit_breakpoint(&g, &g.registers);
        in = span_skip(in, command.n + 1);
    }
    gdb_remove_breakpoints(&g);
    for (size_t i = 0; i < GDB_BREAKPOINTS_MAX; i++)
        CHECK(!g.breakpoint[i].is_set);
}
