// SPDX-License-Identifier: ISC
/* pci.h - private to platform/virtio: what the two forms of virtio on PCI need of it. A function is bus << 8 | slot << 3 | number. */
#ifndef PLATFORM_VIRTIO_PCI_H
#define PLATFORM_VIRTIO_PCI_H
#include "platform/virtio/device.h"

#define PCI_PLACE_MAX (64u << 20)

struct pci_place {
    uint64_t at;
    uint32_t num_bytes;
    uint32_t step;              /* of notifications */
};
uint32_t pci_read32(uint32_t function, unsigned at);
uint64_t pci_bar(uint32_t function, unsigned i);
/* The first capability of this type (section 4.1.4) that can be used. */
MUST_CHECK bool pci_virtio_capability(uint32_t function, uint8_t type, struct pci_place *out);

/* Fill in the transport and its registers; false: the device has not that form. */
MUST_CHECK bool pci_modern_open(uint32_t function, struct device *d);
MUST_CHECK bool pci_legacy_open(uint32_t function, struct device *d);

#endif
