// SPDX-License-Identifier: ISC
/* tree.h - private to machines that a device tree describes: what is needed of it, copied out at the start, since the tree lies in memory
 * that is used later. */
#ifndef PLATFORM_VIRTIO_DEVICETREE_TREE_H
#define PLATFORM_VIRTIO_DEVICETREE_TREE_H
#include "platform/common/devicetree.h"
#include "platform/virtio/machine.h"

/* A line to the interrupt controller, in its own count. */
struct line {
    uint32_t number;
    bool is_edge;
};
#define MMIO_MAX 64u
#define PCI_LINES_MAX 32u

struct tree {
    struct region uart, rtc, gpio, finisher;    /* empty: there is none */
    bool rtc_is_goldfish;                       /* else PL031 */
    struct region interrupt_controller[2];      /* GIC: distributor, and CPU interface or redistributors; PLIC: one */
    bool gic_is_v3;
    struct line timer, button;                  /* button: of the pins of gpio */
    uint32_t button_pin;                        /* PIN_NONE: there is none */
    bool psci_by_smc;                           /* else by hvc */
    uint32_t timebase_hz;
    struct { uint64_t at; struct line line; } mmio[MMIO_MAX];
    size_t num_mmio;
    struct {
        struct region config, memory, ports;    /* ports: where the first lies in memory */
        uint32_t mask;                          /* of a function's address in `line` */
        struct { uint32_t address, pin; struct line line; } line[PCI_LINES_MAX];
        size_t num_lines;
    } pci;
    uint8_t seed[64];
    size_t seed_bytes;
};
#define PIN_NONE UINT32_MAX
extern struct tree tree;
/* Reads the tree at an address; stops at one that is damaged. Memory and command line go to boot_info. */
void tree_read(uintptr_t at);
void tree_parse(struct span blob);
static inline bool region_is_there(struct region r)
{
    return r.begin < r.end;
}

/* ---- Of each CPU */

/* Takes the description of a line from a list, as the CPU's interrupt controller has them. */
struct line line_take(struct span *cells);
void console_init(void);
void interrupts_init(void);
/* The line wakes us from now on. */
void interrupts_open(struct line line);
/* Whether the power button interrupted us since it was asked last. */
bool interrupts_of_button(void);
uint64_t counter_hz(void);

void clock_init(void);
void power_init(void);

#endif
