// SPDX-License-Identifier: ISC
/* tree.c - what the machine is made of. Addresses are taken from nodes below the root, or below a bus that maps them as they are. */
#include "platform/virtio/devicetree/tree.h"

#define PCI_CELLS 3u
#define PCI_IO 1u
#define PCI_MEMORY 2u
#define PCI_KIND(high) ((high) >> 24 & 3)
#define KEY_POWER 116u
#define PHANDLES_PIN 1u
#define TREE_BYTES_MAX (2u << 20)           /* the most that boot protocols allow */

struct tree tree;

static struct devicetree dt;
static unsigned controller_cells;       /* of addresses below the interrupt controller */
static struct devicetree_node pci_node; /* looked at last, when the controller is known */

static bool has_interrupt(const struct devicetree_node *n, struct span *cells)
{
    *cells = devicetree_property(&dt, n->properties, TEXT("interrupts"));
    return cells->n > 0;
}

static struct region reg_of(const struct devicetree_node *n, unsigned i)
{
    uint64_t at, num_bytes;
    if (!devicetree_reg(&dt, n, i, &at, &num_bytes) || num_bytes > UINT64_MAX - at)
        return (struct region){ 0 };
    return (struct region){ at, at + num_bytes };
}

/* ---- Nodes, by what they are compatible with */

static void found_uart(const struct devicetree_node *n)
{
    if (!region_is_there(tree.uart))
        tree.uart = reg_of(n, 0);
}
static void found_pl031(const struct devicetree_node *n)
{
    tree.rtc = reg_of(n, 0);
}
static void found_goldfish(const struct devicetree_node *n)
{
    tree.rtc = reg_of(n, 0);
    tree.rtc_is_goldfish = true;
}
static void found_gpio(const struct devicetree_node *n)
{
    struct span cells;
    if (!has_interrupt(n, &cells))
        return;
    tree.gpio = reg_of(n, 0);
    tree.button = line_take(&cells);
}
static void found_finisher(const struct devicetree_node *n)
{
    tree.finisher = reg_of(n, 0);
}
static void found_controller(const struct devicetree_node *n)
{
    tree.interrupt_controller[0] = reg_of(n, 0);
    tree.interrupt_controller[1] = reg_of(n, 1);
    controller_cells = devicetree_u32(&dt, n->properties, TEXT("#address-cells"), 0);
}
static void found_gic_v3(const struct devicetree_node *n)
{
    found_controller(n);
    tree.gic_is_v3 = true;
}
/* Secure, physical, virtual: the third is ours. */
static void found_timer(const struct devicetree_node *n)
{
    struct span cells;
    if (has_interrupt(n, &cells))
        for (unsigned i = 0; i < 3; i++)
            tree.timer = line_take(&cells);
}
static void found_psci(const struct devicetree_node *n)
{
    tree.psci_by_smc = devicetree_lists(devicetree_property(&dt, n->properties, TEXT("method")), TEXT("smc"));
}
static void found_mmio(const struct devicetree_node *n)
{
    struct span cells;
    struct region r = reg_of(n, 0);
    if (tree.num_mmio == MMIO_MAX || !region_is_there(r) || !has_interrupt(n, &cells))
        return;
    tree.mmio[tree.num_mmio].at = r.begin;
    tree.mmio[tree.num_mmio++].line = line_take(&cells);
}
static void found_pci(const struct devicetree_node *n)
{
    pci_node = *n;
}

static void look_at_compatible(const struct devicetree_node *n)
{
    static const struct { struct span name; void (*found)(const struct devicetree_node *n); } known[] = {
        { TEXT_INIT("virtio,mmio"), found_mmio },
        { TEXT_INIT("arm,pl011"), found_uart },
        { TEXT_INIT("arm,pl031"), found_pl031 },
        { TEXT_INIT("arm,pl061"), found_gpio },
        { TEXT_INIT("arm,cortex-a15-gic"), found_controller },
        { TEXT_INIT("arm,gic-400"), found_controller },
        { TEXT_INIT("arm,gic-v3"), found_gic_v3 },
        { TEXT_INIT("arm,armv8-timer"), found_timer },
        { TEXT_INIT("arm,psci-0.2"), found_psci },
        { TEXT_INIT("pci-host-ecam-generic"), found_pci },
        { TEXT_INIT("google,goldfish-rtc"), found_goldfish },
        { TEXT_INIT("sifive,test0"), found_finisher },
        { TEXT_INIT("sifive,plic-1.0.0"), found_controller },
        { TEXT_INIT("riscv,plic0"), found_controller },
    };
    struct span names = devicetree_property(&dt, n->properties, TEXT("compatible"));
    for (size_t i = 0; names.n > 0 && i < NUM_OF(known); i++)
        if (devicetree_lists(names, known[i].name)) {
            known[i].found(n);
            return;
        }
}

/* ---- Nodes, by their place */

static void look_at_memory(const struct devicetree_node *n)
{
    uint64_t at, num_bytes;
    for (unsigned i = 0; devicetree_reg(&dt, n, i, &at, &num_bytes); i++)
        boot_info_add_ram(at, num_bytes);
}

static void look_at_chosen(const struct devicetree_node *n)
{
    struct span line = devicetree_property(&dt, n->properties, TEXT("bootargs"));
    line = span_first(line, span_find(line, 0));
    boot_info.command_line_bytes = span_copy(MSPAN(boot_info.command_line), line);
    tree.seed_bytes = span_copy(MSPAN(tree.seed), devicetree_property(&dt, n->properties, TEXT("rng-seed")));
}

static void look_at_key(const struct devicetree_node *n)
{
    struct span gpios = devicetree_property(&dt, n->properties, TEXT("gpios"));
    if (devicetree_u32(&dt, n->properties, TEXT("linux,code"), 0) != KEY_POWER || gpios.n < 2 * sizeof(uint32_t))
        return;
    (void)devicetree_take(&gpios, PHANDLES_PIN);
    tree.button_pin = (uint32_t)devicetree_take(&gpios, 1);
}

static void look_at_node(const struct devicetree_node *n)
{
    if (n->depth == 1) {
        if (span_starts(n->name, TEXT("memory")))
            look_at_memory(n);
        else if (span_eq(n->name, TEXT("chosen")))
            look_at_chosen(n);
        else if (span_eq(n->name, TEXT("cpus")))
            tree.timebase_hz = devicetree_u32(&dt, n->properties, TEXT("timebase-frequency"), 0);
        else
            look_at_compatible(n);
    } else if (n->depth == 2) {
        look_at_key(n);
        if (devicetree_property(&dt, n->parent, TEXT("ranges")).n == 0)     /* none, or as they are */
            look_at_compatible(n);
    }
}

/* ---- PCI */

static void read_pci_ranges(struct span ranges)
{
    while (ranges.n > 0) {
        uint64_t kind = PCI_KIND(devicetree_take(&ranges, 1)), there = devicetree_take(&ranges, PCI_CELLS - 1);
        uint64_t here = devicetree_take(&ranges, pci_node.address_cells), num_bytes = devicetree_take(&ranges, 2);
        struct region r = { here, num_bytes <= UINT64_MAX - here ? here + num_bytes : here };
        if (kind == PCI_IO && there == 0)
            tree.pci.ports = r;
        else if (kind == PCI_MEMORY && there == here)
            tree.pci.memory = r;
    }
}

static void read_pci_lines(struct span map)
{
    while (map.n > 0 && tree.pci.num_lines < PCI_LINES_MAX) {
        size_t i = tree.pci.num_lines++;
        tree.pci.line[i].address = (uint32_t)devicetree_take(&map, 1);
        (void)devicetree_take(&map, PCI_CELLS - 1);
        tree.pci.line[i].pin = (uint32_t)devicetree_take(&map, 1);
        (void)devicetree_take(&map, 1 + controller_cells);
        tree.pci.line[i].line = line_take(&map);
    }
}

static void read_pci(void)
{
    struct span mask = devicetree_property(&dt, pci_node.properties, TEXT("interrupt-map-mask"));
    tree.pci.config = reg_of(&pci_node, 0);
    tree.pci.mask = (uint32_t)devicetree_take(&mask, 1);
    read_pci_ranges(devicetree_property(&dt, pci_node.properties, TEXT("ranges")));
    read_pci_lines(devicetree_property(&dt, pci_node.properties, TEXT("interrupt-map")));
}

/* ---- All of it */

void tree_parse(struct span blob)
{
    struct devicetree_walk w;
    struct devicetree_node n;
    tree = (struct tree){ .button_pin = PIN_NONE };
    pci_node = (struct devicetree_node){ 0 };
    if (devicetree_open(&dt, blob) != WIRE_OK)
        machine_stop("there is no device tree, or it is damaged");
    devicetree_begin(&w, &dt);
    while (devicetree_next(&w, &n))
        look_at_node(&n);
    if (w.is_broken)
        machine_stop("the device tree is damaged");
    if (pci_node.properties.n > 0)
        read_pci();
}

void tree_read(uintptr_t at)
{
    struct span header = { (const uint8_t *)at, at == 0 ? 0 : DEVICETREE_HEADER_BYTES };
    size_t num_bytes = devicetree_bytes(header);
    tree_parse((struct span){ header.p, num_bytes <= TREE_BYTES_MAX ? num_bytes : 0 });
}
