// SPDX-License-Identifier: ISC
/* pc.h - private to platform/virtio/x86_64: the parts of a PC. */
#ifndef PLATFORM_VIRTIO_X86_64_PC_H
#define PLATFORM_VIRTIO_X86_64_PC_H
#include "platform/virtio/machine.h"
#include "platform/virtio/x86_64/ports.h"

/* ---- boot_info.c. Before the page tables: reads what lies in the first GB. */
void boot_info_read(uintptr_t at, bool is_pvh);
extern uint64_t boot_rsdp;                  /* the root of ACPI's tables; 0: not told */

void serial_init(void);

/* ---- acpi.c: the few facts that are needed of ACPI's tables */

struct acpi_register {
    uint64_t at;                            /* 0: there is none */
    bool is_memory, is_wide;                /* wide: 16 bits */
};
struct acpi_facts {
    struct acpi_register sleep, sleep_b;    /* where to write acpi_sleep_value to turn the machine off */
    struct acpi_register power_event;       /* PM1 status, and enable behind it; in memory: QEMU's selector of events */
    uint16_t power_enable_offset;
    uint8_t power_irq;
    struct { uint64_t at; uint32_t first_irq; } io_apic[4];
    size_t num_io_apics;
};
extern struct acpi_facts acpi_facts;
void acpi_init(void);
MUST_CHECK bool acpi_sleep_value(uint16_t *out);        /* false: ACPI does not tell */

/* ---- clock.c */
void clock_init(void);
uint64_t clock_cycles(nanos duration);      /* as the counter counts them */

/* ---- interrupt.c: the local interrupt controller and its timer */

enum { INTERRUPT_TIMER = 0x20, INTERRUPT_DEVICE, INTERRUPT_POWER };      /* vectors */
extern volatile bool virtio_device_interrupted, virtio_power_interrupted;   /* set by them, cleared by who looks */
void interrupts_init(void);
/* A line of an I/O interrupt controller wakes us from now on. */
void interrupts_open_line(uint32_t irq, uint32_t vector, bool is_level);
/* What a device writes, and where, to interrupt us. */
struct message_interrupt {
    uint64_t address;
    uint32_t data;
};
struct message_interrupt interrupts_message(void);

void power_init(void);

/* ---- boot.S */
extern uint64_t virtio_gdt[5];
extern uint8_t virtio_vectors[];
void virtio_interrupt(void);
void virtio_device_interrupt(void);
void virtio_power_interrupt(void);

#endif
