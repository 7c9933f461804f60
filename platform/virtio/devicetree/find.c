// SPDX-License-Identifier: ISC
/* find.c - where devices are: on PCI, and in memory, from the highest address down, since QEMU fills those slots first. */
#include "platform/virtio/device.h"
#include "platform/virtio/devicetree/tree.h"
#include "platform/virtio/pci.h"

static void probe(size_t i)
{
    struct device d;
    if (!mmio_probe(tree.mmio[i].at, &d))
        return;
    interrupts_open(tree.mmio[i].line);
    device_found(&d);
}

/* The one with the highest address below another's; tree.num_mmio: there is none. */
static size_t next_below(uint64_t at)
{
    size_t best = tree.num_mmio;
    for (size_t i = 0; i < tree.num_mmio; i++)
        if (tree.mmio[i].at < at && (best == tree.num_mmio || tree.mmio[i].at > tree.mmio[best].at))
            best = i;
    return best;
}

void machine_scan_devices(struct span command_line)
{
    (void)command_line;
    if (pci_is_there())
        pci_scan();
    for (size_t i = next_below(UINT64_MAX); i < tree.num_mmio; i = next_below(tree.mmio[i].at))
        probe(i);
}
