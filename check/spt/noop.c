// SPDX-License-Identifier: ISC
/* noop.c - the main.c of a unikernel that does nothing, as `morgana configure` would write it. */
#include "abi/solo5.h"
#include "platform/platform.h"
#include "runtime/main.h"

PLATFORM_STACK_POOL(4, 16384);
SOLO5_MANIFEST_NOTE();

static struct bootarg_table table = { .program = "noop", .about = "Does nothing." };

static err start(void)
{
    return OK;
}
const struct unikernel unikernel = { "noop", &table, start };
