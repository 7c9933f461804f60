// SPDX-License-Identifier: ISC
/* pci_ecam.c - PCI by its configuration space in memory (PCI Express 3.0, section 7.2.2), where no firmware has given anything an
 * address: the functions of the first bus get theirs here. Interrupts are lines, which stay until a device's status was read. */
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/io.h"
#include "platform/virtio/pci.h"

enum {
    COMMAND = 0x04,
    BAR0 = 0x10,
    BARS = 6,
    INTERRUPT_PIN = 0x3d,
};
#define FUNCTION_SHIFT 12
#define BUS_FUNCTIONS 256u
#define BUS_BYTES ((uint64_t)BUS_FUNCTIONS << FUNCTION_SHIFT)
#define DECODES 3u                      /* of the command: ports and memory */
#define BAR_IS_IO 1u
#define BAR_IS_64 4u
#define FIRST_PORT 0x1000u
#define PORTS_MAX 0x10000u

static uint64_t next_address, next_port = FIRST_PORT;

static uintptr_t config_at(uint32_t function, unsigned at)
{
    return tree.pci.config.begin + ((uint64_t)function << FUNCTION_SHIFT) + at;
}

uint32_t pci_read32(uint32_t function, unsigned at)
{
    return function < BUS_FUNCTIONS ? mmio_read32(config_at(function, at & 0xfc)) : UINT32_MAX;
}
static void write32(uint32_t function, unsigned at, uint32_t v)
{
    mmio_write32(config_at(function, at), v);
}
void pci_write16(uint32_t function, unsigned at, uint16_t v)
{
    mmio_write16(config_at(function, at), v);
}

bool pci_is_there(void)
{
    const struct region config = tree.pci.config;
    if (config.end - config.begin < BUS_BYTES || config.end > page_format.address_end)
        return false;
    pages_map_device(config.begin, BUS_BYTES);
    if (region_is_there(tree.pci.ports))
        pages_map_device(tree.pci.ports.begin, PORTS_MAX);
    next_address = tree.pci.memory.begin;
    return true;
}

/* ---- Addresses */

/* From a window, aligned to its size, which is a power of two; 0: there is no room. */
static uint64_t take(uint64_t *next, uint64_t end, uint64_t num_bytes)
{
    uint64_t at = (*next + num_bytes - 1) / num_bytes * num_bytes;
    if (at < *next || at > end || num_bytes > end - at)
        return 0;
    *next = at + num_bytes;
    return at;
}

/* Gives one register an address below 4 GB. Returns how many registers it takes. */
static unsigned place(uint32_t function, unsigned i)
{
    unsigned at = BAR0 + 4 * i;
    write32(function, at, UINT32_MAX);
    uint32_t mask = pci_read32(function, at);
    bool is_io = mask & BAR_IS_IO, is_64 = !is_io && (mask & BAR_IS_64) && i + 1 < BARS;
    uint32_t num_bytes = -(mask & ~(is_io ? UINT32_C(3) : UINT32_C(15))) & (is_io ? PORTS_MAX - 1 : UINT32_MAX);
    uint64_t address = 0;
    if (num_bytes != 0 && (num_bytes & (num_bytes - 1)) == 0)
        address = is_io ? take(&next_port, PORTS_MAX, num_bytes) : take(&next_address, tree.pci.memory.end, num_bytes);
    write32(function, at, (uint32_t)address);
    if (is_64)
        write32(function, at + 4, 0);
    return is_64 ? 2 : 1;
}

void pci_place(uint32_t function)
{
    uint16_t command = (uint16_t)pci_read32(function, COMMAND);
    pci_write16(function, COMMAND, (uint16_t)(command & ~DECODES));
    for (unsigned i = 0; i < BARS;)
        i += place(function, i);
    pci_write16(function, COMMAND, command);
}

uint8_t pci_port_read8(uint16_t port)
{
    return mmio_read8(tree.pci.ports.begin + port);
}
uint16_t pci_port_read16(uint16_t port)
{
    return mmio_read16(tree.pci.ports.begin + port);
}
uint32_t pci_port_read32(uint16_t port)
{
    return mmio_read32(tree.pci.ports.begin + port);
}
void pci_port_write8(uint16_t port, uint8_t v)
{
    mmio_write8(tree.pci.ports.begin + port, v);
}
void pci_port_write16(uint16_t port, uint16_t v)
{
    mmio_write16(tree.pci.ports.begin + port, v);
}
void pci_port_write32(uint16_t port, uint32_t v)
{
    mmio_write32(tree.pci.ports.begin + port, v);
}

/* ---- Interrupts */

bool pci_open_interrupt(uint32_t function)
{
    uint32_t pin = pci_read32(function, INTERRUPT_PIN) >> 8 & 0xff, address = function << 8 & tree.pci.mask;
    for (size_t i = 0; pin != 0 && i < tree.pci.num_lines; i++)
        if (tree.pci.line[i].address == address && tree.pci.line[i].pin == pin) {
            interrupts_open(tree.pci.line[i].line);
            return true;
        }
    return false;
}

bool pci_interrupts_are_messages(void)
{
    return false;
}
