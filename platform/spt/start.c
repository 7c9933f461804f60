// SPDX-License-Identifier: ISC
/* start.c - from the entry point to platform_main: the thread pointer with the stack canary, constructors, the devices. */
#include "arch/thread_area.h"
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"
#include <time.h>

SOLO5_ABI_NOTE(SOLO5_TARGET_SPT, SOLO5_SPT_VERSION);
struct spt_extension spt_extension __attribute__((section(".data.spt_extension")));
const struct solo5_spt_boot *spt_boot;

_Static_assert(sizeof(struct spt_extension) == 1112 && SPT_EXTENSION_VERSION == 2 && SPT_NOTE_TYPE == 0x58545053, "note.S says so");

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
    guest.memory = (struct mspan){ _end, spt_boot->mem_bytes - (uintptr_t)_end };
    spt_net_init();
    const struct platform_start about = {
        .target = "spt",
        .command_line = span_of_str(spt_boot->command_line),
        .memory = guest.memory,
    };
    platform_main(&about);
}

__attribute__((no_stack_protector)) void guest_start(const void *boot)
{
    bool is_extended = spt_extension.version != 0;
    spt_boot = boot;
    guest.manifest = spt_boot->manifest;
    guest.devices = &spt_extension.device;
    if (is_extended)
        guest.entropy = MSPAN(spt_extension.entropy);
    arch_set_canary(guest_make_canary(is_extended ? 0 : spt_clock(CLOCK_REALTIME)));
    spt_set_thread_pointer(arch_thread_area());
    start();
}
