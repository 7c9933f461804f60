// SPDX-License-Identifier: ISC
/* machine.h - private to platform/virtio: the machine below the devices. Virtual addresses are physical ones. A folder named like the
 * CPU has what is its own; devicetree/ has what machines that a device tree describes have in common. */
#ifndef PLATFORM_VIRTIO_MACHINE_H
#define PLATFORM_VIRTIO_MACHINE_H
#include "arch/pages.h"
#include "base/nanos.h"

/* ---- What the loader told, copied out of its memory */

#define REGIONS_MAX 64u
struct region {
    uint64_t begin, end;
};
struct boot_info {
    struct region ram[REGIONS_MAX];         /* as the memory map has it; what does not fit is not used */
    size_t num_ram;
    uint8_t command_line[4096];             /* longer ones are cut off */
    size_t command_line_bytes;
};
extern struct boot_info boot_info;
void boot_info_add_ram(uint64_t at, uint64_t num_bytes);

/* ---- memory.c: free memory, of which start-up takes pieces for good before the heap gets the rest */

void memory_init(void);
/* Whole zeroed pages; with too little memory the machine stops. */
struct mspan memory_take(size_t num_bytes);
/* The largest piece that is left. Ends start-up: nothing may be taken any more. */
struct mspan memory_rest(void);
size_t memory_num_bytes(void);              /* free at the start */

/* ---- pages.c: page tables: code is not written, data not executed, page 0 and the guard pages are not there */

/* Maps the image and all memory. */
void pages_begin(void);
/* The registers of a device, uncached; may be asked twice for the same. Start-up only. The machine stops where they cannot be. */
void pages_map_device(uint64_t at, uint64_t num_bytes);
/* Firmware's tables lie there: memory by the map or not. Read only. Empty: not below the end of what can be mapped. */
struct span pages_firmware(uint64_t at, size_t num_bytes);
/* From now on the heap's memory, mapped before, appears where it is first used; overhead: how many bytes of tables that takes. */
size_t pages_demand_overhead(size_t num_bytes);
void pages_begin_demand(struct mspan heap, struct mspan tables);
/* After a fault at an address. false: there is no such memory. */
MUST_CHECK bool pages_appear(uint64_t at);
/* The CPU takes the tables, and forgets what it remembers of any. */
void pages_use(void);
/* Whether something is mapped there. */
bool pages_are_there(uint64_t at);
/* Before a device gets these bytes: they are there, and stay as the device writes them. */
void pages_touch(struct mspan bytes);

/* ---- Of each machine */

/* Before the page tables: reads what the loader left, makes the console work and faults be caught. What the two numbers are
 * is between the entry and this. */
void machine_begin(uintptr_t told, uintptr_t how);
/* With page tables: clocks, interrupts, the power button. */
void machine_init(void);
/* Start-up: gives each device that there is to device_found, in the order of slots. */
void machine_scan_devices(struct span command_line);
/* A few random bytes of the loader's, given once. false: it left none, or they are used up. */
MUST_CHECK bool machine_seed(struct mspan out);

/* Whether the machine made this fault happen itself; it has then seen to what comes next. */
struct machine_fault;
MUST_CHECK bool machine_provoked(struct machine_fault *fault, uintptr_t at);

/* Until an interrupt, which is what interrupts are for alone; then what it was is noted, and is over. */
void virtio_sleep(void);
void interrupts_acknowledge(void);
/* Interrupts after so long, once. */
void interrupts_start_timer(nanos duration);
void interrupts_stop_timer(void);
/* Sleeps until the deadline or an interrupt, whichever comes first. In wait.c. */
void interrupts_sleep(nanos deadline);
/* Whether devices may have interrupted us since it was asked last. */
bool interrupts_of_devices(void);
bool power_button_was_pressed(void);

/* The rate of the counter was measured for a moment only: some milliseconds later it can be known better. */
bool clock_wants_refining(void);
void clock_refine(void);
#define CLOCK_REFINE_AFTER_NS (20 * NS_PER_MS)

/* ---- start.c, entered from each machine's boot.S on stack 0 */

NORETURN void virtio_start(uintptr_t told, uintptr_t how);
extern uint64_t virtio_entry_cycles;

/* The machine or its devices are not fit for us: one line, and the end with status 1. */
NORETURN void machine_stop(const char *what);

#endif
