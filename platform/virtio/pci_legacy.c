// SPDX-License-Identifier: ISC
/* pci_legacy.c - the ports of virtio before 1.0 on PCI (VIRTIO 1.2, section 4.1.4.10): queues of the device's size at a page number. */
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
    INTERRUPT_STATUS = 0x13,            /* reading it ends the interrupt */
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

/* The registers for them are there then alone. */
static bool has_messages(const struct device *d)
{
    return d->has_interrupt && pci_interrupts_are_messages();
}

static uint8_t status(const struct device *d)
{
    return pci_port_read8(port(d, STATUS));
}
static void set_status(const struct device *d, uint8_t v)
{
    pci_port_write8(port(d, STATUS), v);
}
static uint64_t features(const struct device *d)
{
    return pci_port_read32(port(d, DEVICE_FEATURES));
}
static void set_features(const struct device *d, uint64_t v)
{
    pci_port_write32(port(d, DRIVER_FEATURES), (uint32_t)v);
}
static uint8_t config(const struct device *d, unsigned offset)
{
    return pci_port_read8((uint16_t)(port(d, has_messages(d) ? CONFIG_WITH_MSIX : CONFIG) + offset));
}
static uint16_t queue_size(const struct device *d, unsigned queue)
{
    pci_port_write16(port(d, QUEUE_SELECT), (uint16_t)queue);
    return pci_port_read16(port(d, QUEUE_SIZE));
}
static void queue_enable(struct device *d, unsigned queue, const struct virtqueue *q)
{
    pci_port_write16(port(d, QUEUE_SELECT), (uint16_t)queue);
    pci_port_write32(port(d, QUEUE_PAGE), (uint32_t)(virtqueue_places(q).descriptors / PAGE_BYTES));
    if (!has_messages(d))
        return;
    pci_port_write16(port(d, MSIX_CONFIG), NO_VECTOR);
    pci_port_write16(port(d, QUEUE_MSIX), 0);
}
static void notify(const struct device *d, unsigned queue)
{
    pci_port_write16(port(d, QUEUE_NOTIFY), (uint16_t)queue);
}
static void acknowledge(const struct device *d)
{
    if (!pci_interrupts_are_messages())
        (void)pci_port_read8(port(d, INTERRUPT_STATUS));
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
