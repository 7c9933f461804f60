// SPDX-License-Identifier: ISC
/* memory.c - free memory: what the map calls so, behind the image. */
#include "platform/virtio/machine.h"

extern uint8_t _end[];

struct boot_info boot_info;

static struct mspan near;           /* behind the image */
static size_t num_bytes_at_start;

void boot_info_add_ram(uint64_t at, uint64_t num_bytes)
{
    if (boot_info.num_ram < REGIONS_MAX && num_bytes <= UINT64_MAX - at)
        boot_info.ram[boot_info.num_ram++] = (struct region){ at, at + num_bytes };
}

static struct mspan region_bytes(struct region r)
{
    uint64_t begin = (r.begin + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, end = r.end / PAGE_BYTES * PAGE_BYTES;
    return begin < end ? (struct mspan){ (uint8_t *)(uintptr_t)begin, end - begin } : (struct mspan){ 0 };
}

/* The regions above the image that hold more than the one behind it. */
static struct mspan largest(void)
{
    struct mspan best = near;
    for (size_t i = 0; i < boot_info.num_ram; i++) {
        struct mspan m = region_bytes(boot_info.ram[i]);
        if ((uintptr_t)m.p >= (uintptr_t)_end && m.n > best.n)
            best = m;
    }
    return best;
}

void memory_init(void)
{
    for (size_t i = 0; i < boot_info.num_ram; i++) {
        struct region r = boot_info.ram[i];
        if (r.begin <= (uintptr_t)_end && r.end > (uintptr_t)_end)
            near = region_bytes((struct region){ (uintptr_t)_end, r.end });
    }
    if (near.n == 0)
        machine_stop("the image does not fit into memory: give the machine more");
    num_bytes_at_start = largest().n;
}

size_t memory_num_bytes(void)
{
    return num_bytes_at_start;
}

struct mspan memory_take(size_t num_bytes)
{
    num_bytes = (num_bytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (num_bytes > near.n)
        machine_stop("there is too little memory: give the machine more");
    struct mspan taken = mspan_first(near, num_bytes);
    near = mspan_skip(near, num_bytes);
    mspan_zero(taken);
    return taken;
}

struct mspan memory_rest(void)
{
    struct mspan tables = memory_take(pages_demand_overhead(largest().n)), all = largest();
    pages_begin_demand(all, tables);
    near = (struct mspan){ 0 };
    return all;
}
