// SPDX-License-Identifier: ISC
/* start.c - from the first C to platform_main: the thread pointer and the stack canary, memory, the machine, constructors, and the
 * devices. */
#include "arch/arch.h"
#include "arch/machine.h"
#include "arch/thread_area.h"
#include "base/writer.h"
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/machine.h"

_Static_assert(offsetof(struct platform_stack_pool, stack_bytes) == 16, "each boot.S reads it there");

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];

static void run_constructors(void)
{
    SLICE(constructor *const) list = { __init_array_start,
        ((uintptr_t)__init_array_end - (uintptr_t)__init_array_start) / sizeof(constructor *) };
    for (size_t i = 0; i < list.n; i++)
        AT(list, i)();
}

/* Whether a word of the command line is for the machine; the program is not to see those. */
static bool is_ours(struct span word)
{
    return span_starts(word, TEXT("virtio_mmio.")) || span_eq(word, TEXT("pci=off"));
}

static struct span command_line(void)
{
    static uint8_t kept[sizeof boot_info.command_line + 1];
    struct span left = span_first(SPAN(boot_info.command_line), boot_info.command_line_bytes);
    struct wr w = wr_of(MSPAN(kept));
    while (left.n > 0) {
        struct span word = span_first(left, span_find(left, ' '));
        left = span_skip(left, word.n + 1);
        if (is_ours(word))
            continue;
        wr_bytes(&w, word);
        wr_u8(&w, ' ');
    }
    return wr_done(&w);
}

/* Runs with the canary in place; never returns, so that the device's randomness may still replace it. */
NORETURN __attribute__((noinline, no_stack_protector)) static void start(bool has_canary)
{
    uint64_t random;
    memory_init();
    pages_begin();
    machine_init();
    run_constructors();
    machine_scan_devices(span_first(SPAN(boot_info.command_line), boot_info.command_line_bytes));
    if (!has_canary && platform_entropy(MSPAN_OF(random)) == OK)
        arch_set_canary(random);
    const struct platform_start about = {
        .target = "virtio",
        .command_line = command_line(),
        .memory = memory_rest(),
    };
    platform_main(&about);
}

/* Until a device may give better numbers, the canary is the CPU's or the time of the start. */
__attribute__((no_stack_protector)) void virtio_start(uintptr_t told, uintptr_t how)
{
    uint64_t random = 0;
    bool has_canary = arch_random(&random);
    machine_set_thread_pointer(arch_thread_area());
    arch_set_canary(has_canary ? random : arch_cycles() * 0x9e3779b97f4a7c15u);
    machine_begin(told, how);
    start(has_canary);
}
