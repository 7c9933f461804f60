// SPDX-License-Identifier: ISC
/* io.h - instructions that only the machine itself may make: ports, model-specific registers, device memory. */
#ifndef PLATFORM_VIRTIO_IO_H
#define PLATFORM_VIRTIO_IO_H
#include <stdint.h>

static inline void out8(uint16_t port, uint8_t v)
{
    __asm__ volatile("outb %0, %1" : : "a"(v), "Nd"(port));
}
static inline void out16(uint16_t port, uint16_t v)
{
    __asm__ volatile("outw %0, %1" : : "a"(v), "Nd"(port));
}
static inline void out32(uint16_t port, uint32_t v)
{
    __asm__ volatile("outl %0, %1" : : "a"(v), "Nd"(port));
}
static inline uint8_t in8(uint16_t port)
{
    uint8_t v;
    __asm__ volatile("inb %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
static inline uint16_t in16(uint16_t port)
{
    uint16_t v;
    __asm__ volatile("inw %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
static inline uint32_t in32(uint16_t port)
{
    uint32_t v;
    __asm__ volatile("inl %1, %0" : "=a"(v) : "Nd"(port));
    return v;
}
static inline uint64_t msr_read(uint32_t number)
{
    uint32_t low, high;
    __asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(number));
    return (uint64_t)high << 32 | low;
}
static inline void msr_write(uint32_t number, uint64_t v)
{
    __asm__ volatile("wrmsr" : : "c"(number), "a"((uint32_t)v), "d"((uint32_t)(v >> 32)) : "memory");
}

/* a * b / c without overflow in between; as much as fits where the result does not. */
static inline uint64_t mul_div(uint64_t a, uint64_t b, uint64_t c)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    uint64_t quotient, rest;
    if ((uint64_t)(product >> 64) >= c)
        return UINT64_MAX;
    __asm__("divq %4" : "=a"(quotient), "=d"(rest) : "0"((uint64_t)product), "1"((uint64_t)(product >> 64)), "r"(c) : "cc");
    return quotient;
}

/* Device memory, at its physical address, which virtio_pages_map_device has mapped. */
static inline uint8_t mmio_read8(uintptr_t at)
{
    return *(volatile const uint8_t *)at;
}
static inline uint16_t mmio_read16(uintptr_t at)
{
    return *(volatile const uint16_t *)at;
}
static inline uint32_t mmio_read32(uintptr_t at)
{
    return *(volatile const uint32_t *)at;
}
static inline void mmio_write8(uintptr_t at, uint8_t v)
{
    *(volatile uint8_t *)at = v;
}
static inline void mmio_write16(uintptr_t at, uint16_t v)
{
    *(volatile uint16_t *)at = v;
}
static inline void mmio_write32(uintptr_t at, uint32_t v)
{
    *(volatile uint32_t *)at = v;
}

#endif
