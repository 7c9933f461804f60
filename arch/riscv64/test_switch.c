// SPDX-License-Identifier: ISC
#include "arch/arch.h"
#include "check/test.h"

#define STACK_BYTES 65536
static _Alignas(16) uint8_t stack[STACK_BYTES];
static struct arch_context outside, inside;

/* Each flow has values of its own in the callee-saved registers while the other one runs. */
static uint64_t switch_with_registers_full_of(uint64_t v, struct arch_context *from, struct arch_context *to)
{
    register uint64_t a __asm__("s1") = v, b __asm__("s2") = v + 1, c __asm__("s6") = v + 2, d __asm__("s10") = v + 3,
                                e __asm__("s11") = v + 4;
    register double f __asm__("fs0") = (double)v, g __asm__("fs11") = (double)v + 1;
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+f"(f), "+f"(g));
    arch_context_switch(from, to);
    __asm__ volatile("" : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(e), "+f"(f), "+f"(g));
    return (a - v) | (b - v - 1) | (c - v - 2) | (d - v - 3) | (e - v - 4) | (uint64_t)(f != (double)v || g != (double)v + 1);
}
static uint64_t differences_inside;

#define ROUND_UP UINT64_C(3)
static uint64_t rounding(void)
{
    uint64_t v;
    __asm__ volatile("frrm %0" : "=r"(v));
    return v;
}
static void set_rounding(uint64_t v)
{
    __asm__ volatile("fsrm %0" : : "r"(v));
}
static void change_registers(void *arg)
{
    (void)arg;
    differences_inside = switch_with_registers_full_of(0x1111, &inside, &outside);
    set_rounding(ROUND_UP);
    (void)switch_with_registers_full_of(0x3333, &inside, &outside);
    differences_inside |= rounding() ^ ROUND_UP;
    arch_context_leave(&inside, &outside);
}
TEST(a_switch_keeps_the_callee_saved_registers_and_the_rounding_mode)
{
    arch_context_init(&inside, MSPAN(stack), change_registers, NULL);
    EQ(switch_with_registers_full_of(0x2222, &outside, &inside), 0);
    EQ(switch_with_registers_full_of(0x4444, &outside, &inside), 0);
    EQ(rounding(), 0);
    EQ(switch_with_registers_full_of(0x5555, &outside, &inside), 0);
    EQ(differences_inside, 0);
}
TEST_MAIN
