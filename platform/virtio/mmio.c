// SPDX-License-Identifier: ISC
/* mmio.c - devices with memory-mapped registers (VIRTIO 1.2, section 4.2; version 1: section 4.2.4). The command line names them, as
 * Linux understands it (virtio_mmio.device=SIZE@ADDRESS:IRQ); without a word there and without PCI the slots of QEMU's microvm
 * are looked at. */
#include "platform/virtio/device.h"
#include "platform/virtio/io.h"
#include "platform/virtio/machine.h"

enum {
    MAGIC = 0x00,
    VERSION = 0x04,
    DEVICE_ID = 0x08,
    DEVICE_FEATURES = 0x10,
    DEVICE_FEATURES_WORD = 0x14,
    DRIVER_FEATURES = 0x20,
    DRIVER_FEATURES_WORD = 0x24,
    GUEST_PAGE_BYTES = 0x28,
    QUEUE_SELECT = 0x30,
    QUEUE_SIZE_MAX = 0x34,
    QUEUE_SIZE = 0x38,
    QUEUE_ALIGN = 0x3c,
    QUEUE_PAGE = 0x40,
    QUEUE_READY = 0x44,
    QUEUE_NOTIFY = 0x50,
    INTERRUPT_STATUS = 0x60,
    INTERRUPT_ACK = 0x64,
    STATUS = 0x70,
    QUEUE_DESCRIPTORS = 0x80,
    QUEUE_AVAILABLE = 0x90,
    QUEUE_USED = 0xa0,
    CONFIG = 0x100,
};
#define MAGIC_VALUE 0x74726976u         /* "virt" */
#define SLOTS_AT 0xfeb00000u
#define SLOT_BYTES 512u
#define SLOTS 24u
#define SLOTS_ONE_IO_APIC 8u
#define FIRST_IRQ 24u
#define FIRST_IRQ_ONE_IO_APIC 5u

static uint32_t get(const struct device *d, unsigned reg)
{
    return mmio_read32(d->common + reg);
}
static void put(const struct device *d, unsigned reg, uint32_t v)
{
    mmio_write32(d->common + reg, v);
}
static void put64(const struct device *d, unsigned reg, uint64_t v)
{
    put(d, reg, (uint32_t)v);
    put(d, reg + 4, (uint32_t)(v >> 32));
}

static uint8_t status(const struct device *d)
{
    return (uint8_t)get(d, STATUS);
}
static void set_status(const struct device *d, uint8_t v)
{
    put(d, STATUS, v);
    if (v == 0 && d->is_legacy)
        put(d, GUEST_PAGE_BYTES, PAGE_BYTES);
}
static uint64_t features(const struct device *d)
{
    put(d, DEVICE_FEATURES_WORD, 0);
    uint64_t low = get(d, DEVICE_FEATURES);
    put(d, DEVICE_FEATURES_WORD, 1);
    return low | (uint64_t)get(d, DEVICE_FEATURES) << 32;
}
static void set_features(const struct device *d, uint64_t v)
{
    put(d, DRIVER_FEATURES_WORD, 0);
    put(d, DRIVER_FEATURES, (uint32_t)v);
    put(d, DRIVER_FEATURES_WORD, 1);
    put(d, DRIVER_FEATURES, (uint32_t)(v >> 32));
}
static uint8_t config(const struct device *d, unsigned offset)
{
    return mmio_read8(d->common + CONFIG + offset);
}
static uint16_t queue_size(const struct device *d, unsigned queue)
{
    put(d, QUEUE_SELECT, queue);
    uint32_t max = get(d, QUEUE_SIZE_MAX);
    return max > UINT16_MAX ? 0 : (uint16_t)max;
}
static void queue_enable(struct device *d, unsigned queue, const struct virtqueue *q)
{
    struct virtqueue_places at = virtqueue_places(q);
    put(d, QUEUE_SELECT, queue);
    put(d, QUEUE_SIZE, q->size);
    if (d->is_legacy) {
        put(d, QUEUE_ALIGN, VIRTQUEUE_ALIGNMENT);
        put(d, QUEUE_PAGE, (uint32_t)(at.descriptors / PAGE_BYTES));
        return;
    }
    put64(d, QUEUE_DESCRIPTORS, at.descriptors);
    put64(d, QUEUE_AVAILABLE, at.available);
    put64(d, QUEUE_USED, at.used);
    put(d, QUEUE_READY, 1);
}
static void notify(const struct device *d, unsigned queue)
{
    put(d, QUEUE_NOTIFY, queue);
}
static void acknowledge(const struct device *d)
{
    uint32_t why = get(d, INTERRUPT_STATUS);
    if (why != 0)
        put(d, INTERRUPT_ACK, why);
}
static const struct transport transport = {
    status, set_status, features, set_features, config, queue_size, queue_enable, notify, acknowledge,
};

/* ---- Finding them */

static void probe(uintptr_t at, uint32_t irq)
{
    struct device d = { .transport = &transport, .common = at, .has_interrupt = true };
    pages_map_device(at, SLOT_BYTES);
    uint32_t id = get(&d, MAGIC) == MAGIC_VALUE ? get(&d, DEVICE_ID) : 0;
    uint32_t version = get(&d, VERSION);
    if (id == 0 || version < 1 || version > 2)
        return;
    d.is_legacy = version == 1;
    d.kind = (enum virtio_kind)id;
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

void mmio_scan(struct span line)
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
void mmio_scan_slots(void)
{
    if (num_named > 0)
        return;
    bool has_two = acpi_facts.num_io_apics != 1;
    for (unsigned i = has_two ? SLOTS : SLOTS_ONE_IO_APIC; i > 0; i--)
        probe(SLOTS_AT + (i - 1) * SLOT_BYTES, (has_two ? FIRST_IRQ : FIRST_IRQ_ONE_IO_APIC) + i - 1);
}
