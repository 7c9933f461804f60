// SPDX-License-Identifier: ISC
/* thread_pointer.c - TPIDR_EL0, which is the process's own. */
#include "platform/spt/spt.h"

__attribute__((no_stack_protector)) void spt_set_thread_pointer(uintptr_t address)
{
    __asm__ volatile("msr tpidr_el0, %0" : : "r"(address));
}
