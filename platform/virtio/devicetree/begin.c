// SPDX-License-Identifier: ISC
/* begin.c - a machine that a device tree describes. */
#include "arch/machine.h"
#include "platform/virtio/devicetree/tree.h"

void machine_begin(uintptr_t told, uintptr_t how)
{
    (void)how;
    machine_catch_faults();
    tree_read(told);
}

void machine_init(void)
{
    console_init();
    clock_init();
    interrupts_init();
    power_init();
}

bool machine_seed(struct mspan out)
{
    if (out.n > tree.seed_bytes)
        return false;
    (void)span_copy(out, span_first(SPAN(tree.seed), tree.seed_bytes));
    mspan_zero(MSPAN(tree.seed));
    tree.seed_bytes = 0;
    return true;
}
