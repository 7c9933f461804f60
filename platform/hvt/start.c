// SPDX-License-Identifier: ISC
/* start.c - from the entry point to platform_main: the thread pointer with the stack canary, page tables of our own,
 * constructors, the devices. */
#include "arch/thread_area.h"
#include "platform/hvt/hvt.h"

#define TRANSFER_BYTES_MAX (1u << 20)   /* of a block call, under Solo5's tender */

SOLO5_ABI_NOTE(SOLO5_TARGET_HVT, SOLO5_HVT_VERSION);
struct hvt_extension hvt_extension __attribute__((section(".data.hvt_extension")));
struct hvt hvt;

_Static_assert(sizeof(struct hvt_extension) == 1096 && HVT_EXTENSION_VERSION == 2 && HVT_NOTE_TYPE == 0x58545648, "note.S says so");

/* Also called before there is a canary. */
__attribute__((no_stack_protector)) void guest_memory_is_too_small(void)
{
    static const char text[] = "hvt: the image does not fit into memory: give the tender a larger --mem\n";
    struct solo5_hvt_puts puts = { (uintptr_t)text, sizeof text - 1 };
    struct solo5_hvt_halt halt = { .exit_status = 1 };
    hvt_call(SOLO5_HVT_PUTS, &puts);
    for (;;)
        hvt_call(SOLO5_HVT_HALT, &halt);
}

/* Runs with the canary in place. */
NORETURN __attribute__((noinline)) static void start(void)
{
    guest.manifest = (const struct solo5_manifest *)(uintptr_t)hvt.boot->manifest;
    hvt_protect_memory();
    hvt_clock_init();
    if (hvt_extension.version == 0)
        guest_assume_devices(TRANSFER_BYTES_MAX);
    guest_run_constructors();
    hvt_net_init();
    const struct platform_start about = {
        .target = "hvt",
        .command_line = span_of_str((const char *)(uintptr_t)hvt.boot->command_line),
        .memory = guest.memory,
    };
    platform_main(&about);
}

/* The canary is zero until there is a better one: %fs has to point somewhere before anything can be called. */
__attribute__((no_stack_protector)) void guest_start(const void *boot)
{
    bool is_extended = hvt_extension.version != 0;
    hvt.boot = boot;
    guest.devices = &hvt_extension.device;
    if (is_extended)
        guest.entropy = MSPAN(hvt_extension.entropy);
    machine_set_thread_pointer(arch_thread_area());
    arch_set_canary(guest_make_canary(is_extended ? 0 : platform_clock_wall()));
    start();
}
