// SPDX-License-Identifier: ISC
#include "arch/arch.h"
#include "check/test.h"

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
