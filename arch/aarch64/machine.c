// SPDX-License-Identifier: ISC
/* machine.c - EL1 of AArch64 (Arm ARM, sections D1.3 and D8, and its system registers): faults, translation, the thread
 * pointer. The image runs on SP_EL0, faults on SP_EL1. */
#include "arch/machine.h"
#include "arch/common/registers.h"

#define FAULT_STACK_BYTES 8192u
#define MAIR_MEMORY_DEVICE UINT64_C(0x04ff)         /* 0: write-back; 1: nGnRE */
/* 39 bits by TTBR0, none by TTBR1; walks by the caches, inner shareable. */
#define TCR_39_BITS (UINT64_C(25) | UINT64_C(0x3500) | UINT64_C(1) << 23)
#define TCR_SIZE_SHIFT 32
#define SIZE_MAX_48_BITS UINT64_C(5)
#define SCTLR_RESERVED UINT64_C(0x30d00800)
#define SCTLR_OFF (SCTLR_RESERVED | UINT64_C(0x1000))       /* I */
#define SCTLR_ON (SCTLR_RESERVED | UINT64_C(0x100d) | UINT64_C(1) << 19)     /* M, C, SA, I, WXN */

enum {                          /* exception classes, of ESR_EL1 */
    CLASS_UNKNOWN = 0x00,
    CLASS_EXECUTE = 0x21,
    CLASS_PC_ALIGNMENT = 0x22,
    CLASS_DATA = 0x25,
    CLASS_SP_ALIGNMENT = 0x26,
    CLASS_BREAKPOINT = 0x3c,
};
#define CLASS_OF(esr) ((esr) >> 26 & 0x3f)
#define IS_WRITE(esr) (((esr) & 0x40) != 0)
#define STATUS_OF(esr) ((esr)&0x3f)
#define STATUS_ALIGNMENT 0x21u

struct machine_fault {
    uint64_t x[31], sp, pc, pstate, syndrome, address;
    uint64_t v[2 * 32], fpsr, fpcr;
};
_Static_assert(sizeof(struct machine_fault) == 816, "trap.S says so");

extern uint8_t machine_vectors[];
static uint8_t fault_stack[FAULT_STACK_BYTES] __attribute__((aligned(16)));

void machine_catch_faults(void)
{
    __asm__ volatile("msr vbar_el1, %0\n\t"
                     "msr spsel, #1\n\t"
                     "mov sp, %1\n\t"
                     "msr spsel, #0\n\t"
                     "isb"
                     : : "r"(machine_vectors), "r"((uintptr_t)fault_stack + sizeof fault_stack) : "memory");
}

static enum machine_fault_kind kind_of(uint64_t syndrome)
{
    switch (CLASS_OF(syndrome)) {
    case CLASS_UNKNOWN:
    case CLASS_BREAKPOINT:   return FAULT_INSTRUCTION;
    case CLASS_EXECUTE:      return FAULT_EXECUTE;
    case CLASS_DATA:
        return STATUS_OF(syndrome) == STATUS_ALIGNMENT ? FAULT_ALIGNMENT : IS_WRITE(syndrome) ? FAULT_WRITE : FAULT_READ;
    case CLASS_PC_ALIGNMENT:
    case CLASS_SP_ALIGNMENT: return FAULT_ALIGNMENT;
    default:                 return FAULT_OTHER;
    }
}

struct machine_fault_facts machine_fault_facts(const struct machine_fault *f)
{
    return (struct machine_fault_facts){
        .kind = kind_of(f->syndrome), .number = CLASS_OF(f->syndrome),
        .at = f->pc, .address = f->address, .frame = f->x[29], .stack = f->sp,
    };
}

void machine_fault_write(const struct machine_fault *f, struct wr *w)
{
    arch_write_register(w, "\n  pc  ", f->pc);
    arch_write_register(w, " sp  ", f->sp);
    arch_write_register(w, " far ", f->address);
    arch_write_register(w, " esr ", f->syndrome);
    arch_write_numbered(w, "x", f->x, NUM_OF(f->x));
}

void machine_fault_call(struct machine_fault *f, void (*function)(const char *), const char *text)
{
    f->sp &= ~UINT64_C(15);
    f->x[30] = f->pc;
    f->x[0] = (uintptr_t)text;
    f->pc = (uintptr_t)function;
}

/* Tables in memory before they are used. */
static void synchronize(void)
{
    __asm__ volatile("dsb ish\n\tisb" : : : "memory");
}

/* With translation off for a few instructions, none of which reaches for memory: what was before may differ in everything. */
void machine_use_tables(uint64_t root)
{
    uint64_t features;
    __asm__("mrs %0, id_aa64mmfr0_el1" : "=r"(features));
    uint64_t size = features & 15;
    size = size > SIZE_MAX_48_BITS ? SIZE_MAX_48_BITS : size;
    synchronize();
    __asm__ volatile("msr sctlr_el1, %0\n\tisb\n\t"
                     "msr mair_el1, %1\n\tmsr tcr_el1, %2\n\tmsr ttbr0_el1, %3\n\tisb\n\t"
                     "tlbi vmalle1\n\tdsb ish\n\tisb\n\t"
                     "msr sctlr_el1, %4\n\tisb"
                     : : "r"(SCTLR_OFF), "r"(MAIR_MEMORY_DEVICE), "r"(TCR_39_BITS | size << TCR_SIZE_SHIFT), "r"(root), "r"(SCTLR_ON)
                     : "memory");
}

void machine_page_appeared(uint64_t address)
{
    __asm__ volatile("dsb ishst\n\ttlbi vaae1, %0\n\tdsb ish\n\tisb" : : "r"(address >> 12) : "memory");
}

__attribute__((no_stack_protector)) void machine_set_thread_pointer(uintptr_t v)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(v));
}
