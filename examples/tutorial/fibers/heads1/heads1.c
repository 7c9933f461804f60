// SPDX-License-Identifier: ISC
/* heads1.c - two fibers in a scope; scope_join waits for both. */
#include "heads1.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

static err heads(void *arg)
{
    (void)arg;
    TRY(sleep_until(nanos_add(clock_now(), arg_unit())));
    print("Heads\n");
    return OK;
}

static err tails(void *arg)
{
    (void)arg;
    TRY(sleep_until(nanos_add(clock_now(), 2 * arg_unit())));
    print("Tails\n");
    return OK;
}

err heads1_main(void)
{
    struct scope scope CLEANUP(scope_cancel);

    scope_open(&scope);
    TRY(fiber_go(&scope, heads, NULL, "heads"));
    TRY(fiber_go(&scope, tails, NULL, "tails"));
    TRY(scope_join(&scope));
    print("Finished\n");
    return OK;
}
