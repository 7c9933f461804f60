// SPDX-License-Identifier: ISC
/* pages.c - page tables (Intel SDM volume 3, section 4.5): four levels, pages of 4 KB, 2 MB and 1 GB as alignment allows. Made once;
 * afterwards only registers of devices are added. */
#include "base/checked.h"
#include "platform/platform.h"
#include "platform/virtio/machine.h"
#include <cpuid.h>

#define ENTRIES 512u
#define LEVELS 4u
#define PRESENT 0x1u
#define WRITABLE 0x2u
#define UNCACHED 0x18u                  /* PCD, PWT */
#define LARGE 0x80u
#define NO_EXECUTE (UINT64_C(1) << 63)
#define ADDRESS_MASK UINT64_C(0x000ffffffffff000)
#define LEAF_LEVEL_2MB 1u
#define LEAF_LEVEL_1GB 2u
#define ADDRESS_END (UINT64_C(1) << 47)
#define CPUID_EXTENDED 0x80000001u
#define CPUID_EDX_1GB (1u << 26)

enum access {
    CODE = PRESENT,
    CONSTANTS = 2,
    DATA = 3,
    REGISTERS = 4,
};

struct table {
    uint64_t entry[ENTRIES];
};
static struct table top __attribute__((aligned(PAGE_BYTES)));
static bool has_1gb_pages;

extern uint8_t _stext[], _etext[], _erodata[], _end[];

static uint64_t bits_of(enum access access)
{
    switch (access) {
    case CODE:      return PRESENT;
    case CONSTANTS: return PRESENT | NO_EXECUTE;
    case DATA:      return PRESENT | WRITABLE | NO_EXECUTE;
    case REGISTERS: return PRESENT | WRITABLE | NO_EXECUTE | UNCACHED;
    }
    UNREACHABLE("an unknown kind of memory");
}

static struct table *table_new(void)
{
    return (struct table *)(void *)memory_take(sizeof(struct table)).p;
}

static uint64_t page_bytes_of(unsigned level)
{
    return (uint64_t)PAGE_BYTES << 9 * level;
}

/* The entry for an address at a level; makes the tables above it. NULL: a larger page is there already. */
static uint64_t *entry_at(uint64_t at, unsigned level)
{
    struct table *t = &top;
    for (unsigned l = LEVELS - 1;; l--) {
        uint64_t *e = &t->entry[at / page_bytes_of(l) % ENTRIES];
        if (l == level)
            return e;
        if ((*e & PRESENT) == 0)
            *e = (uintptr_t)table_new() | PRESENT | WRITABLE;
        if (*e & LARGE)
            return NULL;
        t = (struct table *)(uintptr_t)(*e & ADDRESS_MASK);
    }
}

/* The largest page that begins here, fits, and of which no part was mapped otherwise. */
static unsigned level_for(uint64_t at, uint64_t num_bytes)
{
    for (unsigned level = has_1gb_pages ? LEAF_LEVEL_1GB : LEAF_LEVEL_2MB; level > 0; level--) {
        uint64_t bytes = page_bytes_of(level);
        if (at % bytes != 0 || num_bytes < bytes)
            continue;
        uint64_t *e = entry_at(at, level);
        if (e == NULL || (*e & PRESENT) == 0 || (*e & LARGE))
            return level;
    }
    return 0;
}

/* Whole pages, from begin to end. What is mapped stays as it is. */
static void map(uint64_t begin, uint64_t end, enum access access)
{
    begin = begin / PAGE_BYTES * PAGE_BYTES;
    end = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    while (begin < end) {
        unsigned level = level_for(begin, end - begin);
        uint64_t *e = entry_at(begin, level);
        if (e && (*e & PRESENT) == 0)
            *e = begin | bits_of(access) | (level > 0 ? LARGE : 0);
        begin += page_bytes_of(level);
    }
}

/* Data, without the page below each stack. */
static void map_data(uint64_t begin, uint64_t end)
{
    const struct platform_stack_pool *pool = &platform_stack_pool;
    for (unsigned i = 0; i < pool->num; i++) {
        struct mspan stack = platform_stack(i);
        map(begin, (uintptr_t)stack.p - PLATFORM_GUARD_BYTES, DATA);
        begin = (uintptr_t)stack.p;
    }
    map(begin, end, DATA);
}

/* Memory apart from the image, whose pages have their own access, and from page 0. */
static void map_ram(const struct region *r)
{
    uint64_t begin = (r->begin + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, end = r->end / PAGE_BYTES * PAGE_BYTES;
    uint64_t image_begin = (uintptr_t)_stext, image_end = (uintptr_t)_end;
    begin = begin < PAGE_BYTES ? PAGE_BYTES : begin;
    end = end > ADDRESS_END ? ADDRESS_END : end;
    if (begin < image_begin)
        map(begin, end < image_begin ? end : image_begin, DATA);
    if (end > image_end)
        map(begin > image_end ? begin : image_end, end, DATA);
}

void pages_init(void)
{
    unsigned a, b, c, d;
    has_1gb_pages = __get_cpuid(CPUID_EXTENDED, &a, &b, &c, &d) && (d & CPUID_EDX_1GB);
    map((uintptr_t)_stext, (uintptr_t)_etext, CODE);
    map((uintptr_t)_etext, (uintptr_t)_erodata, CONSTANTS);
    map_data((uintptr_t)_erodata, (uintptr_t)_end);
    for (size_t i = 0; i < boot_info.num_ram; i++)
        map_ram(&boot_info.ram[i]);
    __asm__ volatile("mov %0, %%cr3" : : "r"(&top) : "memory");
}

void pages_map_device(uint64_t at, uint64_t num_bytes)
{
    if (at >= ADDRESS_END || num_bytes > ADDRESS_END - at)
        machine_stop("a device's registers lie beyond what can be mapped");
    map(at, at + num_bytes, REGISTERS);
}

struct span pages_firmware(uint64_t at, size_t num_bytes)
{
    if (at < PAGE_BYTES || at >= ADDRESS_END || num_bytes > ADDRESS_END - at)
        return (struct span){ 0 };
    map(at, at + num_bytes, CONSTANTS);
    return (struct span){ (const uint8_t *)(uintptr_t)at, num_bytes };
}
