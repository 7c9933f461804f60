// SPDX-License-Identifier: ISC
/* boot_info.c - PVH's start information (Xen, public/arch-x86/hvm/start_info.h) and Multiboot 1's (its specification,
 * section 3.3). Both loaders are below us, so the addresses that they give are believed, their lengths bounded. */
#include "platform/virtio/x86_64/pc.h"

#define MULTIBOOT_HAS_COMMAND_LINE 4u
#define MULTIBOOT_HAS_MEMORY_MAP 64u
#define TYPE_RAM 1u
#define FIRST_MAP_END 0x40000000u

struct pvh_start_info {
    uint32_t magic, version, flags, num_modules;
    uint64_t modules_at, command_line_at, rsdp_at, memory_map_at;
    uint32_t num_memory_map, reserved;
};
struct pvh_memory {
    uint64_t at, num_bytes;
    uint32_t type, reserved;
};
struct multiboot_info {
    uint32_t flags, lower_kb, upper_kb, boot_device, command_line_at, num_modules, modules_at, symbols[4];
    uint32_t memory_map_bytes, memory_map_at;
};
struct multiboot_memory {
    uint32_t entry_bytes;           /* that follow */
    uint64_t at, num_bytes;
    uint32_t type;
} __attribute__((packed));

uint64_t boot_rsdp;

static struct span bytes_at(uint64_t at, size_t num_bytes)
{
    if (at == 0 || at >= FIRST_MAP_END || num_bytes > FIRST_MAP_END - at)
        return (struct span){ 0 };
    return (struct span){ (const uint8_t *)(uintptr_t)at, num_bytes };
}

static void command_line_read(uint64_t at)
{
    struct span text = bytes_at(at, sizeof boot_info.command_line);
    text = span_first(text, span_find(text, 0));
    boot_info.command_line_bytes = span_copy(MSPAN(boot_info.command_line), text);
}

static void memory_add(uint32_t type, uint64_t at, uint64_t num_bytes)
{
    if (type == TYPE_RAM)
        boot_info_add_ram(at, num_bytes);
}

static void pvh_read(uintptr_t at)
{
    struct pvh_start_info info = { 0 };
    struct pvh_memory memory;
    (void)span_copy(MSPAN_OF(info), bytes_at(at, sizeof info));
    command_line_read(info.command_line_at);
    boot_rsdp = info.rsdp_at;
    if (info.version < 1)
        return;
    struct span map = bytes_at(info.memory_map_at, info.num_memory_map * sizeof memory);
    for (; map.n >= sizeof memory; map = span_skip(map, sizeof memory)) {
        (void)span_copy(MSPAN_OF(memory), map);
        memory_add(memory.type, memory.at, memory.num_bytes);
    }
}

/* The command line begins with the name of the image. */
static void skip_image_name(void)
{
    struct span line = span_first(SPAN(boot_info.command_line), boot_info.command_line_bytes);
    struct span rest = span_skip(line, span_find(line, ' ') + 1);
    for (size_t i = 0; i < rest.n; i++)
        boot_info.command_line[i] = span_at(rest, i);
    boot_info.command_line_bytes = rest.n;
}

static void multiboot_read(uintptr_t at)
{
    struct multiboot_info info = { 0 };
    struct multiboot_memory memory;
    (void)span_copy(MSPAN_OF(info), bytes_at(at, sizeof info));
    if (info.flags & MULTIBOOT_HAS_COMMAND_LINE)
        command_line_read(info.command_line_at);
    skip_image_name();
    if (!(info.flags & MULTIBOOT_HAS_MEMORY_MAP))
        return;
    struct span map = bytes_at(info.memory_map_at, info.memory_map_bytes);
    while (map.n >= sizeof memory) {
        (void)span_copy(MSPAN_OF(memory), map);
        memory_add(memory.type, memory.at, memory.num_bytes);
        map = span_skip(map, memory.entry_bytes + sizeof memory.entry_bytes);
    }
}

void boot_info_read(uintptr_t at, bool is_pvh)
{
    if (is_pvh)
        pvh_read(at);
    else
        multiboot_read(at);
}
