// SPDX-License-Identifier: ISC
/* faults.c - what the CPU of a virtual machine must catch besides the mistakes of check/faults, one a run; and how long the way to the
 * application was. */
#include "faults.h"
#include "arch/arch.h"
#include "runtime/log.h"

/* Hidden from the compiler, which would see through the mistakes. */
static volatile uintptr_t nowhere;
extern uint64_t virtio_entry_cycles;

__attribute__((noinline)) static void write_to(uintptr_t at)
{
    *(volatile uint8_t *)(at + nowhere) = 0xc3;
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
        { "divide", divide }, { "trap", trap }, { "far", far }, { "wild", wild },
    };
    uint64_t cycles = arch_cycles() - virtio_entry_cycles;
    for (size_t i = 0; i < NUM_OF(mistakes); i++)
        if (span_eq(arg_mistake(), span_of_str(mistakes[i].name)))
            mistakes[i].make();
    print("%llu cycles from the entry to the application\n", (unsigned long long)cycles);
    return OK;
}
