// SPDX-License-Identifier: ISC
/* power.c - the end of the machine: SiFive's test device tells QEMU the status; else the firmware turns the machine off. There is
 * no power button that QEMU would press. */
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"
#include "platform/virtio/riscv64/sbi.h"

#define STATUS_ABORT 255
#define FINISH_PASS 0x5555u
#define FINISH_FAIL 0x3333u

void power_init(void)
{
    if (region_is_there(tree.finisher))
        pages_map_device(tree.finisher.begin, PAGE_BYTES);
}

bool power_button_was_pressed(void)
{
    return false;
}

void platform_exit(int status)
{
    uint32_t code = (uint32_t)status & 0xff;
    if (region_is_there(tree.finisher) && pages_are_there(tree.finisher.begin))
        mmio_write32(tree.finisher.begin, code == 0 ? FINISH_PASS : code << 16 | FINISH_FAIL);
    (void)sbi_call(SBI_RESET, 0, 0, code != 0);
    for (;;)
        __asm__ volatile("wfi");
}
void platform_abort(void)
{
    platform_exit(STATUS_ABORT);
}

bool machine_provoked(struct machine_fault *fault, uintptr_t at)
{
    (void)fault;
    (void)at;
    return false;
}
