// SPDX-License-Identifier: ISC
#include "tender/gdb.h"
#include "base/checked.h"
#include "base/cursor.h"

_Static_assert(sizeof(((struct gdb_breakpoint *)0)->original) >= 4, "an instruction of any CPU fits");

/* ---- Words of the protocol: hexadecimal, without a prefix */

static int digit_of(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        return (c | 0x20) - 'a' + 10;
    return -1;
}

/* The number in front of `end` (0: the rest), and what is behind it; false: none, or more than 64 bits. */
static bool take_hex(struct span *in, uint8_t end, uint64_t *out)
{
    size_t n = end != 0 ? span_find(*in, end) : in->n;
    uint64_t v = 0;
    if (n == 0 || n > 16 || (end != 0 && n >= in->n))
        return false;
    for (size_t i = 0; i < n; i++) {
        int digit = digit_of(span_at(*in, i));
        if (digit < 0)
            return false;
        v = v << 4 | (uint64_t)digit;
    }
    *in = span_skip(*in, end != 0 ? n + 1 : n);
    *out = v;
    return true;
}

static void put_byte(struct wr *w, uint8_t b)
{
    static const char digits[] = "0123456789abcdef";
    wr_u8(w, (uint8_t)digits[b >> 4]);
    wr_u8(w, (uint8_t)digits[b & 15]);
}

/* Fills all of out; false: too few digits, or none. */
static bool take_bytes(struct span *in, struct mspan out)
{
    if (in->n < 2 * out.n)
        return false;
    for (size_t i = 0; i < out.n; i++) {
        int high = digit_of(span_at(*in, 2 * i)), low = digit_of(span_at(*in, 2 * i + 1));
        if (high < 0 || low < 0)
            return false;
        mspan_put(out, i, (uint8_t)(high << 4 | low));
    }
    *in = span_skip(*in, 2 * out.n);
    return true;
}

static void say_error(struct wr *answer)
{
    wr_bytes(answer, TEXT("E01"));
}
static void say_ok(struct wr *answer)
{
    wr_bytes(answer, TEXT("OK"));
}

/* ---- Registers, in the order of the table, little-endian */

static void put_register(const struct gdb *g, size_t i, struct wr *answer)
{
    for (unsigned b = 0; b < AT(register_table.place, i).num_bytes; b++)
        put_byte(answer, (uint8_t)(g->registers.value[i] >> 8 * b));
}

static bool take_register(struct gdb *g, size_t i, struct span *in)
{
    uint8_t bytes[8] = { 0 };
    uint64_t v = 0;
    if (!take_bytes(in, mspan_first(MSPAN(bytes), AT(register_table.place, i).num_bytes)))
        return false;
    for (unsigned b = 0; b < sizeof bytes; b++)
        v |= (uint64_t)bytes[b] << 8 * b;
    g->registers.value[i] = v;
    g->registers_changed = true;
    return true;
}

static void read_registers(const struct gdb *g, struct wr *answer)
{
    for (size_t i = 0; i < register_table.place.n; i++)
        put_register(g, i, answer);
}

static void write_registers(struct gdb *g, struct span in, struct wr *answer)
{
    for (size_t i = 0; i < register_table.place.n; i++)
        if (!take_register(g, i, &in))
            return say_error(answer);
    say_ok(answer);
}

static void one_register(struct gdb *g, struct span in, bool is_write, struct wr *answer)
{
    uint64_t i;
    if (!take_hex(&in, is_write ? '=' : 0, &i) || i >= register_table.place.n)
        return say_error(answer);
    if (!is_write)
        put_register(g, i, answer);
    else if (take_register(g, i, &in))
        say_ok(answer);
    else
        say_error(answer);
}

/* ---- Memory */

static bool is_memory(const struct gdb *g, uint64_t address, uint64_t n)
{
    return address <= g->memory.n && n <= g->memory.n - address;
}

/* The debugger does not see the breakpoints that it had us set. */
static uint8_t byte_at(const struct gdb *g, uint64_t address)
{
    for (size_t i = 0; i < GDB_BREAKPOINTS_MAX; i++) {
        const struct gdb_breakpoint *b = &g->breakpoint[i];
        if (b->is_set && address - b->address < register_table.breakpoint.n)
            return b->original[address - b->address];
    }
    return span_at(span_of(g->memory), address);
}

static bool take_range(const struct gdb *g, struct span *in, uint8_t end, uint64_t *address, uint64_t *n)
{
    return take_hex(in, ',', address) && take_hex(in, end, n) && is_memory(g, *address, *n);
}

static void read_memory(const struct gdb *g, struct span in, struct wr *answer)
{
    uint64_t address, n;
    if (!take_range(g, &in, 0, &address, &n) || n > (GDB_COMMAND_BYTES - 1) / 2)
        return say_error(answer);
    for (uint64_t i = 0; i < n; i++)
        put_byte(answer, byte_at(g, address + i));
}

static void write_memory(const struct gdb *g, struct span in, struct wr *answer)
{
    uint64_t address, n;
    if (!take_range(g, &in, ':', &address, &n) || !take_bytes(&in, mspan_sub(g->memory, address, n)))
        return say_error(answer);
    say_ok(answer);
}

/* ---- Breakpoints: the instruction's bytes are exchanged */

static void unset(struct gdb *g, struct gdb_breakpoint *b)
{
    struct mspan at = mspan_sub(g->memory, b->address, register_table.breakpoint.n);
    (void)span_copy(at, span_first(SPAN(b->original), at.n));
    b->is_set = false;
}

static struct gdb_breakpoint *find_breakpoint(struct gdb *g, uint64_t address, bool is_set)
{
    for (size_t i = 0; i < GDB_BREAKPOINTS_MAX; i++)
        if (g->breakpoint[i].is_set == is_set && (!is_set || g->breakpoint[i].address == address))
            return &g->breakpoint[i];
    return NULL;
}

static void set_breakpoint(struct gdb *g, uint64_t address, struct wr *answer)
{
    struct gdb_breakpoint *b = find_breakpoint(g, address, false);
    if (find_breakpoint(g, address, true))
        return say_ok(answer);
    if (!b)
        return say_error(answer);
    struct mspan at = mspan_sub(g->memory, address, register_table.breakpoint.n);
    b->address = address;
    b->is_set = true;
    (void)span_copy(MSPAN(b->original), span_of(at));
    (void)span_copy(at, register_table.breakpoint);
    say_ok(answer);
}

/* Z0,ADDRESS,KIND and z0,...; other kinds are not known, which gdb is told by silence. */
static void breakpoint_command(struct gdb *g, struct span in, bool is_set, struct wr *answer)
{
    uint64_t kind, address, size;
    if (!span_starts(in, TEXT("0,")))
        return;
    if (!take_hex(&in, ',', &kind) || !take_hex(&in, ',', &address) || !take_hex(&in, 0, &size) ||
        !is_memory(g, address, register_table.breakpoint.n))
        return say_error(answer);
    if (is_set)
        return set_breakpoint(g, address, answer);
    struct gdb_breakpoint *b = find_breakpoint(g, address, true);
    if (b)
        unset(g, b);
    say_ok(answer);
}

bool gdb_hit_breakpoint(struct gdb *g, struct vm_registers *registers)
{
    uint64_t pc = registers->value[register_table.pc] - register_table.breakpoint.n;
    if (!find_breakpoint(g, pc, true))
        return false;
    registers->value[register_table.pc] = pc;
    return true;
}

void gdb_remove_breakpoints(struct gdb *g)
{
    for (size_t i = 0; i < GDB_BREAKPOINTS_MAX; i++)
        if (g->breakpoint[i].is_set)
            unset(g, &g->breakpoint[i]);
}

/* ---- Commands */

void gdb_say_stop(const struct gdb *g, struct wr *answer)
{
    wr_u8(answer, 'S');
    put_byte(answer, (uint8_t)g->signal);
}

static void query(struct span in, struct wr *answer)
{
    if (span_starts(in, TEXT("Supported")))
        wr_bytes(answer, TEXT("PacketSize=fff;swbreak-"));
    else if (span_starts(in, TEXT("Attached")))
        wr_u8(answer, '1');
    else if (span_eq(in, TEXT("C")))
        wr_bytes(answer, TEXT("QC1"));
    else if (span_eq(in, TEXT("fThreadInfo")))
        wr_bytes(answer, TEXT("m1"));
    else if (span_eq(in, TEXT("sThreadInfo")))
        wr_u8(answer, 'l');
}

/* c, s, C, S: an address to go on from, if there is one; a signal is not passed on, since a guest has none. */
static enum gdb_next go_on(struct gdb *g, struct span in, bool has_signal, enum gdb_next how, struct wr *answer)
{
    uint64_t address;
    if (has_signal)
        in = span_skip(in, span_find(in, ';') + 1);
    if (in.n == 0)
        return how;
    if (!take_hex(&in, 0, &address)) {
        say_error(answer);
        return GDB_STAY;
    }
    g->registers.value[register_table.pc] = address;
    g->registers_changed = true;
    return how;
}

enum gdb_next gdb_command(struct gdb *g, struct span command, struct wr *answer)
{
    struct span in = span_skip(command, 1);
    uint8_t letter = command.n > 0 ? span_at(command, 0) : 0;
    switch (letter) {
    case '?': gdb_say_stop(g, answer); break;
    case 'g': read_registers(g, answer); break;
    case 'G': write_registers(g, in, answer); break;
    case 'p': one_register(g, in, false, answer); break;
    case 'P': one_register(g, in, true, answer); break;
    case 'm': read_memory(g, in, answer); break;
    case 'M': write_memory(g, in, answer); break;
    case 'Z': breakpoint_command(g, in, true, answer); break;
    case 'z': breakpoint_command(g, in, false, answer); break;
    case 'q': query(in, answer); break;
    case 'H': case 'T': say_ok(answer); break;
    case 'c': return go_on(g, in, false, GDB_CONTINUE, answer);
    case 's': return go_on(g, in, false, GDB_STEP, answer);
    case 'C': return go_on(g, in, true, GDB_CONTINUE, answer);
    case 'S': return go_on(g, in, true, GDB_STEP, answer);
    case 'D': say_ok(answer); gdb_remove_breakpoints(g); return GDB_DETACH;
    case 'k': return GDB_KILL;
    default: break;                 /* an empty answer: not known */
    }
    return GDB_STAY;
}
