// SPDX-License-Identifier: ISC
/* start.c - from the entry point to platform_main: the thread pointer with the stack canary, page tables of our own,
 * constructors, the devices. */
#include "arch/arch.h"
#include "arch/thread_area.h"
#include "base/checked.h"
#include "platform/hvt/hvt.h"

SOLO5_ABI_NOTE(SOLO5_TARGET_HVT, SOLO5_HVT_VERSION);
struct hvt_extension hvt_extension __attribute__((section(".data.hvt_extension")));
struct hvt hvt;

_Static_assert(offsetof(struct platform_stack_pool, stack_bytes) == 16, "entry.S reads it there");
_Static_assert(sizeof(struct hvt_extension) == 1096 && HVT_EXTENSION_VERSION == 1, "entry.S says so");

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];

NORETURN void hvt_start(const struct solo5_hvt_boot *boot);

/* Also called before there is a canary. */
__attribute__((no_stack_protector)) void hvt_memory_is_too_small(void)
{
    static const char text[] = "hvt: the image does not fit into memory: give the tender a larger --mem\n";
    struct solo5_hvt_puts puts = { (uintptr_t)text, sizeof text - 1 };
    struct solo5_hvt_halt halt = { .exit_status = 1 };
    hvt_call(SOLO5_HVT_PUTS, &puts);
    for (;;)
        hvt_call(SOLO5_HVT_HALT, &halt);
}

/* Unpredictable to a peer. */
__attribute__((noinline)) static uint64_t make_canary(void)
{
    uint64_t canary = 0;
    struct solo5_hvt_walltime wall = { 0 };
    if (hvt_extension.version != 0) {
        (void)span_copy(MSPAN_OF(canary), SPAN(hvt_extension.entropy));
    } else if (!arch_random(&canary)) {
        hvt_call(SOLO5_HVT_WALLTIME, &wall);
        canary = (arch_cycles() ^ wall.nsecs) * 0x9e3779b97f4a7c15u;
    }
    return canary;
}

/* Solo5's tender says nothing about devices: plain frames, blocks of any length. */
static void assume_plain_devices(void)
{
    for (unsigned h = 1; h < hvt.manifest->entries && h < SOLO5_RECORDS_MAX; h++) {
        const struct solo5_record *r = hvt_record(h);
        if (r->type == SOLO5_DEVICE_NET)
            hvt_extension.device[h] = (struct extension_device){ .net_kind = EXTENSION_NET_TAP, .net_mtu = r->net.mtu };
        else if (r->type == SOLO5_DEVICE_BLOCK)
            hvt_extension.device[h] = (struct extension_device){ .block_max_transfer_bytes = 1u << 20 };
    }
}

static void run_constructors(void)
{
    SLICE(constructor *const) list = { __init_array_start,
        ((uintptr_t)__init_array_end - (uintptr_t)__init_array_start) / sizeof(constructor *) };
    for (size_t i = 0; i < list.n; i++)
        AT(list, i)();
}

struct mspan hvt_take_memory(size_t num_bytes)
{
    if (num_bytes > hvt.memory.n)
        hvt_memory_is_too_small();
    struct mspan taken = mspan_skip(hvt.memory, hvt.memory.n - num_bytes);
    hvt.memory = mspan_first(hvt.memory, hvt.memory.n - num_bytes);
    return taken;
}

/* Runs with the canary in place. */
NORETURN __attribute__((noinline)) static void start(void)
{
    hvt.manifest = (const struct solo5_manifest *)(uintptr_t)hvt.boot->manifest;
    hvt_protect_memory();
    hvt_clock_init();
    if (hvt_extension.version == 0)
        assume_plain_devices();
    run_constructors();
    hvt_net_init();
    const struct platform_start about = {
        .target = "hvt",
        .command_line = span_of_str((const char *)(uintptr_t)hvt.boot->command_line),
        .memory = hvt.memory,
    };
    platform_main(&about);
}

/* The canary is zero until there is a better one: %fs has to point somewhere before anything can be called. */
__attribute__((no_stack_protector)) void hvt_start(const struct solo5_hvt_boot *boot)
{
    hvt.boot = boot;
    machine_set_thread_pointer(arch_thread_area());
    arch_set_canary(make_canary());
    start();
}
