// SPDX-License-Identifier: ISC
/* pci_legacy.c - the ports of virtio before 1.0 on PCI (VIRTIO 1.2, section 4.1.4.10): queues of the device's size at a page number. */
#include "platform/virtio/io.h"
#include "platform/virtio/machine.h"
#include "platform/virtio/pci.h"

enum {
    DEVICE_FEATURES = 0x00,
    DRIVER_FEATURES = 0x04,
    QUEUE_PAGE = 0x08,
    QUEUE_SIZE = 0x0c,
    QUEUE_SELECT = 0x0e,
    QUEUE_NOTIFY = 0x10,
    STATUS = 0x12,
    MSIX_CONFIG = 0x14,
    QUEUE_MSIX = 0x16,
    CONFIG = 0x14,
    CONFIG_WITH_MSIX = 0x18,
    BAR0 = 0x10,
};
#define NO_VECTOR 0xffffu

static uint16_t port(const struct device *d, unsigned reg)
{
    return (uint16_t)(d->common + reg);
}

static uint8_t status(const struct device *d)
{
    return in8(port(d, STATUS));
}
static void set_status(const struct device *d, uint8_t v)
{
    out8(port(d, STATUS), v);
}
static uint64_t features(const struct device *d)
{
    return in32(port(d, DEVICE_FEATURES));
}
static void set_features(const struct device *d, uint64_t v)
{
    out32(port(d, DRIVER_FEATURES), (uint32_t)v);
}
static uint8_t config(const struct device *d, unsigned offset)
{
    return in8((uint16_t)(port(d, d->has_interrupt ? CONFIG_WITH_MSIX : CONFIG) + offset));
}
static uint16_t queue_size(const struct device *d, unsigned queue)
{
    out16(port(d, QUEUE_SELECT), (uint16_t)queue);
    return in16(port(d, QUEUE_SIZE));
}
static void queue_enable(struct device *d, unsigned queue, const struct virtqueue *q)
{
    out16(port(d, QUEUE_SELECT), (uint16_t)queue);
    out32(port(d, QUEUE_PAGE), (uint32_t)(virtqueue_places(q).descriptors / PAGE_BYTES));
    if (!d->has_interrupt)
        return;
    out16(port(d, MSIX_CONFIG), NO_VECTOR);
    out16(port(d, QUEUE_MSIX), 0);
}
static void notify(const struct device *d, unsigned queue)
{
    out16(port(d, QUEUE_NOTIFY), (uint16_t)queue);
}
static void acknowledge(const struct device *d)
{
    (void)d;                            /* messages need none */
}
static const struct transport transport = {
    status, set_status, features, set_features, config, queue_size, queue_enable, notify, acknowledge,
};

bool pci_legacy_open(uint32_t function, struct device *d)
{
    uint32_t bar = pci_read32(function, BAR0);
    if ((bar & 1) == 0 || (bar & ~UINT32_C(3)) == 0 || bar > UINT16_MAX)
        return false;
    d->transport = &transport;
    d->common = bar & ~UINT32_C(3);
    d->is_legacy = d->has_fixed_queues = true;
    return true;
}
