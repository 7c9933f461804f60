// SPDX-License-Identifier: ISC
/* PCI as it should be, and as no machine has it: holes, bridges that lead back or to the same bus, lists of capabilities without an
 * end, addresses that are none, noise. */
#include "check/test.h"
#include "platform/virtio/machine.h"
#include "platform/virtio/pci.h"

/* ---- Configuration space: the functions that are there, 64 words each */

enum { ID = 0, COMMAND = 1, CLASS = 2, HEADER = 3, BAR0 = 4, BUSES = 6, SUBSYSTEM = 11, LIST = 13 };
#define VIRTIO(number) (0x1af4u | (uint32_t)(number) << 16)
#define HAS_LIST (1u << 20)
#define BRIDGE 0x06040000u
#define MANY 0x00800000u                /* functions in the slot */

static struct function {
    uint32_t place, word[64];
} functions[80];
static size_t num_functions;
static uint64_t noise;                  /* 0: there is none */
static struct device found[64];
static uint32_t found_at[64];
static size_t num_found;
static bool is_modern = true, is_legacy = true;

uint32_t pci_read32(uint32_t place, unsigned at)
{
    REQUIRE(place <= 0xffff && at < 256);
    if (noise) {
        noise = noise * UINT64_C(6364136223846793005) + 1442695040888963407u;
        return noise >> 62 == 0 ? VIRTIO(0x1041) : (uint32_t)(noise >> 32);
    }
    for (size_t i = 0; i < num_functions; i++)
        if (functions[i].place == place)
            return functions[i].word[at / 4];
    return UINT32_MAX;
}
void pci_write16(uint32_t place, unsigned at, uint16_t v)
{
    REQUIRE(place <= 0xffff && at == 4 && (v & 7) == 7);
}
void pci_place(uint32_t place)
{
    REQUIRE(place <= 0xffff);
}
bool pci_open_interrupt(uint32_t place)
{
    REQUIRE(place <= 0xffff);
    return true;
}
bool pci_modern_open(uint32_t place, struct device *d)
{
    d->common = place;
    return is_modern;
}
bool pci_legacy_open(uint32_t place, struct device *d)
{
    d->common = place;
    d->is_legacy = is_legacy;
    return is_legacy;
}
void device_found(const struct device *d)
{
    if (num_found < NUM_OF(found)) {
        found[num_found] = *d;
        found_at[num_found] = (uint32_t)d->common;
    }
    num_found++;
}

static uint32_t place(unsigned bus, unsigned slot, unsigned number)
{
    return bus << 8 | slot << 3 | number;
}
static struct function *function(uint32_t at, uint32_t id)
{
    REQUIRE(num_functions < NUM_OF(functions));
    struct function *f = &functions[num_functions++];
    *f = (struct function){ .place = at, .word = { [ID] = id } };
    return f;
}
static struct function *bridge(uint32_t at, unsigned behind)
{
    struct function *f = function(at, 0x00018086);
    f->word[CLASS] = BRIDGE;
    f->word[BUSES] = behind << 8;
    return f;
}
static void empty(void)
{
    num_functions = num_found = 0;
    noise = 0;
    is_modern = is_legacy = true;
}

/* ---- Which devices there are */

TEST(slots_and_functions_may_be_missing)
{
    empty();
    function(place(0, 3, 0), VIRTIO(0x1041))->word[HEADER] = MANY;
    function(place(0, 3, 5), VIRTIO(0x1042));
    function(place(0, 7, 1), VIRTIO(0x1041));           /* without a function 0, the slot is empty */
    function(place(0, 9, 0), VIRTIO(0x1044));
    function(place(0, 9, 1), VIRTIO(0x1041));           /* the slot says that it has one function */
    function(place(0, 31, 0), VIRTIO(0x1041));
    function(place(5, 0, 0), VIRTIO(0x1041));           /* behind no bridge */
    pci_scan();
    EQ(num_found, 4);
    EQ(found_at[0], place(0, 3, 0));
    EQ(found_at[1], place(0, 3, 5));
    EQ(found_at[2], place(0, 9, 0));
    EQ(found_at[3], place(0, 31, 0));
    EQ(found[1].kind, VIRTIO_BLOCK);
    TRUE(found[0].has_interrupt && !found[0].is_legacy);
}
TEST(only_what_is_virtio_is_looked_at)
{
    static const uint32_t others[] = { VIRTIO(0x0fff), VIRTIO(0x1080), 0x10418086, 0x1041af41, 0 };
    empty();
    for (size_t i = 0; i < NUM_OF(others); i++)
        function(place(0, (unsigned)i, 0), others[i]);
    pci_scan();
    EQ(num_found, 0);
}
TEST(a_transitional_device_is_what_its_subsystem_says)
{
    empty();
    function(place(0, 1, 0), VIRTIO(0x1000))->word[SUBSYSTEM] = 1u << 16 | 0x1af4;
    function(place(0, 2, 0), VIRTIO(0x1001))->word[SUBSYSTEM] = 0xffffu << 16;
    is_modern = false;
    pci_scan();
    EQ(num_found, 2);
    TRUE(found[0].kind == VIRTIO_NET && found[0].is_legacy);
    EQ((unsigned)found[1].kind, 0xffff);
    empty();
    function(place(0, 1, 0), VIRTIO(0x1041));           /* of 1.0, and without its registers */
    is_modern = false;
    pci_scan();
    EQ(num_found, 0);
}
TEST(what_is_behind_bridges_is_found_once)
{
    empty();
    bridge(place(0, 1, 0), 2);
    bridge(place(0, 2, 0), 2);                          /* the same bus again */
    bridge(place(0, 3, 0), 0);                          /* back */
    bridge(place(2, 0, 0), 9);
    bridge(place(2, 1, 0), 2);                          /* itself */
    bridge(place(9, 0, 0), 1);                          /* a lower one: nobody numbers them so */
    function(place(2, 5, 0), VIRTIO(0x1041));
    function(place(9, 31, 0), VIRTIO(0x1041));
    function(place(1, 0, 0), VIRTIO(0x1041));
    pci_scan();
    EQ(num_found, 2);
    EQ(found_at[0], place(2, 5, 0));
    EQ(found_at[1], place(9, 31, 0));
}
TEST(a_chain_of_bridges_ends)
{
    empty();
    for (unsigned bus = 0; bus < 70; bus++)
        bridge(place(bus, 0, 0), bus + 1);
    function(place(63, 1, 0), VIRTIO(0x1041));
    function(place(64, 1, 0), VIRTIO(0x1041));          /* one bus more than are looked at */
    pci_scan();
    EQ(num_found, 1);
    EQ(found_at[0], place(63, 1, 0));
}

/* ---- What a device says of itself */

/* A capability of virtio's: type, BAR, offset, length. */
static void capability(struct function *f, unsigned at, unsigned next, uint32_t type, uint32_t bar, uint32_t offset, uint32_t num_bytes)
{
    f->word[COMMAND] |= HAS_LIST;
    f->word[at / 4] = 0x09 | next << 8 | 20u << 16 | type << 24;
    f->word[at / 4 + 1] = bar;
    f->word[at / 4 + 2] = offset;
    f->word[at / 4 + 3] = num_bytes;
}

TEST(the_first_capability_that_can_be_used_is)
{
    struct pci_place p;
    empty();
    struct function *f = function(8, VIRTIO(0x1041));
    f->word[LIST] = 0x40;
    capability(f, 0x40, 0x50, 1, 1, 0, 0x38);           /* ports */
    capability(f, 0x50, 0x60, 1, 3, 0, 0x38);           /* no address */
    capability(f, 0x60, 0x70, 1, 9, 0, 0x38);           /* no such BAR */
    capability(f, 0x70, 0x80, 1, 4, 0, 0);              /* nothing there */
    capability(f, 0x80, 0x90, 1, 4, 0, PCI_PLACE_MAX + 1);
    capability(f, 0x90, 0xa0, 2, 4, 0x3000, 0x1000);
    capability(f, 0xa0, 0x00, 1, 4, 0x1000, 0x38);
    f->word[BAR0 + 1] = 0xc001;
    f->word[BAR0 + 4] = 0xfe00000c;
    f->word[BAR0 + 5] = 0x2;
    TRUE(pci_virtio_capability(8, 1, &p));
    EQ(p.at, UINT64_C(0x2fe001000));
    EQ(p.num_bytes, 0x38);
    TRUE(pci_virtio_capability(8, 2, &p));
    EQ(p.at, UINT64_C(0x2fe003000));
    TRUE(!pci_virtio_capability(8, 3, &p));
}
TEST(a_list_without_an_end_ends)
{
    struct pci_place p;
    empty();
    struct function *f = function(8, VIRTIO(0x1041));
    f->word[LIST] = 0x40;
    capability(f, 0x40, 0x40, 1, 4, 0, 0x38);           /* itself, and of no use */
    TRUE(!pci_virtio_capability(8, 1, &p));
    EQ(pci_capability(8, 0x11, 0), 0);
    f->word[0x40 / 4] = 0x05 | 0x44u << 8;
    f->word[0x44 / 4] = 0x05 | 0x40u << 8;
    EQ(pci_capability(8, 0x11, 0), 0);
    f->word[COMMAND] = 0;
    EQ(pci_capability(8, 0x05, 0), 0);
    f->word[COMMAND] = HAS_LIST;
    EQ(pci_capability(8, 0x05, 0), 0x40);
    f->word[LIST] = 0xff;                               /* at the very end */
    f->word[63] = 0x11;
    EQ(pci_capability(8, 0x11, 0), 0xfc);
}
TEST(the_high_half_of_an_address_lies_in_the_next_bar)
{
    empty();
    struct function *f = function(8, VIRTIO(0x1041));
    f->word[BAR0] = 0xfebf0000;
    f->word[BAR0 + 1] = 0xffffffff;
    f->word[BAR0 + 5] = 0x80000004;                     /* the last one has no next */
    EQ(pci_bar(8, 0), 0xfebf0000);
    EQ(pci_bar(8, 1), 0);
    EQ(pci_bar(8, 5), 0x80000000);
    EQ(pci_bar(8, 6), 0);
    EQ(pci_bar(8, 255), 0);
}
TEST(noise_is_gone_through)
{
    for (uint64_t seed = 1; seed <= 20; seed++) {
        struct pci_place p;
        empty();
        noise = seed;
        pci_scan();
        for (uint8_t type = 0; type < 6; type++)
            if (pci_virtio_capability(8, type, &p))
                TRUE(p.num_bytes > 0 && p.num_bytes <= PCI_PLACE_MAX);
    }
}
TEST_MAIN
