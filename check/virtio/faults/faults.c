// SPDX-License-Identifier: ISC
/* faults.c - the mistakes that the machine must catch, one a run. */
#include "faults.h"
#include "arch/arch.h"
#include "runtime/log.h"

/* Hidden from the compiler, which would see through the mistakes. */
static volatile uintptr_t nowhere;
static const int constant = 1;
static int variable = 1;
extern uint64_t virtio_entry_cycles;

__attribute__((noinline)) static void write_to(uintptr_t at)
{
    *(volatile uint8_t *)(at + nowhere) = 0xc3;
}
static void run_at(uintptr_t at)
{
    ((void (*)(void))(at + nowhere))();
}
__attribute__((noinline)) static uint64_t grow(uint64_t depth)
{
    volatile uint8_t room[1024];
    room[depth % sizeof room] = 1;
    return nowhere == 0 ? grow(depth + 1) + room[0] : 0;
}
__attribute__((no_sanitize("undefined"))) static void divide(void)
{
    volatile int one = 1, zero = 0;
    print("%d\n", one / zero);
}
static void trap(void)
{
    __builtin_trap();
}

static void null_read(void)
{
    print("%u\n", *(volatile unsigned *)(nowhere + 64));
}
static void null_write(void)
{
    write_to(8);
}
static void null_call(void)
{
    run_at(0);
}
static void write_code(void)
{
    write_to((uintptr_t)write_code);
}
static void write_constant(void)
{
    write_to((uintptr_t)&constant);
}
static void run_data(void)
{
    run_at((uintptr_t)&variable);
}
static void run_stack(void)
{
    uint8_t on_stack[16] = { 0xc3 };
    run_at((uintptr_t)on_stack);
}
static void overflow(void)
{
    print("%llu\n", (unsigned long long)grow(0));
}
static void far(void)
{
    write_to(UINT64_C(1) << 46);
}
static void wild(void)
{
    write_to(UINT64_C(1) << 60);
}

err faults_main(void)
{
    static const struct { const char *name; void (*make)(void); } mistakes[] = {
        { "null-read", null_read }, { "null-write", null_write }, { "null-call", null_call }, { "write-code", write_code },
        { "write-constant", write_constant }, { "run-data", run_data }, { "run-stack", run_stack }, { "overflow", overflow },
        { "divide", divide }, { "trap", trap }, { "far", far }, { "wild", wild },
    };
    uint64_t cycles = arch_cycles() - virtio_entry_cycles;
    for (size_t i = 0; i < NUM_OF(mistakes); i++)
        if (span_eq(arg_mistake(), span_of_str(mistakes[i].name)))
            mistakes[i].make();
    print("%llu cycles from the entry to the application\n", (unsigned long long)cycles);
    return OK;
}
