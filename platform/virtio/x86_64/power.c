// SPDX-License-Identifier: ISC
/* power.c - the end of the machine, and the operator's wish for it. QEMU's isa-debug-exit tells the status: its exit status is then
 * (status << 1) | 1; else ACPI turns the machine off, the keyboard controller resets it, or a triple fault does. */
#include "platform/platform.h"
#include "platform/virtio/io.h"
#include "platform/virtio/x86_64/pc.h"

#define DEBUG_EXIT_PORT 0x501u
#define KEYBOARD_PORT 0x64u
#define KEYBOARD_RESET 0xfeu
#define STATUS_ABORT 255
#define BUTTON 0x100u               /* of PM1 status and enable */
#define QEMU_BUTTON 2u

static void write_register(const struct acpi_register *r, uint16_t v)
{
    if (r->at == 0)
        return;
    if (r->is_memory)
        mmio_write8(r->at, (uint8_t)v);
    else if (r->is_wide)
        out16((uint16_t)r->at, v);
    else
        out8((uint16_t)r->at, (uint8_t)v);
}

void platform_exit(int status)
{
    static const struct { uint16_t last; uint64_t at; } __attribute__((packed)) no_gates = { 0, 0 };
    uint16_t sleep;
    out8(DEBUG_EXIT_PORT, (uint8_t)status);
    if (acpi_sleep_value(&sleep)) {
        write_register(&acpi_facts.sleep, sleep);
        write_register(&acpi_facts.sleep_b, sleep);
    }
    out8(KEYBOARD_PORT, KEYBOARD_RESET);
    __asm__ volatile("lidt %0\n\tint3" : : "m"(no_gates));
    for (;;)
        __asm__ volatile("hlt");
}
void platform_abort(void)
{
    platform_exit(STATUS_ABORT);
}

void power_init(void)
{
    const struct acpi_facts *f = &acpi_facts;
    if (f->power_event.at == 0)
        return;
    if (!f->power_event.is_memory)
        out16((uint16_t)(f->power_event.at + f->power_enable_offset), BUTTON);
    interrupts_open_line(f->power_irq, INTERRUPT_POWER, !f->power_event.is_memory);
}

bool power_button_was_pressed(void)
{
    const struct acpi_register *r = &acpi_facts.power_event;
    if (r->at == 0 || !virtio_power_interrupted)
        return false;
    virtio_power_interrupted = false;
    if (r->is_memory)
        return mmio_read32(r->at) & QEMU_BUTTON;        /* read ones are cleared */
    if ((in16((uint16_t)r->at) & BUTTON) == 0)
        return false;
    out16((uint16_t)r->at, BUTTON);                     /* written ones are cleared */
    return true;
}

bool machine_provoked(struct machine_fault *fault, uintptr_t at)
{
    (void)fault;
    (void)at;
    return false;
}
