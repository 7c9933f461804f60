// SPDX-License-Identifier: ISC
/* begin.c - a PC. */
#include "arch/machine.h"
#include "platform/virtio/x86_64/pc.h"

#define MSR_FS_BASE 0xc0000100u

void machine_begin(uintptr_t told, uintptr_t how)
{
    boot_info_read(told, how != 0);
    serial_init();
    machine_catch_faults();
}

void machine_init(void)
{
    clock_init();
    acpi_init();
    interrupts_init();
    power_init();
}

bool machine_seed(struct mspan out)
{
    (void)out;
    return false;                       /* neither PVH nor Multiboot has a place for it */
}

__attribute__((no_stack_protector)) void machine_set_thread_pointer(uintptr_t v)
{
    msr_write(MSR_FS_BASE, v);
}
