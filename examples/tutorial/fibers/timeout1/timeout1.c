// SPDX-License-Identifier: ISC
/* timeout1.c - a fiber that takes some time, and a scope that waits for it with a deadline. */
#include "timeout1.h"
#include "lib/random/random.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

static err work(void *arg)
{
    const char **result = arg;
    TRY(sleep_until(nanos_add(clock_now(), random_u64() % (arg_most() + 1))));
    *result = "Heads";
    return OK;
}

err timeout1_main(void)
{
    const char *result = NULL;
    struct scope scope CLEANUP(scope_cancel);

    scope_open(&scope);
    TRY(fiber_go(&scope, work, &result, "work"));
    err e = scope_join_until(&scope, nanos_add(clock_now(), arg_limit()));
    if (e == E_TIMEDOUT)
        print("Cancelled\n");
    else if (e == OK)
        print("Returned \"%s\"\n", result);
    return e == E_TIMEDOUT ? OK : e;
}
