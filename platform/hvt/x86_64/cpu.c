// SPDX-License-Identifier: ISC
/* cpu.c - how a guest on x86_64 begins, and what its faults say. */
#include "platform/hvt/cpu.h"
#include "platform/hvt/x86_64/machine.h"

const struct hvt_cpu hvt_cpu = { .descriptor_bytes = MACHINE_TABLES_BYTES };

bool hvt_cpu_begin(struct mspan descriptors)
{
    machine_load_tables(descriptors);
    return machine_enable_no_execute();
}

/* Calls go to ports. */
void hvt_cpu_map(struct pages *p)
{
    (void)p;
}

void hvt_cpu_use(const struct pages *p)
{
    machine_use_tables(p->address);
}

/* ---- Faults */

static uint64_t fault_address(void)
{
    uint64_t address;
    __asm__ volatile("movq %%cr2, %0" : "=r"(address));
    return address;
}

static enum machine_fault_kind kind_of(const struct machine_fault *f)
{
    switch (f->vector) {
    case VECTOR_DIVIDE:         return FAULT_DIVIDE;
    case VECTOR_INVALID_OPCODE: return FAULT_INSTRUCTION;
    case VECTOR_DOUBLE_FAULT:   return FAULT_STACK;
    case VECTOR_PROTECTION:     return FAULT_IMPOSSIBLE;
    case VECTOR_PAGE_FAULT:
        return f->error & PAGE_FAULT_EXECUTE ? FAULT_EXECUTE : f->error & PAGE_FAULT_WRITE ? FAULT_WRITE : FAULT_READ;
    default:                    return FAULT_OTHER;
    }
}

struct machine_fault_facts machine_fault_facts(const struct machine_fault *f)
{
    return (struct machine_fault_facts){
        .kind = kind_of(f), .number = f->vector, .at = f->rip, .address = fault_address(), .frame = f->rbp, .stack = f->rsp,
    };
}

void hvt_cpu_trap_frame(const struct machine_fault *f, struct solo5_hvt_trap_frame *out)
{
    *out = (struct solo5_hvt_trap_frame){ .cr2 = fault_address(), .error = f->error, .rip = f->rip, .cs = f->cs,
                                          .rflags = f->rflags, .rsp = f->rsp, .ss = f->ss, .rbp = f->rbp };
}
