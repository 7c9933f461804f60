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

/* ---- Of each machine */

uint32_t pci_read32(uint32_t function, unsigned at);
void pci_write16(uint32_t function, unsigned at, uint16_t v);
bool pci_is_there(void);
/* Gives the function addresses, where no firmware has done so. */
void pci_place(uint32_t function);
/* What is used in a queue of the function wakes us from now on. false: it cannot. */
MUST_CHECK bool pci_open_interrupt(uint32_t function);
/* Whether such interrupts are messages; else they go on until a device's status was read. */
bool pci_interrupts_are_messages(void);
uint8_t pci_port_read8(uint16_t port);
uint16_t pci_port_read16(uint16_t port);
uint32_t pci_port_read32(uint16_t port);
void pci_port_write8(uint16_t port, uint8_t v);
void pci_port_write16(uint16_t port, uint16_t v);
void pci_port_write32(uint16_t port, uint32_t v);

/* ---- pci.c */

/* The next capability with this id behind `after` (0: the first); 0: there is none. */
unsigned pci_capability(uint32_t function, uint8_t id, unsigned after);
uint64_t pci_bar(uint32_t function, unsigned i);
/* The first capability of this type (section 4.1.4) that can be used. */
MUST_CHECK bool pci_virtio_capability(uint32_t function, uint8_t type, struct pci_place *out);

/* Fill in the transport and its registers; false: the device has not that form. */
MUST_CHECK bool pci_modern_open(uint32_t function, struct device *d);
MUST_CHECK bool pci_legacy_open(uint32_t function, struct device *d);

#endif
