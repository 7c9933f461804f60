// SPDX-License-Identifier: ISC
/* machine.c - supervisor mode of RISC-V (privileged architecture 1.12, chapter 4): faults, Sv39, the thread pointer. sscratch holds the
 * end of the stack for faults. */
#include "arch/machine.h"
#include "arch/common/registers.h"

#define FAULT_STACK_BYTES 8192u
#define SATP_SV39 (UINT64_C(8) << 60)

enum {                          /* scause */
    FETCH_MISALIGNED = 0,
    FETCH_ACCESS = 1,
    ILLEGAL = 2,
    BREAKPOINT = 3,
    LOAD_MISALIGNED = 4,
    LOAD_ACCESS = 5,
    STORE_MISALIGNED = 6,
    STORE_ACCESS = 7,
    FETCH_PAGE = 12,
    LOAD_PAGE = 13,
    STORE_PAGE = 15,
};
enum { RA = 1, SP = 2, TP = 4, S0 = 8, A0 = 10 };

struct machine_fault {
    uint64_t x[32], pc, status, cause, address;     /* x[0] is not used */
    uint64_t f[32], fcsr, unused;
};
_Static_assert(sizeof(struct machine_fault) == 560, "trap.S says so");

extern uint8_t machine_trap[];
static uint8_t fault_stack[FAULT_STACK_BYTES] __attribute__((aligned(16)));

void machine_catch_faults(void)
{
    __asm__ volatile("csrw sscratch, %0\n\tcsrw stvec, %1"
                     : : "r"((uintptr_t)fault_stack + sizeof fault_stack), "r"(machine_trap) : "memory");
}

static enum machine_fault_kind kind_of(uint64_t cause)
{
    switch (cause) {
    case ILLEGAL:
    case BREAKPOINT:        return FAULT_INSTRUCTION;
    case FETCH_ACCESS:
    case FETCH_PAGE:        return FAULT_EXECUTE;
    case LOAD_ACCESS:
    case LOAD_PAGE:         return FAULT_READ;
    case STORE_ACCESS:
    case STORE_PAGE:        return FAULT_WRITE;
    case FETCH_MISALIGNED:
    case LOAD_MISALIGNED:
    case STORE_MISALIGNED:  return FAULT_ALIGNMENT;
    default:                return FAULT_OTHER;
    }
}

struct machine_fault_facts machine_fault_facts(const struct machine_fault *f)
{
    return (struct machine_fault_facts){
        .kind = kind_of(f->cause), .number = f->cause, .at = f->pc, .address = f->address, .frame = f->x[S0], .stack = f->x[SP],
    };
}

void machine_fault_write(const struct machine_fault *f, struct wr *w)
{
    arch_write_register(w, "\n  pc  ", f->pc);
    arch_write_register(w, " tval ", f->address);
    arch_write_register(w, " status ", f->status);
    arch_write_numbered(w, "x", f->x, NUM_OF(f->x));
}

void machine_fault_call(struct machine_fault *f, void (*function)(const char *), const char *text)
{
    f->x[SP] &= ~UINT64_C(15);
    f->x[RA] = f->pc;
    f->x[A0] = (uintptr_t)text;
    f->pc = (uintptr_t)function;
}

void machine_use_tables(uint64_t root)
{
    __asm__ volatile("sfence.vma\n\tcsrw satp, %0\n\tsfence.vma" : : "r"(SATP_SV39 | root >> 12) : "memory");
}

void machine_page_appeared(uint64_t address)
{
    __asm__ volatile("sfence.vma %0, zero" : : "r"(address) : "memory");
}

__attribute__((no_stack_protector)) void machine_set_thread_pointer(uintptr_t v)
{
    __asm__ volatile("mv tp, %0" : : "r"(v));
}
