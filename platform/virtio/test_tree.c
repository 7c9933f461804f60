// SPDX-License-Identifier: ISC
/* What a machine takes from a device tree that is like those of QEMU's boards, and from such as have something wrong. */
#include "check/test.h"
#include "check/device_tree.h"
#include "platform/virtio/devicetree/tree.h"

static const char *stopped;
static jmp_buf at_stop;
static struct region ram[4];
static size_t num_ram;

struct boot_info boot_info;
void boot_info_add_ram(uint64_t at, uint64_t num_bytes)
{
    REQUIRE(num_ram < NUM_OF(ram));
    ram[num_ram++] = (struct region){ at, at + num_bytes };
}
void machine_stop(const char *what)
{
    stopped = what;
    longjmp(at_stop, 1);
}
/* Of this machine: a number, and how it is triggered. */
struct line line_take(struct span *cells)
{
    uint32_t number = (uint32_t)devicetree_take(cells, 1);
    return (struct line){ number, devicetree_take(cells, 1) == 1 };
}

static void begin(void)
{
    tree_begin();
    node("");
    CELLS("#address-cells", 2);
    CELLS("#size-cells", 2);
}
/* A device at an address, of which the next property may follow. */
static void device(const char *compatible, uint32_t at)
{
    node("device");
    property("compatible", (struct span){ (const uint8_t *)compatible, strlen(compatible) + 1 });
    CELLS("reg", 0, at, 0, 0x1000);
}
static bool parse(struct span s)
{
    stopped = NULL;
    num_ram = 0;
    boot_info = (struct boot_info){ 0 };
    if (setjmp(at_stop) == 0)
        tree_parse(s);
    return stopped == NULL;
}
static bool is_region(struct region r, uint64_t begin_at)
{
    return r.begin == begin_at && r.end == begin_at + 0x1000;
}

TEST(an_arm_board_is_understood)
{
    begin();
    node("memory@40000000");
    CELLS("reg", 0, 0x40000000, 0, 0x1000, 1, 0, 0, 0x2000);
    token(END_NODE);
    node("chosen");
    property("bootargs", TEXT("quiet --ipv4=10.0.0.2/24\0"));
    CELLS("rng-seed", 0x01020304);
    token(END_NODE);
    node("cpus");
    CELLS("timebase-frequency", 10000000);
    token(END_NODE);
    node("psci");
    property("compatible", TEXT("arm,psci-1.0\0arm,psci-0.2\0"));
    property("method", TEXT("smc\0"));
    token(END_NODE);
    node("timer");
    property("compatible", TEXT("arm,armv8-timer\0"));
    CELLS("interrupts", 13, 0, 14, 0, 11, 1, 10, 0);
    token(END_NODE);
    node("intc");
    property("compatible", TEXT("arm,gic-v3\0"));
    CELLS("reg", 0, 0x8000000, 0, 0x1000, 0, 0x80a0000, 0, 0x1000);
    token(END_NODE);
    device("arm,pl011", 0x9000000);
    token(END_NODE);
    device("arm,pl011", 0x9040000);             /* the first is the console */
    token(END_NODE);
    device("arm,pl031", 0x9010000);
    token(END_NODE);
    device("arm,known-to-nobody", 0x9020000);
    token(END_NODE);
    device("arm,pl061", 0x9030000);
    CELLS("interrupts", 7, 0);
    token(END_NODE);
    node("gpio-keys");
    node("poweroff");
    CELLS("gpios", 5, 3, 0);
    CELLS("linux,code", 116);
    token(END_NODE);
    token(END_NODE);
    TRUE(parse(tree_end()));
    EQ(num_ram, 2);
    TRUE(ram[0].begin == 0x40000000 && ram[0].end == 0x40001000 && ram[1].begin == 1ull << 32 && ram[1].end == (1ull << 32) + 0x2000);
    SPAN_EQ(span_first(SPAN(boot_info.command_line), boot_info.command_line_bytes), "quiet --ipv4=10.0.0.2/24");
    SPAN_EQ(span_first(SPAN(tree.seed), tree.seed_bytes), "\1\2\3\4");
    EQ(tree.timebase_hz, 10000000);
    TRUE(tree.psci_by_smc && tree.gic_is_v3 && !tree.rtc_is_goldfish);
    TRUE(tree.timer.number == 11 && tree.timer.is_edge);
    TRUE(is_region(tree.interrupt_controller[0], 0x8000000) && is_region(tree.interrupt_controller[1], 0x80a0000));
    TRUE(is_region(tree.uart, 0x9000000) && is_region(tree.rtc, 0x9010000) && is_region(tree.gpio, 0x9030000));
    EQ(tree.button.number, 7);
    EQ(tree.button_pin, 3);
    TRUE(!region_is_there(tree.finisher) && tree.num_mmio == 0 && !region_is_there(tree.pci.config));
}
TEST(a_risc_v_board_has_its_devices_below_a_bus_that_maps_them_as_they_are)
{
    begin();
    node("soc");
    CELLS("#address-cells", 2);
    CELLS("#size-cells", 2);
    property("ranges", TEXT(""));
    device("sifive,test0", 0x100000);
    token(END_NODE);
    device("google,goldfish-rtc", 0x101000);
    token(END_NODE);
    device("sifive,plic-1.0.0", 0xc000000);
    token(END_NODE);
    device("virtio,mmio", 0x10001000);
    CELLS("interrupts", 1, 1);
    token(END_NODE);
    device("virtio,mmio", 0x10002000);
    token(END_NODE);                            /* one without an interrupt is of no use */
    node("virtio");
    property("compatible", TEXT("virtio,mmio\0"));
    CELLS("interrupts", 2, 0);
    token(END_NODE);                            /* nor one without an address */
    token(END_NODE);
    node("other-bus");
    CELLS("ranges", 1, 2, 3);
    device("arm,pl011", 0x10000000);
    token(END_NODE);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(is_region(tree.finisher, 0x100000) && is_region(tree.rtc, 0x101000) && tree.rtc_is_goldfish);
    TRUE(is_region(tree.interrupt_controller[0], 0xc000000) && !region_is_there(tree.interrupt_controller[1]));
    EQ(tree.num_mmio, 1);
    EQ(tree.mmio[0].at, 0x10001000);
    TRUE(tree.mmio[0].line.number == 1 && tree.mmio[0].line.is_edge);
    TRUE(!region_is_there(tree.uart));
    EQ(tree.button_pin, PIN_NONE);
}
TEST(what_lies_deeper_is_not_looked_at)
{
    begin();
    node("a");
    node("b");
    device("arm,pl011", 0x9000000);
    token(END_NODE);
    token(END_NODE);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(!region_is_there(tree.uart));
}
TEST(no_more_devices_are_kept_than_there_is_room_for)
{
    begin();
    for (uint32_t i = 0; i < MMIO_MAX + 2; i++) {
        device("virtio,mmio", 0x1000 * (i + 1));
        CELLS("interrupts", i, 0);
        token(END_NODE);
    }
    TRUE(parse(tree_end()));
    EQ(tree.num_mmio, MMIO_MAX);
    EQ(tree.mmio[MMIO_MAX - 1].at, 0x1000 * MMIO_MAX);
}
TEST(a_region_that_would_end_beyond_all_addresses_is_none)
{
    begin();
    node("uart");
    property("compatible", TEXT("arm,pl011\0"));
    CELLS("reg", 0xffffffff, 0xfffff000, 0, 0x2000);
    token(END_NODE);
    node("rtc");
    property("compatible", TEXT("arm,pl031\0"));
    CELLS("reg", 0xffffffff, 0xfffff000, 0, 0xfff);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(tree.uart.begin == 0 && tree.uart.end == 0);
    EQ(tree.rtc.end, UINT64_MAX);
}
TEST(keys_other_than_power_and_those_without_a_pin_are_passed_over)
{
    begin();
    device("arm,pl061", 0x9030000);             /* without an interrupt */
    token(END_NODE);
    node("gpio-keys");
    node("restart");
    CELLS("gpios", 5, 4, 0);
    CELLS("linux,code", 408);
    token(END_NODE);
    node("poweroff");
    CELLS("gpios", 5);
    CELLS("linux,code", 116);
    token(END_NODE);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(!region_is_there(tree.gpio));
    EQ(tree.button_pin, PIN_NONE);
    begin();
    node("gpio-keys");
    node("poweroff");
    CELLS("gpios", 5, 6);                       /* just enough */
    CELLS("linux,code", 116);
    token(END_NODE);
    token(END_NODE);
    TRUE(parse(tree_end()));
    EQ(tree.button_pin, 6);
}

/* ---- PCI */

static void begin_pci(void)
{
    begin();
    node("intc");
    property("compatible", TEXT("arm,gic-400\0"));
    CELLS("reg", 0, 0x8000000, 0, 0x1000, 0, 0x8010000, 0, 0x1000);
    CELLS("#address-cells", 2);
    token(END_NODE);
    device("pci-host-ecam-generic", 0x3f000000);
    CELLS("interrupt-map-mask", 0x1800, 0, 0, 7);
}
TEST(a_pci_bus_has_its_windows_and_lines)
{
    begin_pci();
    CELLS("ranges", 0x1000000, 0, 0, 0, 0x3eff0000, 0, 0x10000,                 /* ports */
          0x1000000, 0, 0x100, 0, 0x77770000, 0, 0x10000,                       /* not from the first port on */
          0x2000000, 0, 0x10000000, 0, 0x10000000, 0, 0x2eff0000,               /* memory, as it is */
          0x2000000, 0, 0x20000000, 0, 0x30000000, 0, 0x1000,                   /* memory that lies elsewhere */
          0x3000000, 0x80, 0, 0x80, 0, 0x80, 0);                                /* wide memory */
    CELLS("interrupt-map", 0x800, 0, 0, 1, 0x8000, 9, 9, 3, 1,
          0x1000, 0, 0, 2, 0x8000, 9, 9, 4, 0);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(is_region(tree.pci.config, 0x3f000000));
    EQ(tree.pci.mask, 0x1800);
    TRUE(tree.pci.ports.begin == 0x3eff0000 && tree.pci.ports.end == 0x3f000000);
    TRUE(tree.pci.memory.begin == 0x10000000 && tree.pci.memory.end == 0x3eff0000);
    EQ(tree.pci.num_lines, 2);
    TRUE(tree.pci.line[0].address == 0x800 && tree.pci.line[0].pin == 1);
    TRUE(tree.pci.line[0].line.number == 3 && tree.pci.line[0].line.is_edge);
    TRUE(tree.pci.line[1].address == 0x1000 && tree.pci.line[1].pin == 2 && tree.pci.line[1].line.number == 4);
}
TEST(a_window_that_would_end_beyond_all_addresses_is_empty)
{
    begin_pci();
    CELLS("ranges", 0x1000000, 0, 0, 0xffffffff, 0xfffff000, 0, 0x1000,
          0x2000000, 0xffffffff, 0xfffff000, 0xffffffff, 0xfffff000, 0, 0xfff);
    token(END_NODE);
    TRUE(parse(tree_end()));
    TRUE(!region_is_there(tree.pci.ports));
    EQ(tree.pci.memory.end, UINT64_MAX);
}
TEST(no_more_lines_are_kept_than_there_is_room_for)
{
    uint32_t map[9 * (PCI_LINES_MAX + 1)];
    for (size_t i = 0; i < NUM_OF(map); i++)
        map[i] = (uint32_t)i;
    begin_pci();
    cells("interrupt-map", map, NUM_OF(map));
    token(END_NODE);
    TRUE(parse(tree_end()));
    EQ(tree.pci.num_lines, PCI_LINES_MAX);
    EQ(tree.pci.line[PCI_LINES_MAX - 1].address, 9 * (PCI_LINES_MAX - 1));
    EQ(tree.pci.line[PCI_LINES_MAX - 1].line.number, 9 * (PCI_LINES_MAX - 1) + 7);
}

/* ---- What is no tree */

TEST(a_damaged_tree_stops_the_machine)
{
    begin();
    struct span s = tree_end();
    TRUE(parse(s));
    put32(DEVICETREE_HEADER_BYTES + s.n - 4, 0);
    TRUE(!parse(span_first(s, s.n - 1)));
    TRUE(!parse((struct span){ 0 }));
    begin();
    token(0x77);
    TRUE(!parse(tree_end()));
    TRUE(strcmp(stopped, "the device tree is damaged") == 0);
}
TEST(a_tree_is_read_where_it_lies_and_an_absurd_length_is_refused)
{
    static uint8_t longest[2 << 20];
    begin();
    device("arm,pl031", 0x9010000);
    token(END_NODE);
    (void)tree_end();
    stopped = NULL;
    if (setjmp(at_stop) == 0)
        tree_read((uintptr_t)blob);
    TRUE(!stopped && is_region(tree.rtc, 0x9010000));
    put32(HEADER_AT_TOTAL, sizeof longest);
    (void)span_copy(MSPAN(longest), SPAN(blob));
    if (setjmp(at_stop) == 0)
        tree_read((uintptr_t)longest);
    TRUE(!stopped);
    put32(HEADER_AT_TOTAL, sizeof longest + 1);
    if (setjmp(at_stop) == 0)
        tree_read((uintptr_t)blob);
    TRUE(stopped);
    stopped = NULL;
    if (setjmp(at_stop) == 0)
        tree_read(0);
    TRUE(stopped);
}
TEST_MAIN
