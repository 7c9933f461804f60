// SPDX-License-Identifier: ISC
/* machine.h - private to platform/virtio: the machine below the devices. Virtual addresses are physical ones. */
#ifndef PLATFORM_VIRTIO_MACHINE_H
#define PLATFORM_VIRTIO_MACHINE_H
#include "base/attr.h"
#include "base/nanos.h"
#include "base/span.h"

#define PAGE_BYTES 4096u

/* ---- boot_info.c: what the loader told, copied out of its memory */

#define REGIONS_MAX 64u
struct region {
    uint64_t begin, end;
};
struct boot_info {
    struct region ram[REGIONS_MAX];         /* as the memory map has it; what does not fit is not used */
    size_t num_ram;
    uint64_t rsdp;                          /* the root of ACPI's tables; 0: not told */
    uint8_t command_line[4096];             /* longer ones are cut off */
    size_t command_line_bytes;
};
extern struct boot_info boot_info;
/* Before the page tables: reads what lies in the first GB. */
void boot_info_read(uintptr_t at, bool is_pvh);

/* ---- memory.c: free memory, of which start-up takes pieces for good before the heap gets the rest */

void memory_init(void);
/* Whole zeroed pages; with too little memory the machine stops. */
struct mspan memory_take(size_t num_bytes);
/* The largest piece that is left. Ends start-up: nothing may be taken any more. */
struct mspan memory_rest(void);
size_t memory_num_bytes(void);              /* free at the start */

/* ---- pages.c: page tables: code is not written, data not executed, page 0 and the guard pages are not there */

/* Maps the image and all memory. */
void pages_init(void);
/* The registers of a device, uncached; may be asked twice for the same. Start-up only. */
void pages_map_device(uint64_t at, uint64_t num_bytes);
/* Firmware's tables lie there: memory by the map or not. Read only. Empty: not below the end of what can be mapped. */
struct span pages_firmware(uint64_t at, size_t num_bytes);
/* From now on the heap's memory, mapped before, appears where it is first used; overhead: how many bytes of tables that takes. */
size_t pages_demand_overhead(size_t num_bytes);
void pages_begin_demand(struct mspan heap, struct mspan tables);
/* After a fault at an address. false: there is no such memory. */
MUST_CHECK bool pages_appear(uint64_t at);
/* Before a device gets these bytes: they are there, and stay as the device writes them. */
void pages_touch(struct mspan bytes);

/* ---- trap.c: exceptions end in a panic that says where */
void traps_init(void);

/* ---- serial.c: the console, the first serial port */
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
/* The rate of the counter was measured for a moment only: some milliseconds later it can be known better. */
bool clock_wants_refining(void);
void clock_refine(void);
#define CLOCK_REFINE_AFTER_NS (20 * NS_PER_MS)
uint64_t clock_cycles(nanos duration);      /* as the counter counts them */

/* ---- interrupt.c: the local interrupt controller and its timer. Interrupts only end a sleep. */

enum { INTERRUPT_TIMER = 0x20, INTERRUPT_DEVICE, INTERRUPT_POWER };      /* vectors */
extern volatile bool virtio_device_interrupted, virtio_power_interrupted;   /* set by them, cleared by who looks */
void interrupts_init(void);
/* Sleeps until the deadline or an interrupt. */
void interrupts_sleep(nanos deadline);
/* A line of an I/O interrupt controller wakes us from now on. */
void interrupts_open_line(uint32_t irq, uint32_t vector, bool is_level);
/* What a device writes, and where, to interrupt us. */
struct message_interrupt {
    uint64_t address;
    uint32_t data;
};
struct message_interrupt interrupts_message(void);

/* ---- power.c */
void power_init(void);
bool power_button_was_pressed(void);

/* The machine or its devices are not fit for us: one line, and the end with status 1. */
NORETURN void machine_stop(const char *what);

/* ---- boot.S */
extern uint64_t virtio_gdt[5], virtio_entry_cycles;
extern uint8_t virtio_vectors[];
void virtio_sleep(void);
void virtio_interrupt(void);
void virtio_device_interrupt(void);
void virtio_power_interrupt(void);
NORETURN void virtio_start(uintptr_t boot_info_at, bool is_pvh);

#endif
