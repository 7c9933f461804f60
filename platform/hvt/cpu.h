// SPDX-License-Identifier: ISC
/* cpu.h - private to platform/hvt: what differs between CPUs. A folder named like the CPU keeps it, together with
 * arch/machine.h, of which it has the faults. */
#ifndef PLATFORM_HVT_CPU_H
#define PLATFORM_HVT_CPU_H
#include "abi/solo5_hvt.h"
#include "arch/machine.h"

/* `arguments` lies below 4 GiB, as all memory does. */
#if defined(__x86_64__)
static inline void hvt_out(uint16_t port, uint32_t value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"(port) : "memory");
}
static inline void hvt_call(unsigned number, void *arguments)
{
    hvt_out((uint16_t)(SOLO5_HVT_PORT + number), (uint32_t)(uintptr_t)arguments);
}
static inline void hvt_kick_ring(void)
{
    hvt_out(SOLO5_RING_KICK_PORT, 0);
}
#elif defined(__aarch64__)
/* One register, one address: what a hypervisor can decode. */
static inline void hvt_store(uint64_t address, uint32_t value)
{
    __asm__ volatile("str %w0, [%1]" : : "r"(value), "r"(address) : "memory");
}
static inline void hvt_call(unsigned number, void *arguments)
{
    hvt_store(SOLO5_HVT_CALLS + SOLO5_HVT_CALL_BYTES * number, (uint32_t)(uintptr_t)arguments);
}
static inline void hvt_kick_ring(void)
{
    hvt_store(SOLO5_RING_KICK, 0);
}
#endif

/* What the CPU wants of the memory behind the image besides page tables for memory, in whole pages. */
extern const struct hvt_cpu {
    size_t descriptor_bytes, table_bytes;   /* table_bytes: for hvt_cpu_map's pages */
} hvt_cpu;
/* In this order, around the filling of the page tables. First: faults are caught from now on; whether pages can be no-execute. */
MUST_CHECK bool hvt_cpu_begin(struct mspan descriptors);
/* What calls need. */
void hvt_cpu_map(struct pages *p);
/* These pages are the memory from now on. */
void hvt_cpu_use(const struct pages *p);

void hvt_cpu_trap_frame(const struct machine_fault *f, struct solo5_hvt_trap_frame *out);

#endif
