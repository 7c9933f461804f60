// SPDX-License-Identifier: ISC
/* interrupt.c - the local interrupt controller (Intel SDM volume 3, chapter 11), its timer, and the I/O ones (82093AA). All
 * interrupts do the same: they end the sleep in which alone they are open. */
#include "arch/arch.h"
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/io.h"
#include "platform/virtio/x86_64/pc.h"
#include <cpuid.h>

enum {                                  /* registers */
    APIC_ID = 0x20,
    APIC_EOI = 0xb0,
    APIC_SPURIOUS = 0xf0,
    APIC_LVT_TIMER = 0x320,
    APIC_LVT_LINT0 = 0x350,
    APIC_TIMER_START = 0x380,
    APIC_TIMER_LEFT = 0x390,
    APIC_TIMER_DIVISOR = 0x3e0,
};
#define MSR_APIC_BASE 0x1bu
#define APIC_IS_X2 (1u << 10)
#define APIC_ADDRESS_MASK UINT64_C(0xffffff000)
#define APIC_ON 0x1ffu
#define LVT_MASKED 0x10000u
#define LVT_TSC_DEADLINE 0x40000u
#define DIVIDE_BY_16 3u
#define MSR_X2APIC 0x800u
#define MSR_TSC_DEADLINE 0x6e0u
#define CPUID_ECX_TSC_DEADLINE (1u << 24)
#define MESSAGE_ADDRESS 0xfee00000u
#define CALIBRATE_NS (100 * NS_PER_US)

enum {
    PIC1_MASK = 0x21,
    PIC2_MASK = 0xa1,
    IO_APIC_DATA = 0x10,
    IO_APIC_VERSION = 1,
    IO_APIC_ENTRY = 0x10,
    IO_APIC_LEVEL = 0x8000,
};

static struct {
    uintptr_t base;                     /* 0: x2APIC */
    uint32_t id;
    bool has_tsc_deadline;
    uint64_t timer_hz;                  /* 0: not measured yet */
} apic;

volatile bool virtio_device_interrupted, virtio_power_interrupted = true;

static uint32_t apic_read(uint32_t reg)
{
    return apic.base ? mmio_read32(apic.base + reg) : (uint32_t)msr_read(MSR_X2APIC + reg / 16);
}
static void apic_write(uint32_t reg, uint32_t v)
{
    if (apic.base)
        mmio_write32(apic.base + reg, v);
    else
        msr_write(MSR_X2APIC + reg / 16, v);
}

bool interrupts_of_devices(void)
{
    bool was = virtio_device_interrupted;
    virtio_device_interrupted = false;
    return was;
}

void interrupts_init(void)
{
    unsigned a, b, c, d;
    uint64_t base = msr_read(MSR_APIC_BASE);
    if ((base & APIC_IS_X2) == 0) {
        apic.base = base & APIC_ADDRESS_MASK;
        pages_map_device(apic.base, PAGE_BYTES);
    }
    out8(PIC1_MASK, 0xff);
    out8(PIC2_MASK, 0xff);
    apic.id = apic.base ? apic_read(APIC_ID) >> 24 : apic_read(APIC_ID);
    apic_write(APIC_SPURIOUS, APIC_ON);
    apic_write(APIC_LVT_LINT0, LVT_MASKED);
    apic.has_tsc_deadline = __get_cpuid(1, &a, &b, &c, &d) && (c & CPUID_ECX_TSC_DEADLINE);
    apic_write(APIC_LVT_TIMER, INTERRUPT_TIMER | (apic.has_tsc_deadline ? LVT_TSC_DEADLINE : 0));
    apic_write(APIC_TIMER_DIVISOR, DIVIDE_BY_16);
}

/* ---- The timer */

static void measure_timer(void)
{
    nanos begin = platform_clock_monotonic(), now;
    apic_write(APIC_TIMER_START, UINT32_MAX);
    do
        now = platform_clock_monotonic();
    while (now - begin < CALIBRATE_NS);
    uint64_t ticks = UINT32_MAX - apic_read(APIC_TIMER_LEFT);
    apic.timer_hz = ticks * NS_PER_S / (now - begin) + 1;
}

/* A long sleep is begun a little shorter, since the rate is known to about a percent: who wakes early looks again. */
void interrupts_start_timer(nanos duration)
{
    if (apic.has_tsc_deadline) {
        msr_write(MSR_TSC_DEADLINE, nanos_add(arch_cycles(), clock_cycles(duration)));
        return;
    }
    if (apic.timer_hz == 0)
        measure_timer();
    if (duration > NS_PER_MS)
        duration -= duration / 64;
    apic_write(APIC_TIMER_START, u32_max(u32_saturate(mul_div(duration, apic.timer_hz, NS_PER_S)), 1));
}

void interrupts_stop_timer(void)
{
    if (apic.has_tsc_deadline)
        msr_write(MSR_TSC_DEADLINE, 0);
    else
        apic_write(APIC_TIMER_START, 0);
}

void interrupts_acknowledge(void)
{
    apic_write(APIC_EOI, 0);
}

/* ---- Devices */

struct message_interrupt interrupts_message(void)
{
    return (struct message_interrupt){ MESSAGE_ADDRESS | (uint64_t)(apic.id & 0xff) << 12, INTERRUPT_DEVICE };
}

static void io_apic_write(uintptr_t base, uint32_t reg, uint32_t v)
{
    mmio_write32(base, reg);
    mmio_write32(base + IO_APIC_DATA, v);
}
static uint32_t io_apic_pins(uintptr_t base)
{
    mmio_write32(base, IO_APIC_VERSION);
    return (mmio_read32(base + IO_APIC_DATA) >> 16 & 0xff) + 1;
}

/* Where nobody tells of I/O controllers, there are those of QEMU's microvm, the first of which everybody has. */
static void assume_io_apics(void)
{
    acpi_facts.io_apic[0].at = 0xfec00000;
    acpi_facts.io_apic[1].at = 0xfec10000;
    acpi_facts.io_apic[1].first_irq = 24;
    acpi_facts.num_io_apics = 2;
}

void interrupts_open_line(uint32_t irq, uint32_t vector, bool is_level)
{
    if (acpi_facts.num_io_apics == 0)
        assume_io_apics();
    for (size_t i = 0; i < acpi_facts.num_io_apics; i++) {
        uintptr_t base = acpi_facts.io_apic[i].at;
        uint32_t pin = irq - acpi_facts.io_apic[i].first_irq;
        pages_map_device(base, PAGE_BYTES);
        if (irq < acpi_facts.io_apic[i].first_irq || pin >= io_apic_pins(base))
            continue;
        io_apic_write(base, IO_APIC_ENTRY + 2 * pin + 1, apic.id << 24);
        io_apic_write(base, IO_APIC_ENTRY + 2 * pin, vector | (is_level ? IO_APIC_LEVEL : 0));
        return;
    }
}
