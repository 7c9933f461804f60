// SPDX-License-Identifier: ISC
#include "tender/hvt_registers.h"

/* gdb: rax rbx rcx rdx rsi rdi rbp rsp r8-r15 rip eflags cs ss ds es fs gs. Core: the kernel's struct user_regs_struct. */
static const struct register_place places[] = {
    { 8, 10 }, { 8, 5 }, { 8, 11 }, { 8, 12 }, { 8, 13 }, { 8, 14 }, { 8, 4 }, { 8, 19 },
    { 8, 9 }, { 8, 8 }, { 8, 7 }, { 8, 6 }, { 8, 3 }, { 8, 2 }, { 8, 1 }, { 8, 0 },
    { 8, 16 }, { 4, 18 }, { 4, 17 }, { 4, 20 }, { 4, 23 }, { 4, 24 }, { 4, 25 }, { 4, 26 },
};
/* Privileged, one byte, and an exit under every hypervisor; int3 would need the hypervisor to watch exceptions. */
static const uint8_t hlt[] = { 0xf4 };

const struct register_table register_table = {
    .place = { places, NUM_OF(places) },
    .pc = 16,
    .sp = 7,
    .fp = 6,
    .num_core = 27,
    .breakpoint = { hlt, sizeof hlt },
};
