// SPDX-License-Identifier: ISC
/* device.h - private to platform/virtio: a virtio device, whatever it is reached through: PCI, modern or legacy, or
 * memory-mapped registers of version 1 or 2 (VIRTIO 1.2, chapters 3 and 4). */
#ifndef PLATFORM_VIRTIO_DEVICE_H
#define PLATFORM_VIRTIO_DEVICE_H
#include "base/writer.h"
#include "platform/virtio/virtqueue.h"

enum virtio_kind { VIRTIO_NET = 1, VIRTIO_BLOCK = 2, VIRTIO_ENTROPY = 4 };

#define FEATURE(n) (UINT64_C(1) << (n))
enum {                                      /* of every kind, section 6 */
    FEATURE_ANY_LAYOUT = 27,
    FEATURE_EVENT_INDEX = 29,
    FEATURE_VERSION_1 = 32,
};

#define DEVICE_QUEUES_MAX 2u                /* that we use */

struct device;
struct transport {
    uint8_t (*status)(const struct device *d);
    void (*set_status)(const struct device *d, uint8_t status);
    uint64_t (*features)(const struct device *d);
    void (*set_features)(const struct device *d, uint64_t features);
    uint8_t (*config)(const struct device *d, unsigned offset);
    uint16_t (*queue_size)(const struct device *d, unsigned queue);     /* the largest; 0: no such queue */
    void (*queue_enable)(struct device *d, unsigned queue, const struct virtqueue *q);
    void (*notify)(const struct device *d, unsigned queue);
    void (*acknowledge)(const struct device *d);        /* what it interrupted us for, where it wants that */
};
struct device {
    const struct transport *transport;
    enum virtio_kind kind;
    uintptr_t common, config_at;            /* registers, or ports; modern PCI alone has two places for them, */
    uintptr_t notify_at, notify_of[DEVICE_QUEUES_MAX];  /* and one for notifications, where each queue has its own */
    uintptr_t status_at;                    /* modern PCI: what it interrupted us for; 0: it does not tell */
    uint32_t notify_bytes, notify_step;
    bool is_legacy;                         /* not virtio 1.0: no negotiation of the result, 4 KB page numbers */
    bool has_fixed_queues;                  /* the driver cannot choose a smaller size */
    bool has_interrupt;
    uint64_t features;                      /* agreed upon */
};

/* ---- device.c: the life of a device */

/* Resets and agrees on features: those offered of the wanted ones. false: the device does not agree. */
MUST_CHECK bool device_begin(struct device *d, uint64_t wanted);
static inline bool device_has(const struct device *d, unsigned feature)
{
    return (d->features & FEATURE(feature)) != 0;
}
/* Makes a queue with room for `wanted` chains of one, or as many as the device has. Stops at a queue that cannot be. */
void device_queue(struct device *d, unsigned index, size_t wanted, struct virtqueue *q);
/* The device is kept, for devices_check. */
void device_ready(struct device *d);
void device_give_up(struct device *d);
uint64_t device_config(const struct device *d, unsigned offset, unsigned num_bytes);
/* Shows the device what was added to a queue, and tells it where it wants that. */
void device_push(const struct device *d, unsigned index, struct virtqueue *q);
/* Stops where one of them says that it has failed (section 2.1.2): nothing is completed any more. */
void devices_check(void);
/* The queue was broken by its device: the end. */
NORETURN void device_lies(const char *what);

/* ---- Finding them: each candidate is given to device_found, in the order of slots. */
void device_found(const struct device *d);
/* A device of the manifest, that the program wants, is not there: the machine stops. Another name is the program's own business. */
void device_check_missing(struct span name, bool is_net);
/* pci.c */
void pci_scan(void);
/* mmio.c. false: there is no device at these registers. */
MUST_CHECK bool mmio_probe(uintptr_t at, struct device *d);

/* ---- net.c, block.c, entropy.c. false: this device is not used. */
bool net_attach(const struct device *found, unsigned handle);
bool block_attach(const struct device *found, unsigned handle);
void entropy_attach(const struct device *found);
/* For waiting: bits of devices with something done; asks for interrupts where `wants_interrupt`. */
uint64_t net_look(bool wants_interrupt);
uint64_t block_look(bool wants_interrupt);
void net_acknowledge(void);
void block_acknowledge(void);
bool devices_are_polled(void);              /* one of them cannot interrupt us */

#endif
