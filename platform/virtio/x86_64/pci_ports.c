// SPDX-License-Identifier: ISC
/* pci_ports.c - PCI by configuration mechanism 1 (PCI Local Bus 3.0, section 3.2.2.3.2), where firmware has given everything an
 * address. Interrupts are messages (MSI-X). */
#include "platform/virtio/io.h"
#include "platform/virtio/pci.h"
#include "platform/virtio/x86_64/pc.h"

enum {
    CONFIG_ADDRESS = 0xcf8,
    CONFIG_DATA = 0xcfc,
    COMMAND = 0x04,
};
#define CONFIG_ENABLE 0x80000000u
#define COMMAND_NO_INTX 0x400u
#define CAPABILITY_MSIX 0x11u
#define MSIX_ENABLE 0x8000u

uint32_t pci_read32(uint32_t function, unsigned at)
{
    out32(CONFIG_ADDRESS, CONFIG_ENABLE | function << 8 | (at & 0xfc));
    return in32(CONFIG_DATA);
}

void pci_write16(uint32_t function, unsigned at, uint16_t v)
{
    out32(CONFIG_ADDRESS, CONFIG_ENABLE | function << 8 | (at & 0xfc));
    out16((uint16_t)(CONFIG_DATA + (at & 2)), v);
}

bool pci_is_there(void)
{
    uint32_t id = pci_read32(0, 0);
    return id != UINT32_MAX && id != 0;
}

void pci_place(uint32_t function)
{
    pci_write16(function, COMMAND, (uint16_t)(pci_read32(function, COMMAND) | COMMAND_NO_INTX));
}

/* Entry 0 of the table of messages wakes us. */
bool pci_open_interrupt(uint32_t function)
{
    unsigned at = pci_capability(function, CAPABILITY_MSIX, 0);
    uint32_t table = at ? pci_read32(function, at + 4) : 0;
    uint64_t bar = at ? pci_bar(function, table & 7) : 0;
    if (bar == 0)
        return false;
    uintptr_t entry = bar + (table & ~UINT32_C(7));
    struct message_interrupt m = interrupts_message();
    pages_map_device(entry, 16);
    mmio_write32(entry, (uint32_t)m.address);
    mmio_write32(entry + 4, (uint32_t)(m.address >> 32));
    mmio_write32(entry + 8, m.data);
    mmio_write32(entry + 12, 0);
    pci_write16(function, at + 2, MSIX_ENABLE);
    return true;
}

bool pci_interrupts_are_messages(void)
{
    return true;
}

uint8_t pci_port_read8(uint16_t port)
{
    return in8(port);
}
uint16_t pci_port_read16(uint16_t port)
{
    return in16(port);
}
uint32_t pci_port_read32(uint16_t port)
{
    return in32(port);
}
void pci_port_write8(uint16_t port, uint8_t v)
{
    out8(port, v);
}
void pci_port_write16(uint16_t port, uint16_t v)
{
    out16(port, v);
}
void pci_port_write32(uint16_t port, uint32_t v)
{
    out32(port, v);
}
