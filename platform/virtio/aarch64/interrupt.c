// SPDX-License-Identifier: ISC
/* interrupt.c - the generic interrupt controller of versions 2 and 3 (Arm IHI 0048 and 0069) and the virtual timer. Interrupts are never
 * taken: one that is pending ends the sleep, and is acknowledged then. */
#include "arch/arch.h"
#include "platform/platform.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"

enum {                                  /* of the distributor, and of the frame of a redistributor for our own lines */
    CONTROL = 0x000,
    GROUP = 0x080,
    ENABLE = 0x100,
    PRIORITY = 0x400,
    TARGET = 0x800,                     /* version 2 */
    SENSE = 0xc00,
    ROUTE = 0x6000,                     /* version 3 */
    GIC_BYTES = 0x10000,
};
enum {                                  /* of a CPU interface of version 2 */
    CPU_CONTROL = 0x00,
    CPU_PRIORITY = 0x04,
    CPU_ACKNOWLEDGE = 0x0c,
    CPU_END = 0x10,
};
enum {                                  /* of a redistributor */
    WAKER = 0x14,
    OWN_LINES = 0x10000,
    REDISTRIBUTOR_BYTES = 0x20000,
};
#define WAKER_SLEEPS 2u
#define WAKER_CHILDREN_SLEEP 4u
#define CONTROL_V3 0x12u                /* affinity routing, group 1 */
#define EVERY_PRIORITY 0xf0u
#define OUR_PRIORITY 0xa0u
#define FIRST_SHARED 32u
#define FIRST_PRIVATE 16u
#define LINES_MAX 1020u
#define WAKE_LOOKS_MAX 1000000u
#define EDGE 2u
#define FLAGS_EDGE 3u
#define KIND_PRIVATE 1u

static uintptr_t distributor, cpu_interface, redistributor;
static bool device_interrupted, button_interrupted = true;

struct line line_take(struct span *cells)
{
    uint64_t kind = devicetree_take(cells, 1), number = devicetree_take(cells, 1), flags = devicetree_take(cells, 1);
    uint32_t first = kind == KIND_PRIVATE ? FIRST_PRIVATE : FIRST_SHARED;
    return (struct line){ number < LINES_MAX - first ? (uint32_t)number + first : 0, (flags & FLAGS_EDGE) != 0 };
}

/* ---- Setting up */

/* Where the registers of a line are. */
static uintptr_t registers_of(uint32_t number)
{
    return tree.gic_is_v3 && number < FIRST_SHARED ? redistributor + OWN_LINES : distributor;
}

void interrupts_open(struct line line)
{
    uintptr_t at = registers_of(line.number);
    uint32_t word = line.number / 32 * 4, bit = UINT32_C(1) << line.number % 32, shift = line.number % 16 * 2;
    if (line.number < FIRST_PRIVATE)
        return;
    mmio_write8(at + PRIORITY + line.number, OUR_PRIORITY);
    if (line.number >= FIRST_SHARED) {
        uint32_t sense = mmio_read32(at + SENSE + line.number / 16 * 4) & ~(UINT32_C(3) << shift);
        mmio_write32(at + SENSE + line.number / 16 * 4, sense | (line.is_edge ? EDGE << shift : 0));
    }
    if (tree.gic_is_v3)
        mmio_write32(at + GROUP + word, mmio_read32(at + GROUP + word) | bit);
    if (line.number >= FIRST_SHARED && tree.gic_is_v3) {
        mmio_write32(at + ROUTE + 8 * line.number, 0);
        mmio_write32(at + ROUTE + 8 * line.number + 4, 0);
    } else if (line.number >= FIRST_SHARED) {
        mmio_write8(at + TARGET + line.number, 1);
    }
    mmio_write32(at + ENABLE + word, bit);
}

static void init_v3(void)
{
    uint32_t waker;
    pages_map_device(redistributor, REDISTRIBUTOR_BYTES);
    mmio_write32(redistributor + WAKER, mmio_read32(redistributor + WAKER) & ~WAKER_SLEEPS);
    for (unsigned i = 0; i < WAKE_LOOKS_MAX; i++)
        if (((waker = mmio_read32(redistributor + WAKER)) & WAKER_CHILDREN_SLEEP) == 0)
            break;
    mmio_write32(distributor + CONTROL, CONTROL_V3);
    __asm__ volatile("msr s3_0_c12_c12_5, %0\n\tisb" : : "r"(UINT64_C(1)));                     /* ICC_SRE_EL1 */
    __asm__ volatile("msr s3_0_c4_c6_0, %0" : : "r"((uint64_t)EVERY_PRIORITY));                 /* ICC_PMR_EL1 */
    __asm__ volatile("msr s3_0_c12_c12_7, %0\n\tisb" : : "r"(UINT64_C(1)));                     /* ICC_IGRPEN1_EL1 */
}

static void init_v2(void)
{
    pages_map_device(cpu_interface, PAGE_BYTES);
    mmio_write32(distributor + CONTROL, 1);
    mmio_write32(cpu_interface + CPU_PRIORITY, EVERY_PRIORITY);
    mmio_write32(cpu_interface + CPU_CONTROL, 1);
}

void interrupts_init(void)
{
    struct region first = tree.interrupt_controller[0], second = tree.interrupt_controller[1];
    if (!region_is_there(first) || !region_is_there(second) || tree.timer.number == 0)
        machine_stop("the device tree tells of no interrupt controller or no timer that we know");
    distributor = first.begin;
    pages_map_device(distributor, GIC_BYTES);
    redistributor = cpu_interface = second.begin;
    if (tree.gic_is_v3)
        init_v3();
    else
        init_v2();
    interrupts_open(tree.timer);
}

/* ---- Sleeping */

static uint32_t acknowledge(void)
{
    uint64_t v;
    if (!tree.gic_is_v3)
        return mmio_read32(cpu_interface + CPU_ACKNOWLEDGE);
    __asm__ volatile("mrs %0, s3_0_c12_c12_0\n\tdsb sy" : "=r"(v) : : "memory");                /* ICC_IAR1_EL1 */
    return (uint32_t)v;
}
static void end(uint32_t number)
{
    if (tree.gic_is_v3)
        __asm__ volatile("msr s3_0_c12_c12_1, %0\n\tisb" : : "r"((uint64_t)number));            /* ICC_EOIR1_EL1 */
    else
        mmio_write32(cpu_interface + CPU_END, number);
}

uint64_t counter_hz(void)
{
    uint64_t hz;
    __asm__("mrs %0, cntfrq_el0" : "=r"(hz));
    return hz;
}

void interrupts_start_timer(nanos duration)
{
    uint64_t hz = counter_hz(), ticks = duration / NS_PER_S * hz + duration % NS_PER_S * hz / NS_PER_S + 1;
    __asm__ volatile("msr cntv_cval_el0, %0\n\tmsr cntv_ctl_el0, %1\n\tisb"
                     : : "r"(nanos_add(arch_cycles(), ticks)), "r"(UINT64_C(1)));
}
void interrupts_stop_timer(void)
{
    __asm__ volatile("msr cntv_ctl_el0, %0\n\tisb" : : "r"(UINT64_C(0)));
}

void interrupts_acknowledge(void)
{
    uint32_t number = acknowledge();
    if (number >= LINES_MAX)
        return;
    end(number);
    if (number == tree.button.number)
        button_interrupted = true;
    else if (number != tree.timer.number)
        device_interrupted = true;
}

bool interrupts_of_devices(void)
{
    bool was = device_interrupted;
    device_interrupted = false;
    return was;
}

bool interrupts_of_button(void)
{
    bool was = button_interrupted;
    button_interrupted = false;
    return was;
}
