// SPDX-License-Identifier: ISC
/* cpu.c - what arch/aarch64 does not say of a guest at EL1: it is entered on SP_EL1, and its calls are stores to a page of
 * their own. */
#include "platform/hvt/cpu.h"

const struct hvt_cpu hvt_cpu = { .table_bytes = PAGE_BYTES };

/* Faults are taken on SP_EL1, so that what runs goes on with SP_EL0. */
bool hvt_cpu_begin(struct mspan descriptors)
{
    (void)descriptors;
    __asm__ volatile("mov x9, sp\n\tmsr spsel, #0\n\tmov sp, x9" : : : "x9", "memory");
    machine_catch_faults();
    return true;
}

void hvt_cpu_map(struct pages *p)
{
    if (!pages_map(p, SOLO5_HVT_CALLS, SOLO5_HVT_CALLS + LARGE_PAGE_BYTES, PAGE_DEVICE))
        UNREACHABLE("the table of the calls is counted");
}

void hvt_cpu_use(const struct pages *p)
{
    machine_use_tables(p->address);
}

/* Solo5 has no dumps on this CPU: x86_64's layout, with what corresponds. */
void hvt_cpu_trap_frame(const struct machine_fault *f, struct solo5_hvt_trap_frame *out)
{
    struct machine_fault_facts facts = machine_fault_facts(f);
    *out = (struct solo5_hvt_trap_frame){ .cr2 = facts.address, .error = facts.number, .rip = facts.at, .rsp = facts.stack,
                                          .rbp = facts.frame };
}
