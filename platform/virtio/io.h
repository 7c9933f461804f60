// SPDX-License-Identifier: ISC
/* io.h - registers of devices in memory, at their physical address, which pages_map_device has mapped. Accesses stay in the program's order
 * among each other and, on every CPU, behind what was written to memory before. */
#ifndef PLATFORM_VIRTIO_IO_H
#define PLATFORM_VIRTIO_IO_H
#include <stdint.h>

#if defined(__riscv)
#define IO_BARRIER() __asm__ volatile("fence iorw, iorw" : : : "memory")
#elif defined(__aarch64__)
#define IO_BARRIER() __asm__ volatile("dmb osh" : : : "memory")
#else
#define IO_BARRIER() __asm__ volatile("" : : : "memory")
#endif

static inline uint8_t mmio_read8(uintptr_t at)
{
    uint8_t v = *(volatile const uint8_t *)at;
    IO_BARRIER();
    return v;
}
static inline uint16_t mmio_read16(uintptr_t at)
{
    uint16_t v = *(volatile const uint16_t *)at;
    IO_BARRIER();
    return v;
}
static inline uint32_t mmio_read32(uintptr_t at)
{
    uint32_t v = *(volatile const uint32_t *)at;
    IO_BARRIER();
    return v;
}
static inline void mmio_write8(uintptr_t at, uint8_t v)
{
    IO_BARRIER();
    *(volatile uint8_t *)at = v;
}
static inline void mmio_write16(uintptr_t at, uint16_t v)
{
    IO_BARRIER();
    *(volatile uint16_t *)at = v;
}
static inline void mmio_write32(uintptr_t at, uint32_t v)
{
    IO_BARRIER();
    *(volatile uint32_t *)at = v;
}

#endif
