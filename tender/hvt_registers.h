// SPDX-License-Identifier: ISC
/* hvt_registers.h - the registers of a guest's CPU as gdb numbers them, and where a core file has them. One table for each CPU:
 * hvt_registers_x86_64.c, hvt_registers_aarch64.c. */
#ifndef TENDER_HVT_REGISTERS_H
#define TENDER_HVT_REGISTERS_H
#include "base/span.h"

#define REGISTERS_MAX 34u
#define REGISTER_NOWHERE 0xffu

struct vm_registers {
    uint64_t value[REGISTERS_MAX];
};
struct register_place {
    uint8_t num_bytes;          /* in gdb's packets */
    uint8_t core;               /* index in the core's pr_reg, or REGISTER_NOWHERE */
};
struct register_table {
    SLICE(const struct register_place) place;
    unsigned pc, sp, fp;
    unsigned num_core;          /* words of pr_reg */
    struct span breakpoint;     /* an instruction that ends vm_run as VM_EXIT_HALT, the CPU being behind it */
};
extern const struct register_table register_table;

#endif
