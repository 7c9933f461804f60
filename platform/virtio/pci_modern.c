// SPDX-License-Identifier: ISC
/* pci_modern.c - the registers of virtio 1.0 on PCI, which capabilities point to (VIRTIO 1.2, section 4.1.4). */
#include "platform/virtio/io.h"
#include "platform/virtio/machine.h"
#include "platform/virtio/pci.h"

enum {                                  /* types of capabilities */
    COMMON = 1,
    NOTIFY = 2,
    ISR = 3,
    CONFIG = 4,
};
enum {                                  /* in the common block, section 4.1.4.3 */
    DEVICE_FEATURES_WORD = 0x00,
    DEVICE_FEATURES = 0x04,
    DRIVER_FEATURES_WORD = 0x08,
    DRIVER_FEATURES = 0x0c,
    MSIX_CONFIG = 0x10,
    STATUS = 0x14,
    QUEUE_SELECT = 0x16,
    QUEUE_SIZE = 0x18,
    QUEUE_MSIX = 0x1a,
    QUEUE_ENABLE = 0x1c,
    QUEUE_NOTIFY = 0x1e,
    QUEUE_DESCRIPTORS = 0x20,
    QUEUE_AVAILABLE = 0x28,
    QUEUE_USED = 0x30,
    COMMON_BYTES = 0x38,
};
#define NO_VECTOR 0xffffu

static uint8_t status(const struct device *d)
{
    return mmio_read8(d->common + STATUS);
}
static void set_status(const struct device *d, uint8_t v)
{
    mmio_write8(d->common + STATUS, v);
}
static uint64_t features(const struct device *d)
{
    mmio_write32(d->common + DEVICE_FEATURES_WORD, 0);
    uint64_t low = mmio_read32(d->common + DEVICE_FEATURES);
    mmio_write32(d->common + DEVICE_FEATURES_WORD, 1);
    return low | (uint64_t)mmio_read32(d->common + DEVICE_FEATURES) << 32;
}
static void set_features(const struct device *d, uint64_t v)
{
    mmio_write32(d->common + DRIVER_FEATURES_WORD, 0);
    mmio_write32(d->common + DRIVER_FEATURES, (uint32_t)v);
    mmio_write32(d->common + DRIVER_FEATURES_WORD, 1);
    mmio_write32(d->common + DRIVER_FEATURES, (uint32_t)(v >> 32));
}
static uint8_t config(const struct device *d, unsigned offset)
{
    return d->config_at ? mmio_read8(d->config_at + offset) : 0;
}
static uint16_t queue_size(const struct device *d, unsigned queue)
{
    mmio_write16(d->common + QUEUE_SELECT, (uint16_t)queue);
    return mmio_read16(d->common + QUEUE_SIZE);
}
static void put64(uintptr_t at, uint64_t v)
{
    mmio_write32(at, (uint32_t)v);
    mmio_write32(at + 4, (uint32_t)(v >> 32));
}
/* At a distance that the device tells, inside what it showed us. */
static void find_notify(struct device *d, unsigned queue)
{
    uint64_t offset = (uint64_t)mmio_read16(d->common + QUEUE_NOTIFY) * d->notify_step;
    if (d->notify_bytes < sizeof(uint16_t) || offset > d->notify_bytes - sizeof(uint16_t))
        device_lies("a device wants to be notified outside its registers");
    d->notify_of[queue] = d->notify_at + offset;
}
static void queue_enable(struct device *d, unsigned queue, const struct virtqueue *q)
{
    struct virtqueue_places at = virtqueue_places(q);
    uint16_t vector = d->has_interrupt && pci_interrupts_are_messages() ? 0 : NO_VECTOR;
    mmio_write16(d->common + MSIX_CONFIG, vector);              /* where it fails */
    mmio_write16(d->common + QUEUE_SELECT, (uint16_t)queue);
    mmio_write16(d->common + QUEUE_SIZE, q->size);
    mmio_write16(d->common + QUEUE_MSIX, vector);
    put64(d->common + QUEUE_DESCRIPTORS, at.descriptors);
    put64(d->common + QUEUE_AVAILABLE, at.available);
    put64(d->common + QUEUE_USED, at.used);
    find_notify(d, queue);
    mmio_write16(d->common + QUEUE_ENABLE, 1);
}
static void notify(const struct device *d, unsigned queue)
{
    mmio_write16(d->notify_of[queue], (uint16_t)queue);
}
static void acknowledge(const struct device *d)
{
    if (!pci_interrupts_are_messages() && d->status_at)
        (void)mmio_read8(d->status_at);     /* which ends the interrupt */
}
static const struct transport transport = {
    status, set_status, features, set_features, config, queue_size, queue_enable, notify, acknowledge,
};

bool pci_modern_open(uint32_t function, struct device *d)
{
    struct pci_place common, notify_place, config_place, status_place;
    if (!pci_virtio_capability(function, COMMON, &common) || !pci_virtio_capability(function, NOTIFY, &notify_place) ||
        common.num_bytes < COMMON_BYTES)
        return false;
    pages_map_device(common.at, common.num_bytes);
    pages_map_device(notify_place.at, notify_place.num_bytes);
    d->transport = &transport;
    d->common = common.at;
    d->notify_at = notify_place.at;
    d->notify_step = notify_place.step;
    d->notify_bytes = notify_place.num_bytes;
    if (pci_virtio_capability(function, CONFIG, &config_place)) {
        pages_map_device(config_place.at, config_place.num_bytes);
        d->config_at = config_place.at;
    }
    if (pci_virtio_capability(function, ISR, &status_place)) {
        pages_map_device(status_place.at, status_place.num_bytes);
        d->status_at = status_place.at;
    }
    return true;
}
