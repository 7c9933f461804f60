// SPDX-License-Identifier: ISC
/* machine.h - what only an image that has the CPU for itself may do: faults, page tables, the thread pointer. Kept by one folder
 * for each CPU; of x86_64's, the platform keeps the faults and the thread pointer, as a PC and a hypervisor's guest begin differently.
 * Nothing but faults traps here: no interrupt is ever taken. */
#ifndef ARCH_MACHINE_H
#define ARCH_MACHINE_H
#include "arch/pages.h"
#include "base/writer.h"

/* ---- Faults */

struct machine_fault;           /* the registers, as the folder's trap.S lays them down */
enum machine_fault_kind {
    FAULT_READ,                 /* of data, at .address */
    FAULT_WRITE,
    FAULT_EXECUTE,
    FAULT_INSTRUCTION,          /* that is none, or a check of the compiler's */
    FAULT_DIVIDE,               /* by zero, on CPUs that mind */
    FAULT_FLOAT,
    FAULT_IMPOSSIBLE,           /* an address that cannot be */
    FAULT_ALIGNMENT,
    FAULT_STACK,                /* there was no room to tell of another fault */
    FAULT_OTHER,
};
struct machine_fault_facts {
    enum machine_fault_kind kind;
    uint64_t number;            /* the CPU's own for it */
    uintptr_t at, address;      /* the instruction; what it reached for, of the first three kinds */
    uintptr_t frame, stack;     /* for a backtrace */
};
/* Kept by the platform: called on a stack of its own at any fault. On return the fault's instruction is tried again. */
void machine_fault(struct machine_fault *f);
struct machine_fault_facts machine_fault_facts(const struct machine_fault *f);
/* "name value" of every register, some to a line. */
void machine_fault_write(const struct machine_fault *f, struct wr *w);
/* On return, it is as if the function at fault had called this one. */
void machine_fault_call(struct machine_fault *f, void (*function)(const char *), const char *text);
/* From now on faults are caught. Runs on the stack that is to be kept apart from that of faults. */
void machine_catch_faults(void);

/* ---- Memory */

/* Switches to these tables: `root` is the address of the first one. */
void machine_use_tables(uint64_t root);
/* After an entry for this address was filled in that was not present before. */
void machine_page_appeared(uint64_t address);

void machine_set_thread_pointer(uintptr_t v);

#endif
