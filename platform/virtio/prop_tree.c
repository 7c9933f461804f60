// SPDX-License-Identifier: ISC
/* What a machine takes from a device tree, whatever that says. */
#include "check/any.h"
#include "base/writer.h"
#include "platform/virtio/devicetree/tree.h"
#include <setjmp.h>

#define TREE_BYTES 1200u               /* enough for more lines of PCI than there is room for */

struct boot_info boot_info;
static jmp_buf stopped;

void boot_info_add_ram(uint64_t at, uint64_t num_bytes)
{
    CHECK(boot_info.num_ram <= REGIONS_MAX);
    (void)at;
    (void)num_bytes;
}
void machine_stop(const char *what)
{
    (void)what;
    longjmp(stopped, 1);
}
struct line line_take(struct span *cells)
{
    return (struct line){ (uint32_t)devicetree_take(cells, 1), false };
}

/* A tree whose structure and strings are both the input. */
static struct span with_header(struct span in, struct mspan out)
{
    const uint32_t header[] = { 0xd00dfeed, (uint32_t)(DEVICETREE_HEADER_BYTES + in.n), DEVICETREE_HEADER_BYTES, DEVICETREE_HEADER_BYTES, 0,
                                17, 16, 0, (uint32_t)in.n, (uint32_t)in.n };
    struct wr w = wr_of(out);
    for (size_t i = 0; i < NUM_OF(header); i++)
        wr_u32(&w, header[i]);
    wr_bytes(&w, in);
    return wr_done(&w);
}

static bool is_region(struct region r)
{
    return r.begin <= r.end;
}
PROPERTY(prop_tree, TREE_BYTES)
{
    static uint8_t blob[DEVICETREE_HEADER_BYTES + TREE_BYTES];
    if (setjmp(stopped) == 0)
        tree_parse(with_header(in, MSPAN(blob)));
    CHECK(tree.num_mmio <= MMIO_MAX && tree.pci.num_lines <= PCI_LINES_MAX && tree.seed_bytes <= sizeof tree.seed);
    CHECK(is_region(tree.uart) && is_region(tree.rtc) && is_region(tree.interrupt_controller[0]) && is_region(tree.pci.config) &&
          is_region(tree.pci.memory) && is_region(tree.pci.ports));
    CHECK(boot_info.command_line_bytes <= sizeof boot_info.command_line);
}
