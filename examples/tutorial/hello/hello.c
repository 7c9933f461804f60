// SPDX-License-Identifier: ISC
/* hello.c - says hello, and again if asked to. */
#include "hello.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

err hello_main(void)
{
    nanos next = clock_now();
    for (uint64_t i = 0; i < arg_count(); i++) {
        if (i > 0)
            TRY(sleep_until(next = nanos_add(next, arg_every())));
        print("hello\n");
    }
    return OK;
}
