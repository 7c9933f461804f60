// SPDX-License-Identifier: ISC
/* thread_pointer.c - the register tp. */
#include "platform/spt/spt.h"

__attribute__((no_stack_protector)) void spt_set_thread_pointer(uintptr_t address)
{
    __asm__ volatile("mv tp, %0" : : "r"(address));
}
