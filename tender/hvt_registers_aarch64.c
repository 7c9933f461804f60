// SPDX-License-Identifier: ISC
#include "tender/hvt_registers.h"

/* gdb: x0-x30 sp pc cpsr. Core: the kernel's struct user_pt_regs, in the same order. */
static const struct register_place places[] = {
    { 8, 0 }, { 8, 1 }, { 8, 2 }, { 8, 3 }, { 8, 4 }, { 8, 5 }, { 8, 6 }, { 8, 7 },
    { 8, 8 }, { 8, 9 }, { 8, 10 }, { 8, 11 }, { 8, 12 }, { 8, 13 }, { 8, 14 }, { 8, 15 },
    { 8, 16 }, { 8, 17 }, { 8, 18 }, { 8, 19 }, { 8, 20 }, { 8, 21 }, { 8, 22 }, { 8, 23 },
    { 8, 24 }, { 8, 25 }, { 8, 26 }, { 8, 27 }, { 8, 28 }, { 8, 29 }, { 8, 30 },
    { 8, 31 }, { 8, 32 }, { 4, 33 },
};
_Static_assert(NUM_OF(places) <= REGISTERS_MAX, "they fit");
static const uint8_t brk[] = { 0x00, 0x00, 0x20, 0xd4 };

const struct register_table register_table = {
    .place = { places, NUM_OF(places) },
    .pc = 32,
    .sp = 31,
    .fp = 29,
    .num_core = 34,
    .breakpoint = { brk, sizeof brk },
};
