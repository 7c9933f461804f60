// SPDX-License-Identifier: ISC
/* find.c - where devices are: on PCI, and in memory. The command line names the latter, as Linux understands it
 * (virtio_mmio.device=SIZE@ADDRESS:IRQ); without a word there and without PCI the slots of QEMU's microvm are looked at. */
#include "platform/virtio/device.h"
#include "platform/virtio/pci.h"
#include "platform/virtio/x86_64/pc.h"

#define SLOTS_AT 0xfeb00000u
#define SLOT_BYTES 512u
#define SLOTS 24u
#define SLOTS_ONE_IO_APIC 8u
#define FIRST_IRQ 24u
#define FIRST_IRQ_ONE_IO_APIC 5u

static void probe(uintptr_t at, uint32_t irq)
{
    struct device d;
    if (!mmio_probe(at, &d))
        return;
    interrupts_open_line(irq, INTERRUPT_DEVICE, false);
    device_found(&d);
}

/* A number as C writes it, with K, M or G behind it; *rest is what follows. */
static uint64_t number(struct span text, struct span *rest)
{
    uint64_t v = 0, base = span_starts(text, TEXT("0x")) ? 16 : 10;
    for (text = base == 16 ? span_skip(text, 2) : text; text.n > 0; text = span_skip(text, 1)) {
        unsigned c = span_at(text, 0) | 0x20u, digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
        if (digit >= base)
            break;
        v = v * base + digit;
    }
    bool has_unit = text.n > 0 && span_find(TEXT("KMGkmg"), span_at(text, 0)) < 6;
    *rest = span_skip(text, has_unit ? 1 : 0);
    return v;
}

static void probe_named(struct span word)
{
    struct span rest;
    (void)number(word, &rest);
    if (!span_starts(rest, TEXT("@")))
        return;
    uint64_t at = number(span_skip(rest, 1), &rest);
    if (at == 0 || at % 4 != 0 || !span_starts(rest, TEXT(":")))
        return;
    probe(at, (uint32_t)number(span_skip(rest, 1), &rest));
}

static unsigned num_named;

static void scan_named(struct span line)
{
    while (line.n > 0) {
        struct span word = span_first(line, span_find(line, ' '));
        line = span_skip(line, word.n + 1);
        if (!span_starts(word, TEXT("virtio_mmio.device=")))
            continue;
        probe_named(span_skip(word, sizeof "virtio_mmio.device=" - 1));
        num_named++;
    }
}

/* The first device that QEMU is told of gets the last slot. */
static void scan_slots(void)
{
    if (num_named > 0)
        return;
    bool has_two = acpi_facts.num_io_apics != 1;
    for (unsigned i = has_two ? SLOTS : SLOTS_ONE_IO_APIC; i > 0; i--)
        probe(SLOTS_AT + (i - 1) * SLOT_BYTES, (has_two ? FIRST_IRQ : FIRST_IRQ_ONE_IO_APIC) + i - 1);
}

void machine_scan_devices(struct span command_line)
{
    bool has_pci = pci_is_there();
    if (has_pci)
        pci_scan();
    scan_named(command_line);
    if (!has_pci)
        scan_slots();
}
