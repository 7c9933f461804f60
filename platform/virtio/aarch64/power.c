// SPDX-License-Identifier: ISC
/* power.c - the end of the machine, and the operator's wish for it. Arm's semihosting tells QEMU the status, where that listens; else
 * PSCI (Arm DEN 0022) turns the machine off. The power button is a pin of a PL061 (Arm DDI 0190). */
#include "arch/machine.h"
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"

#define STATUS_ABORT 255
#define PSCI_SYSTEM_OFF 0x84000008u
#define SEMIHOSTING_EXIT 0x18u
#define STOPPED_APPLICATION_EXIT 0x20026u

enum {                                  /* of the PL061 */
    SENSE = 0x404,
    BOTH_EDGES = 0x408,
    EVENT = 0x40c,
    ENABLE = 0x410,
    RAISED = 0x418,
    CLEAR = 0x41c,
};

void virtio_semihosting(uint64_t operation, const uint64_t *block);

static void turn_off(const char *unused)
{
    register uint64_t x0 __asm__("x0") = PSCI_SYSTEM_OFF;
    (void)unused;
    if (tree.psci_by_smc)
        __asm__ volatile("smc #0" : "+r"(x0) : : "memory");
    else
        __asm__ volatile("hvc #0" : "+r"(x0) : : "memory");
    for (;;)
        __asm__ volatile("wfi");
}

bool machine_provoked(struct machine_fault *fault, uintptr_t at)
{
    if (at != (uintptr_t)virtio_semihosting)
        return false;
    machine_fault_call(fault, turn_off, NULL);
    return true;
}

void platform_exit(int status)
{
    const uint64_t block[2] = { STOPPED_APPLICATION_EXIT, (uint64_t)status & 0xff };
    virtio_semihosting(SEMIHOSTING_EXIT, block);
    turn_off(NULL);
    UNREACHABLE("the machine runs on without us");
}
void platform_abort(void)
{
    platform_exit(STATUS_ABORT);
}

void power_init(void)
{
    if (!region_is_there(tree.gpio) || tree.button_pin > 7)
        return;
    uint32_t bit = UINT32_C(1) << tree.button_pin;
    pages_map_device(tree.gpio.begin, PAGE_BYTES);
    mmio_write32(tree.gpio.begin + SENSE, 0);
    mmio_write32(tree.gpio.begin + BOTH_EDGES, 0);
    mmio_write32(tree.gpio.begin + EVENT, bit);
    mmio_write32(tree.gpio.begin + ENABLE, bit);
    interrupts_open(tree.button);
}

bool power_button_was_pressed(void)
{
    if (!region_is_there(tree.gpio) || tree.button_pin > 7 || !interrupts_of_button())
        return false;
    uint32_t raised = mmio_read32(tree.gpio.begin + RAISED);
    mmio_write32(tree.gpio.begin + CLEAR, raised);
    return raised >> tree.button_pin & 1;
}
