// SPDX-License-Identifier: ISC
/* cpu.h - for guests that share no code with Morgana: how a call of Solo5's hvt is made on each CPU, rightly and wrongly. */
#ifndef CHECK_HVT_CPU_H
#define CHECK_HVT_CPU_H

#if defined(__x86_64__)
#define START "_start: xorl %ebp, %ebp\n call guest_main\n ud2\n"
static inline void out(unsigned number, u32 value)
{
    __asm__ volatile("outl %0, %1" : : "a"(value), "Nd"((u16)(0x500 + number)) : "memory");
}
static inline void out_elsewhere(void)
{
    __asm__ volatile("outl %0, %1" : : "a"(0), "Nd"((u16)0x80) : "memory");
}
static inline void out_byte(void)
{
    __asm__ volatile("outb %0, %1" : : "a"((u8)0), "Nd"((u16)0x502));
}
static inline void in(void)
{
    __asm__ volatile("inl %0, %%eax" : : "Nd"((u16)0x502) : "eax");
}
static inline void halt_cpu(void)
{
    __asm__ volatile("hlt");
}
#elif defined(__aarch64__)
#define START "_start: mov x29, xzr\n bl guest_main\n brk #0\n"
#define CALLS 0x100000000ul
static inline void out(unsigned number, u32 value)
{
    __asm__ volatile("str %w0, [%1]" : : "r"(value), "r"(CALLS + 8 * number) : "memory");
}
static inline void out_elsewhere(void)
{
    __asm__ volatile("str wzr, [%0]" : : "r"(CALLS + 0x2000) : "memory");
}
static inline void out_byte(void)
{
    __asm__ volatile("strb wzr, [%0]" : : "r"(CALLS + 16) : "memory");
}
static inline void in(void)
{
    __asm__ volatile("ldr w9, [%0]" : : "r"(CALLS + 16) : "x9", "memory");
}
static inline void halt_cpu(void)       /* there is nothing like it: a call between two */
{
    __asm__ volatile("str wzr, [%0]" : : "r"(CALLS + 20) : "memory");
}
#endif

#endif
