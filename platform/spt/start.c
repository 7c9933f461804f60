// SPDX-License-Identifier: ISC
/* start.c - from the entry point to platform_main: the thread pointer with the stack canary, constructors, the devices. */
#include "arch/thread_area.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"

SOLO5_ABI_NOTE(SOLO5_TARGET_SPT, SOLO5_SPT_VERSION);
struct spt_extension spt_extension __attribute__((section(".data.spt_extension")));
struct spt spt;

_Static_assert(sizeof(struct spt_extension) == 1112 && SPT_EXTENSION_VERSION == 1 && SPT_NOTE_TYPE == 0x58545053, "note.S says so");

extern uint8_t _end[];

void guest_memory_is_too_small(void)
{
    static const char text[] = "spt: the image does not fit into memory: give the tender a larger --mem\n";
    (void)linux_call3(LINUX_WRITE, SPT_STDOUT, (long)text, sizeof text - 1);
    platform_exit(1);
}

/* Runs with the canary in place. */
NORETURN __attribute__((noinline)) static void start(void)
{
    if (spt_extension.version == 0)
        guest_assume_devices(0);
    guest_run_constructors();
    guest.memory = (struct mspan){ _end, spt.boot->mem_bytes - (uintptr_t)_end };
    spt_net_init();
    const struct platform_start about = {
        .target = "spt",
        .command_line = span_of_str(spt.boot->command_line),
        .memory = guest.memory,
    };
    platform_main(&about);
}

__attribute__((no_stack_protector)) void guest_start(const void *boot)
{
    bool is_extended = spt_extension.version != 0;
    spt.boot = boot;
    spt.way = is_extended ? &spt_way_morgana : &spt_way_solo5;
    guest.manifest = spt.boot->manifest;
    guest.devices = &spt_extension.device;
    if (is_extended)
        guest.entropy = MSPAN(spt_extension.entropy);
    arch_set_canary(guest_make_canary(is_extended ? 0 : spt.way->clock(0)));
    spt_set_thread_pointer(arch_thread_area());
    start();
}
