// SPDX-License-Identifier: ISC
/* start.c - from long mode to platform_main: the machine, the thread pointer with the stack canary, which Debian's
 * libraries read at %fs:0x28, constructors, and the devices. */
#include "arch/arch.h"
#include "base/writer.h"
#include "platform/platform.h"
#include "platform/virtio/device.h"
#include "platform/virtio/io.h"
#include "platform/virtio/machine.h"

#define MSR_FS_BASE 0xc0000100u

_Static_assert(offsetof(struct platform_stack_pool, stack_bytes) == 16, "boot.S reads it there");

/* What %fs points to: the members of musl's struct pthread that its pure functions use. */
struct thread_area {
    struct thread_area *self;
    uint64_t unused0[4];
    uint64_t canary;            /* 0x28 */
    uint64_t unused1[15];
    const void *locale;         /* 0xa8: six categories, all "C" */
    uint64_t unused2[42];
};
_Static_assert(offsetof(struct thread_area, canary) == 0x28 && offsetof(struct thread_area, locale) == 0xa8 &&
               sizeof(struct thread_area) == 512, "musl 1.2.3");
static const void *const c_locale[6];
static struct thread_area thread_area __attribute__((aligned(64)));

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];

/* Unpredictable to a peer. Its first byte is zero, so that a string function stops at it. */
__attribute__((no_stack_protector)) static void set_canary(uint64_t random)
{
    thread_area.canary = random & ~(uint64_t)0xff;
}

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

static void machine_init(void)
{
    serial_init();
    traps_init();
    memory_init();
    pages_init();
    clock_init();
    acpi_init();
    interrupts_init();
    power_init();
}

/* Runs with the canary in place; never returns, so that the device's randomness may still replace it. */
NORETURN __attribute__((noinline, no_stack_protector)) static void start(bool has_canary)
{
    uint64_t random;
    machine_init();
    run_constructors();
    devices_init();
    if (!has_canary && platform_entropy(MSPAN_OF(random)) == OK)
        set_canary(random);
    const struct platform_start about = {
        .target = "virtio",
        .command_line = command_line(),
        .memory = memory_rest(),
    };
    platform_main(&about);
}

__attribute__((no_stack_protector)) void virtio_start(uintptr_t boot_info_at, bool is_pvh)
{
    uint64_t random = 0;
    bool has_canary = arch_random(&random);
    thread_area.self = &thread_area;
    thread_area.locale = c_locale;
    set_canary(has_canary ? random : arch_cycles() * 0x9e3779b97f4a7c15u);
    msr_write(MSR_FS_BASE, (uintptr_t)&thread_area);
    boot_info_read(boot_info_at, is_pvh);
    start(has_canary);
}
