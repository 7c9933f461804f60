// SPDX-License-Identifier: ISC
/* interrupt.c - the platform-level interrupt controller (RISC-V PLIC 1.0) and the firmware's timer. Interrupts are never taken: one that
 * is pending ends the sleep, and is claimed then. */
#include "arch/arch.h"
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"
#include "platform/virtio/riscv64/sbi.h"

enum {
    PRIORITY = 0x0,
    ENABLE = 0x2000,
    ENABLE_BYTES = 0x80,                /* of each context */
    CONTEXT = 0x200000,
    CONTEXT_BYTES = 0x1000,
    THRESHOLD = 0x0,
    CLAIM = 0x4,
};
#define LINES_MAX 1024u
#define SIE_TIMER_EXTERNAL 0x220u
#define SUPERVISOR_CONTEXT 1u           /* of the first CPU, behind that of its machine mode */

static uintptr_t plic, context;
static bool device_interrupted;

struct line line_take(struct span *cells)
{
    uint64_t number = devicetree_take(cells, 1);
    return (struct line){ number < LINES_MAX ? (uint32_t)number : 0, false };
}

void interrupts_open(struct line line)
{
    uintptr_t word = plic + ENABLE + SUPERVISOR_CONTEXT * ENABLE_BYTES + line.number / 32 * 4;
    if (line.number == 0)
        return;
    mmio_write32(plic + PRIORITY + 4 * line.number, 1);
    mmio_write32(word, mmio_read32(word) | UINT32_C(1) << line.number % 32);
}

void interrupts_init(void)
{
    struct region r = tree.interrupt_controller[0];
    if (r.end - r.begin < CONTEXT + 2 * CONTEXT_BYTES)
        machine_stop("the device tree tells of no interrupt controller that we know");
    plic = r.begin;
    context = plic + CONTEXT + SUPERVISOR_CONTEXT * CONTEXT_BYTES;
    pages_map_device(plic, CONTEXT + 2 * CONTEXT_BYTES);
    mmio_write32(context + THRESHOLD, 0);
    (void)sbi_call(SBI_TIMER, 0, UINT64_MAX, 0);
    __asm__ volatile("csrw sie, %0" : : "r"(SIE_TIMER_EXTERNAL));
}

uint64_t counter_hz(void)
{
    return tree.timebase_hz;
}

void interrupts_start_timer(nanos duration)
{
    uint64_t hz = counter_hz(), ticks = duration / NS_PER_S * hz + duration % NS_PER_S * hz / NS_PER_S + 1;
    (void)sbi_call(SBI_TIMER, 0, nanos_add(arch_cycles(), ticks), 0);
}

void interrupts_stop_timer(void)
{
    (void)sbi_call(SBI_TIMER, 0, UINT64_MAX, 0);
}

void interrupts_acknowledge(void)
{
    uint32_t number = mmio_read32(context + CLAIM);
    if (number == 0)
        return;
    mmio_write32(context + CLAIM, number);
    device_interrupted = true;
}

bool interrupts_of_devices(void)
{
    bool was = device_interrupted;
    device_interrupted = false;
    return was;
}
