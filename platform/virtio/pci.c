// SPDX-License-Identifier: ISC
/* pci.c - virtio on PCI (VIRTIO 1.2, section 4.1): finds the devices, bridges included, and reaches their registers: those of 1.0 by
 * capabilities, else the legacy block of ports. */
#include "platform/virtio/pci.h"
#include "platform/virtio/machine.h"

enum {
    ID = 0x00,
    COMMAND = 0x04,
    CLASS = 0x08,
    HEADER_TYPE = 0x0e,
    BAR0 = 0x10,
    BUSES = 0x18,
    SUBSYSTEM = 0x2c,
    CAPABILITIES = 0x34,
};
#define COMMAND_IO_MEMORY_MASTER 0x7u
#define STATUS_HAS_CAPABILITIES (1u << 20)
#define VENDOR 0x1af4u
#define FIRST_LEGACY 0x1000u
#define FIRST_MODERN 0x1040u
#define LAST_ID 0x107fu
#define CLASS_BRIDGE 0x0604u
#define CAPABILITY_VENDOR 0x09u
#define CAPABILITIES_MAX 48u
#define BUSES_MAX 64u
#define BAR_IS_IO 1u
#define BAR_IS_64 4u

static uint16_t read16(uint32_t function, unsigned at)
{
    return (uint16_t)(pci_read32(function, at) >> (at & 2) * 8);
}
static uint8_t read8(uint32_t function, unsigned at)
{
    return (uint8_t)(pci_read32(function, at) >> (at & 3) * 8);
}
/* ---- Capabilities and addresses */

/* 0: no address, or ports where memory is wanted. */
uint64_t pci_bar(uint32_t function, unsigned i)
{
    if (i > 5)
        return 0;
    uint32_t low = pci_read32(function, BAR0 + 4 * i);
    if (low & BAR_IS_IO)
        return 0;
    uint64_t high = (low & BAR_IS_64) && i < 5 ? pci_read32(function, BAR0 + 4 * i + 4) : 0;
    return high << 32 | (low & ~UINT32_C(15));
}

unsigned pci_capability(uint32_t function, uint8_t id, unsigned after)
{
    if ((pci_read32(function, COMMAND) & STATUS_HAS_CAPABILITIES) == 0)
        return 0;
    unsigned at = read8(function, after ? after + 1 : CAPABILITIES) & 0xfc;
    for (unsigned i = 0; at != 0 && i < CAPABILITIES_MAX; i++, at = read8(function, at + 1) & 0xfc)
        if (read8(function, at) == id)
            return at;
    return 0;
}

bool pci_virtio_capability(uint32_t function, uint8_t type, struct pci_place *out)
{
    unsigned at = 0;
    for (unsigned i = 0; i < CAPABILITIES_MAX && (at = pci_capability(function, CAPABILITY_VENDOR, at)) != 0; i++) {
        if (read8(function, at + 3) != type)
            continue;
        uint64_t bar = pci_bar(function, read8(function, at + 4));
        *out = (struct pci_place){ bar + pci_read32(function, at + 8), pci_read32(function, at + 12), pci_read32(function, at + 16) };
        if (bar != 0 && out->num_bytes > 0 && out->num_bytes <= PCI_PLACE_MAX)
            return true;
    }
    return false;
}

/* ---- Finding them */

/* By the modern number, or by the subsystem's of a transitional one. */
static uint32_t kind_of(uint32_t function, uint16_t device)
{
    return device >= FIRST_MODERN ? device - FIRST_MODERN : read16(function, SUBSYSTEM + 2);
}

static void probe(uint32_t function, uint32_t id)
{
    uint16_t number = (uint16_t)(id >> 16);
    struct device d = { 0 };
    if ((id & 0xffff) != VENDOR || number < FIRST_LEGACY || number > LAST_ID)
        return;
    d.kind = (enum virtio_kind)kind_of(function, number);
    pci_place(function);
    pci_write16(function, COMMAND, (uint16_t)(read16(function, COMMAND) | COMMAND_IO_MEMORY_MASTER));
    d.has_interrupt = pci_open_interrupt(function);
    if (pci_modern_open(function, &d) || (number < FIRST_MODERN && pci_legacy_open(function, &d)))
        device_found(&d);
}

struct buses {
    uint8_t number[BUSES_MAX];
    size_t n;
};

/* Two bridges that name the same bus do not make two of it. */
static void add_bus(struct buses *buses, uint8_t number)
{
    for (size_t i = 0; i < buses->n; i++)
        if (buses->number[i] == number)
            return;
    if (buses->n < BUSES_MAX)
        buses->number[buses->n++] = number;
}

static void scan_function(uint32_t function, uint32_t id, struct buses *buses)
{
    bool is_bridge = pci_read32(function, CLASS) >> 16 == CLASS_BRIDGE;
    uint8_t behind = is_bridge ? read8(function, BUSES + 1) : 0;
    if (behind > function >> 8)
        add_bus(buses, behind);
    probe(function, id);
}

static void scan_slot(uint32_t slot, struct buses *buses)
{
    if (pci_read32(slot, ID) == UINT32_MAX)
        return;
    unsigned num = read8(slot, HEADER_TYPE) & 0x80 ? 8 : 1;
    for (uint32_t f = slot; f < slot + num; f++) {
        uint32_t id = pci_read32(f, ID);
        if (id != UINT32_MAX)
            scan_function(f, id, buses);
    }
}

void pci_scan(void)
{
    struct buses buses = { .n = 1 };
    for (size_t i = 0; i < buses.n; i++)
        for (uint32_t slot = 0; slot < 32; slot++)
            scan_slot((uint32_t)buses.number[i] << 8 | slot << 3, &buses);
}
