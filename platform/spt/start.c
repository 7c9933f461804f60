// SPDX-License-Identifier: ISC
/* start.c - from the entry point to platform_main: the thread pointer with the stack canary, which Debian's
 * libraries read at %fs:0x28, constructors, and the devices. */
#include "arch/arch.h"
#include "arch/thread_area.h"
#include "base/checked.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"

SOLO5_ABI_NOTE(SOLO5_TARGET_SPT, SOLO5_SPT_VERSION);
struct spt_extension spt_extension __attribute__((section(".data.spt_extension")));
struct spt spt;

_Static_assert(offsetof(struct platform_stack_pool, stack_bytes) == 16, "entry.S reads it there");
_Static_assert(sizeof(struct spt_extension) == 1112 && SPT_EXTENSION_VERSION == 1, "entry.S says so");

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];
extern uint8_t _end[];

NORETURN void spt_start(const struct solo5_spt_boot *boot);
NORETURN void spt_memory_is_too_small(void);

void spt_memory_is_too_small(void)
{
    static const char text[] = "spt: the image does not fit into memory: give the tender a larger --mem\n";
    (void)linux_call3(LINUX_WRITE, SPT_STDOUT, (long)text, sizeof text - 1);
    platform_exit(1);
}

/* Unpredictable to a peer. */
__attribute__((no_stack_protector)) static uint64_t make_canary(void)
{
    uint64_t canary = 0;
    if (spt_extension.version != 0)
        (void)span_copy(MSPAN_OF(canary), SPAN(spt_extension.entropy));
    else if (!arch_random(&canary))
        canary = (arch_cycles() ^ (uint64_t)spt.way->clock(0)) * 0x9e3779b97f4a7c15u;
    return canary;
}

/* Solo5's tender says nothing about devices: plain frames, one sector a call. */
static void assume_plain_devices(void)
{
    for (unsigned h = 1; h < spt.boot->manifest->entries && h < SOLO5_RECORDS_MAX; h++) {
        const struct solo5_record *r = spt_record(h);
        if (r->type == SOLO5_DEVICE_NET)
            spt_extension.device[h] = (struct extension_device){ .net_kind = EXTENSION_NET_TAP, .net_mtu = r->net.mtu };
        else if (r->type == SOLO5_DEVICE_BLOCK)
            spt_extension.device[h] = (struct extension_device){ .block_max_transfer_bytes = r->block.sector_bytes };
    }
}

static void run_constructors(void)
{
    SLICE(constructor *const) list = { __init_array_start,
        ((uintptr_t)__init_array_end - (uintptr_t)__init_array_start) / sizeof(constructor *) };
    for (size_t i = 0; i < list.n; i++)
        AT(list, i)();
}

struct mspan spt_take_memory(size_t num_bytes)
{
    if (num_bytes > spt.memory.n)
        return (struct mspan){ 0 };
    struct mspan taken = mspan_skip(spt.memory, spt.memory.n - num_bytes);
    spt.memory = mspan_first(spt.memory, spt.memory.n - num_bytes);
    return taken;
}

/* Runs with the canary in place. */
NORETURN __attribute__((noinline)) static void start(void)
{
    if (spt_extension.version == 0)
        assume_plain_devices();
    run_constructors();
    spt.memory = (struct mspan){ _end, spt.boot->mem_bytes - (uintptr_t)_end };
    spt_net_init();
    const struct platform_start about = {
        .target = "spt",
        .command_line = span_of_str(spt.boot->command_line),
        .memory = spt.memory,
    };
    platform_main(&about);
}

__attribute__((no_stack_protector)) void spt_start(const struct solo5_spt_boot *boot)
{
    spt.boot = boot;
    spt.way = spt_extension.version != 0 ? &spt_way_morgana : &spt_way_solo5;
    arch_set_canary(make_canary());
    spt.way->set_thread_pointer(arch_thread_area());
    start();
}
