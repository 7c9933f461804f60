// SPDX-License-Identifier: ISC
/* noop.c - the smallest unikernel: it starts and ends well. */
#include "noop.h"

err noop_main(void)
{
    return OK;
}
