// SPDX-License-Identifier: ISC
#include "arch/arch.h"
#include "check/test.h"
#include <xmmintrin.h>

#define STACK_BYTES 65536
static _Alignas(16) uint8_t stack[STACK_BYTES];
static struct arch_context outside, inside;

/* Each flow has values of its own in every callee-saved register while the other one runs. */
static uint64_t switch_with_registers_full_of(uint64_t v, struct arch_context *from, struct arch_context *to)
{
    register uint64_t b __asm__("rbx") = v, r12 __asm__("r12") = v + 1, r13 __asm__("r13") = v + 2,
                                            r14 __asm__("r14") = v + 3, r15 __asm__("r15") = v + 4;
    __asm__ volatile("" : "+r"(b), "+r"(r12), "+r"(r13), "+r"(r14), "+r"(r15));
    arch_context_switch(from, to);
    __asm__ volatile("" : "+r"(b), "+r"(r12), "+r"(r13), "+r"(r14), "+r"(r15));
    return (b - v) | (r12 - v - 1) | (r13 - v - 2) | (r14 - v - 3) | (r15 - v - 4);
}
static uint64_t differences_inside;

static uint16_t x87_control(void)
{
    uint16_t v;
    __asm__ volatile("fnstcw %0" : "=m"(v));
    return v;
}
static void set_x87_control(uint16_t v)
{
    __asm__ volatile("fldcw %0" : : "m"(v));
}
static void change_registers(void *arg)
{
    (void)arg;
    differences_inside = switch_with_registers_full_of(0x1111, &inside, &outside);
    _MM_SET_ROUNDING_MODE(_MM_ROUND_UP);
    set_x87_control(0xb7f);
    (void)switch_with_registers_full_of(0x3333, &inside, &outside);
    differences_inside |= (uint64_t)(_MM_GET_ROUNDING_MODE() != _MM_ROUND_UP || x87_control() != 0xb7f);
    arch_context_leave(&inside, &outside);
}
TEST(a_switch_keeps_the_callee_saved_registers_and_the_rounding_mode)
{
    arch_context_init(&inside, MSPAN(stack), change_registers, NULL);
    EQ(switch_with_registers_full_of(0x2222, &outside, &inside), 0);
    EQ(switch_with_registers_full_of(0x4444, &outside, &inside), 0);
    EQ(_MM_GET_ROUNDING_MODE(), _MM_ROUND_NEAREST);
    EQ(x87_control(), 0x37f);
    EQ(switch_with_registers_full_of(0x5555, &outside, &inside), 0);
    EQ(differences_inside, 0);
}
TEST_MAIN
