// SPDX-License-Identifier: ISC
/* ports.h - instructions that the compiler does not know: ports, model-specific registers, a division. */
#ifndef PLATFORM_VIRTIO_X86_64_PORTS_H
#define PLATFORM_VIRTIO_X86_64_PORTS_H
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

#endif
