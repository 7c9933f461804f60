// SPDX-License-Identifier: ISC
/* machine.h - private to platform/hvt: descriptor tables and traps of x86_64. Nothing but faults traps here: no interrupt is
 * ever open. */
#ifndef PLATFORM_HVT_X86_64_MACHINE_H
#define PLATFORM_HVT_X86_64_MACHINE_H
#include "arch/machine.h"

/* As trap.S pushes it, and the CPU before that. */
struct machine_fault {
    uint64_t r15, r14, r13, r12, r11, r10, r9, r8, rdi, rsi, rbp, rbx, rdx, rcx, rax;
    uint64_t vector, error;
    uint64_t rip, cs, rflags, rsp, ss;
};
enum machine_vector {
    VECTOR_DIVIDE = 0,
    VECTOR_INVALID_OPCODE = 6,
    VECTOR_DOUBLE_FAULT = 8,
    VECTOR_PROTECTION = 13,
    VECTOR_PAGE_FAULT = 14,
};
enum machine_page_fault {       /* bits of `error` */
    PAGE_FAULT_WRITE = 2,
    PAGE_FAULT_EXECUTE = 16,
};
/* Loads descriptor tables of our own, which lie in these pages: afterwards they may be read-only. The stack for
 * faults is apart. */
#define MACHINE_TABLES_BYTES PAGE_BYTES
void machine_load_tables(struct mspan page);
/* Whether the CPU knows no-execute pages; if so they are switched on. */
bool machine_enable_no_execute(void);

#endif
