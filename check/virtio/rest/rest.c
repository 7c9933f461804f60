// SPDX-License-Identifier: ISC
/* rest.c - nothing to do for a thousand seconds. Where an instruction takes a nanosecond of virtual time and sleeping takes none of ours
 * (QEMU: -icount shift=0,sleep=off), it soon ends, and who does not rest does not. */
#include "rest.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

enum { REST_S = 1000 };

err rest_main(struct stack *net)
{
    (void)net;
    TRY(sleep_until(in_s(REST_S)));
    print("rested\n");
    return OK;
}
