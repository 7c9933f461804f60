// SPDX-License-Identifier: ISC
/* mmio.c - devices with memory-mapped registers (VIRTIO 1.2, section 4.2; version 1: section 4.2.4). */
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
#define SLOT_BYTES 512u

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

bool mmio_probe(uintptr_t at, struct device *d)
{
    *d = (struct device){ .transport = &transport, .common = at, .has_interrupt = true };
    pages_map_device(at, SLOT_BYTES);
    uint32_t id = get(d, MAGIC) == MAGIC_VALUE ? get(d, DEVICE_ID) : 0;
    uint32_t version = get(d, VERSION);
    if (id == 0 || version < 1 || version > 2)
        return false;
    d->is_legacy = version == 1;
    d->kind = (enum virtio_kind)id;
    return true;
}
