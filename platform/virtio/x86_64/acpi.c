// SPDX-License-Identifier: ISC
/* acpi.c - how to turn the machine off, its power button, its I/O interrupt controllers (ACPI 6.4, chapter 5). The one object that is
 * taken from the bytecode is \_S5, which firmware writes as a package of small constants. */
#include "base/cursor.h"
#include "platform/virtio/x86_64/pc.h"

enum {
    TABLE_HEADER_BYTES = 36,
    TABLE_BYTES_MAX = 1 << 20,
    RSDP_BYTES = 36,
    BIOS_BEGIN = 0xe0000,
    BIOS_END = 0x100000,
    FADT_DSDT = 40,
    FADT_SCI = 46,
    FADT_PM1A_EVENT = 56,
    FADT_PM1A_CONTROL = 64,
    FADT_PM1B_CONTROL = 68,
    FADT_PM1_EVENT_BYTES = 88,
    FADT_FLAGS = 112,
    FADT_SLEEP_CONTROL = 244,
    MADT_ENTRIES = 44,
    MADT_IO_APIC = 1,
    HEADER_OEM = 10,
    QEMU_SLEEP_OFFSET = 0x200,
    QEMU_EVENT_IRQ = 9,
    IN_MEMORY = 0,
    AML_ZERO = 0,
    AML_ONE = 1,
    AML_BYTE = 0x0a,
    AML_PACKAGE = 0x12,
};
#define FLAG_REDUCED (1u << 20)
#define SLEEP_ENABLE (1u << 13)
#define SLEEP_TYPE_SHIFT 10
#define REDUCED_SLEEP_ENABLE (1u << 5)
#define REDUCED_SLEEP_TYPE_SHIFT 2

struct acpi_facts acpi_facts;
static struct span definitions;         /* the bytecode, with its header */
static bool is_reduced;                 /* hardware-reduced ACPI: virtual machines without a chip set */

static uint16_t le16(struct span s, size_t at)
{
    return at + 2 <= s.n ? __builtin_bswap16(span_u16(s, at)) : 0;
}
static uint32_t le32(struct span s, size_t at)
{
    return at + 4 <= s.n ? __builtin_bswap32(span_u32(s, at)) : 0;
}
static uint64_t le64(struct span s, size_t at)
{
    return at + 8 <= s.n ? span_le64(s, at) : 0;
}

/* ---- Tables */

static struct span table_at(uint64_t at)
{
    size_t num_bytes = le32(pages_firmware(at, TABLE_HEADER_BYTES), 4);
    return num_bytes >= TABLE_HEADER_BYTES && num_bytes <= TABLE_BYTES_MAX ? pages_firmware(at, num_bytes) : (struct span){ 0 };
}

static uint64_t find_rsdp(void)
{
    struct span bios = pages_firmware(BIOS_BEGIN, BIOS_END - BIOS_BEGIN);
    while (bios.n > 0 && !span_starts(bios, TEXT("RSD PTR ")))
        bios = span_skip(bios, 16);
    return bios.n > 0 ? BIOS_END - bios.n : 0;
}

/* ---- Turning off */

/* The first element of \_S5: what to write as the type of sleep. false: there is none. */
static bool find_sleep_type(struct span code, uint16_t *type)
{
    while (code.n > 0) {
        code = span_skip(code, span_find(code, '_'));
        if (!span_starts(code, TEXT("_S5_\x12"))) {
            code = span_skip(code, 1);
            continue;
        }
        struct cur c = cur_of(span_skip(code, 5));
        (void)cur_u8(&c);               /* length, of one byte for so small a package */
        (void)cur_u8(&c);               /* number of elements */
        uint8_t first = cur_u8(&c);
        *type = first == AML_BYTE ? cur_u8(&c) : first;
        return c.err == WIRE_OK;
    }
    return false;
}

/* Events of such machines are told by bytecode alone; those of QEMU's microvm are known (docs/specs/acpi_hw_reduced_hotplug). */
static void read_reduced(struct span fadt)
{
    struct span address = span_sub(fadt, FADT_SLEEP_CONTROL, 12);
    bool is_memory = address.n > 0 && span_at(address, 0) == IN_MEMORY;
    acpi_facts.sleep = (struct acpi_register){ le64(address, 4), is_memory, false };
    if (!is_memory || acpi_facts.sleep.at == 0)
        return;
    pages_map_device(acpi_facts.sleep.at, 1);
    if (!span_starts(span_skip(fadt, HEADER_OEM), TEXT("BOCHS ")) || acpi_facts.sleep.at < QEMU_SLEEP_OFFSET)
        return;
    acpi_facts.power_event = (struct acpi_register){ acpi_facts.sleep.at - QEMU_SLEEP_OFFSET, true, true };
    acpi_facts.power_irq = QEMU_EVENT_IRQ;
    pages_map_device(acpi_facts.power_event.at, 4);
}

static void read_fixed(struct span fadt)
{
    acpi_facts.sleep = (struct acpi_register){ le32(fadt, FADT_PM1A_CONTROL), false, true };
    acpi_facts.sleep_b = (struct acpi_register){ le32(fadt, FADT_PM1B_CONTROL), false, true };
    acpi_facts.power_event = (struct acpi_register){ le32(fadt, FADT_PM1A_EVENT), false, true };
    acpi_facts.power_irq = (uint8_t)le16(fadt, FADT_SCI);
    acpi_facts.power_enable_offset = fadt.n > FADT_PM1_EVENT_BYTES ? span_at(fadt, FADT_PM1_EVENT_BYTES) / 2 : 0;
}

static void read_fadt(struct span fadt)
{
    definitions = table_at(le32(fadt, FADT_DSDT));
    is_reduced = (le32(fadt, FADT_FLAGS) & FLAG_REDUCED) != 0;
    if (is_reduced)
        read_reduced(fadt);
    else
        read_fixed(fadt);
}

/* Only here, at the end, the bytecode is searched. */
bool acpi_sleep_value(uint16_t *out)
{
    uint16_t type;
    if (!find_sleep_type(definitions, &type))
        return false;
    *out = (uint16_t)(is_reduced ? (unsigned)type << REDUCED_SLEEP_TYPE_SHIFT | REDUCED_SLEEP_ENABLE
                                 : (unsigned)type << SLEEP_TYPE_SHIFT | SLEEP_ENABLE);
    return true;
}

/* ---- Interrupt controllers */

static void read_madt(struct span madt)
{
    struct span entries = span_skip(madt, MADT_ENTRIES);
    while (entries.n >= 2 && span_at(entries, 1) >= 2) {
        struct span e = span_first(entries, span_at(entries, 1));
        if (span_at(e, 0) == MADT_IO_APIC && acpi_facts.num_io_apics < NUM_OF(acpi_facts.io_apic)) {
            size_t i = acpi_facts.num_io_apics++;
            acpi_facts.io_apic[i].at = le32(e, 4);
            acpi_facts.io_apic[i].first_irq = le32(e, 8);
        }
        entries = span_skip(entries, e.n);
    }
}

static void read_table(struct span table)
{
    if (span_starts(table, TEXT("FACP")))
        read_fadt(table);
    else if (span_starts(table, TEXT("APIC")))
        read_madt(table);
}

void acpi_init(void)
{
    uint64_t at = boot_rsdp ? boot_rsdp : find_rsdp();
    struct span rsdp = pages_firmware(at, RSDP_BYTES);
    if (!span_starts(rsdp, TEXT("RSD PTR ")))
        return;
    bool has_xsdt = span_at(rsdp, 15) >= 2 && le64(rsdp, 24) != 0;
    struct span list = span_skip(table_at(has_xsdt ? le64(rsdp, 24) : le32(rsdp, 16)), TABLE_HEADER_BYTES);
    for (size_t step = has_xsdt ? 8 : 4; list.n >= step; list = span_skip(list, step))
        read_table(table_at(has_xsdt ? le64(list, 0) : le32(list, 0)));
}
