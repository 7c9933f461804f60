// SPDX-License-Identifier: ISC
/* thread_pointer.c - the base of %fs: by an instruction where the tender says that the kernel has let it, else by a call. */
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"

#define ARCH_SET_FS 0x1002

__attribute__((no_stack_protector)) void spt_set_thread_pointer(uintptr_t address)
{
    if (spt_extension.features & SPT_FSGSBASE)
        __asm__ volatile("wrfsbase %0" : : "r"(address) : "memory");
    else
        (void)linux_call3(SYS_arch_prctl, ARCH_SET_FS, (long)address, 0);
}
