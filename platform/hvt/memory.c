// SPDX-License-Identifier: ISC
/* memory.c - W^X and guard pages by page tables of our own: the tender's know no rights but those of the host, and bhyve's
 * and VMM's not even these. The tables and what the CPU has besides lie behind the image and are read-only from then on.
 * hvt.lds: the image ends with its bss, pages before that are of one kind. */
#include "base/checked.h"
#include "platform/hvt/hvt.h"

#define LOW_MEMORY_END SOLO5_IMAGE_START

extern uint8_t _stext[], _etext[], _erodata[], _end[];

static void map(struct pages *p, uint64_t start, uint64_t end, enum page_rights rights)
{
    if (!pages_map(p, start, end, rights))
        UNREACHABLE("the page tables do not fit where they were counted to");
}

static void map_image(struct pages *p)
{
    map(p, SOLO5_HVT_BOOT, LOW_MEMORY_END, PAGE_READ);
    map(p, (uintptr_t)_stext, (uintptr_t)_etext, PAGE_EXECUTE);
    map(p, (uintptr_t)_etext + PAGE_BYTES - 1, (uintptr_t)_erodata, PAGE_READ);
    map(p, (uintptr_t)_erodata + PAGE_BYTES - 1, (uintptr_t)_end, PAGE_WRITE);
}

static void map_guards(struct pages *p)
{
    for (unsigned i = 0; i < platform_stack_pool.num; i++) {
        uint64_t stack = (uintptr_t)platform_stack(i).p;
        map(p, stack - PLATFORM_GUARD_BYTES, stack, PAGE_NONE);
    }
}

static void map_ring(struct pages *p)
{
    uint64_t ring = (hvt.boot->host_features & SOLO5_HVT_RING) ? hvt.boot->net_ring : 0;
    if (ring == 0)
        return;
    map(p, ring, ring + sizeof(struct solo5_ring), PAGE_WRITE);
    hvt.ring = (struct solo5_ring *)(uintptr_t)ring;
}

void hvt_protect_memory(void)
{
    uint64_t begin = (uintptr_t)_end, end = hvt.boot->mem_bytes, ring_end = end + SOLO5_HVT_MEMORY_UNIT;
    /* one directory of pages more than for the image: the tables themselves may cross a boundary; one for the ring */
    size_t own_bytes = hvt_cpu.descriptor_bytes;
    size_t num_bytes = own_bytes + hvt_cpu.table_bytes + pages_bytes(begin + SOLO5_HVT_MEMORY_UNIT, ring_end) + PAGE_BYTES;
    struct pages p;
    if (end < begin || end - begin < num_bytes)
        guest_memory_is_too_small();
    struct mspan memory = { _end, end - begin }, tables = mspan_first(memory, num_bytes);
    pages_init(&p, mspan_skip(tables, own_bytes), hvt_cpu_begin(mspan_first(tables, own_bytes)));
    map_image(&p);
    map_guards(&p);
    map(&p, begin, begin + num_bytes, PAGE_READ);
    map(&p, begin + num_bytes, end, PAGE_WRITE);
    map_ring(&p);
    hvt_cpu_map(&p);
    hvt_cpu_use(&p);
    guest.memory = mspan_skip(memory, num_bytes);
}
