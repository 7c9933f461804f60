// SPDX-License-Identifier: ISC
/* start.c - the steps of a start that need no call of the tender. */
#include "arch/arch.h"
#include "platform/solo5/guest.h"

_Static_assert(offsetof(struct platform_stack_pool, stack_bytes) == 16, "entry.S reads it there");

typedef void constructor(void);
extern constructor *const __init_array_start[], *const __init_array_end[];

void guest_assume_devices(uint32_t max_transfer_bytes)
{
    for (unsigned h = 1; h < guest.manifest->entries; h++) {
        const struct solo5_record *r = guest_record(h);
        struct extension_device *d = guest_extension(h);
        if (r->type == SOLO5_DEVICE_NET)
            *d = (struct extension_device){ .net_kind = EXTENSION_NET_TAP, .net_mtu = r->net.mtu };
        else if (r->type == SOLO5_DEVICE_BLOCK)
            d->block_max_transfer_bytes = max_transfer_bytes > 0 ? max_transfer_bytes : r->block.sector_bytes;
    }
}

/* The first of the tender's bytes, which nobody else gets. */
__attribute__((no_stack_protector)) uint64_t guest_make_canary(uint64_t salt)
{
    uint64_t canary = 0;
    if (guest.entropy.n > 0)
        guest.entropy = mspan_skip(guest.entropy, span_copy(MSPAN_OF(canary), span_of(guest.entropy)));
    else if (!arch_random(&canary))
        canary = (arch_cycles() ^ salt) * 0x9e3779b97f4a7c15u;
    return canary;
}

void guest_run_constructors(void)
{
    SLICE(constructor *const) list = { __init_array_start,
        ((uintptr_t)__init_array_end - (uintptr_t)__init_array_start) / sizeof(constructor *) };
    for (size_t i = 0; i < list.n; i++)
        AT(list, i)();
}

struct mspan guest_take_memory(size_t num_bytes)
{
    if (num_bytes > guest.memory.n)
        guest_memory_is_too_small();
    struct mspan taken = mspan_skip(guest.memory, guest.memory.n - num_bytes);
    guest.memory = mspan_first(guest.memory, guest.memory.n - num_bytes);
    return taken;
}
