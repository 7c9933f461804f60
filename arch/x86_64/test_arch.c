// SPDX-License-Identifier: ISC
#include "arch/arch.h"
#include "check/test.h"
#include <xmmintrin.h>

#define STACK_BYTES 65536
static _Alignas(16) uint8_t stack[STACK_BYTES];
static struct arch_context outside, inside;
static unsigned num_steps;
static void *arg_seen;

static void count_steps(void *arg)
{
    arg_seen = arg;
    for (;;) {
        num_steps++;
        arch_context_switch(&inside, &outside);
    }
}
TEST(a_new_context_runs_its_entry_with_its_argument_and_goes_on_where_it_left)
{
    int argument;
    num_steps = 0;
    arch_context_init(&inside, MSPAN(stack), count_steps, &argument);
    EQ(num_steps, 0);
    for (unsigned i = 1; i <= 1000; i++) {
        arch_context_switch(&outside, &inside);
        EQ(num_steps, i);
    }
    TRUE(arg_seen == &argument);
}
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
static uint64_t stack_misalignment = 1;

static void look_at_the_stack(void *arg)
{
    (void)arg;
    stack_misalignment = (uintptr_t)__builtin_frame_address(0) % 16;
    arch_context_leave(&inside, &outside);
}
TEST(an_entry_finds_the_stack_aligned_as_the_abi_wants)
{
    arch_context_init(&inside, MSPAN(stack), look_at_the_stack, NULL);
    arch_context_switch(&outside, &inside);
    EQ(stack_misalignment, 0);
}
static uintptr_t trace[16];
static size_t num_traced, num_traced_of_2;

__attribute__((noinline)) static void innermost(unsigned depth)
{
    if (depth > 0)
        innermost(depth - 1);
    else {
        num_traced = arch_backtrace(MSPAN(stack), trace, NUM_OF(trace));
        num_traced_of_2 = arch_backtrace(MSPAN(stack), trace, 2);
    }
    __asm__ volatile("");
}
static void trace_three_frames(void *arg)
{
    (void)arg;
    innermost(2);
    arch_context_leave(&inside, &outside);
}
TEST(a_backtrace_ends_at_the_first_frame_of_the_stack)
{
    arch_context_init(&inside, MSPAN(stack), trace_three_frames, NULL);
    arch_context_switch(&outside, &inside);
    EQ(num_traced, 6);      /* in innermost three times, in the entry, in what calls it, in the start */
    EQ(num_traced_of_2, 2);
    TRUE(trace[0] - (uintptr_t)innermost < 4096 && trace[1] - (uintptr_t)innermost < 4096);
}
TEST(a_backtrace_never_leaves_the_stack_that_it_was_given)
{
    uintptr_t out[4];
    EQ(arch_backtrace(MSPAN(stack), out, NUM_OF(out)), 0);      /* we run elsewhere */
}
TEST(words_of_the_random_source_differ_and_are_never_stuck_values)
{
    uint64_t word[16];
    if (!arch_random(&word[0]))
        return;                         /* this CPU has none: then the answer must stay "no" */
    for (size_t i = 1; i < NUM_OF(word); i++) {
        TRUE(arch_random(&word[i]));
        TRUE(word[i] != 0 && word[i] != UINT64_MAX && word[i] != word[i - 1]);
    }
}
TEST(the_cycle_counter_counts)
{
    uint64_t first = arch_cycles();
    for (unsigned i = 0; i < 1000; i++)
        __asm__ volatile("");
    TRUE(arch_cycles() > first);
}
TEST_MAIN
