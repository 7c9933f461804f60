// SPDX-License-Identifier: ISC
/* timeout2.c - two fibers race: the work, and the time that it may take. The first that ends well cancels the other. */
#include "timeout2.h"
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

static err time_is_up(void *arg)
{
    (void)arg;
    return sleep_until(nanos_add(clock_now(), arg_limit()));
}

err timeout2_main(void)
{
    const char *result = NULL;
    struct scope scope CLEANUP(scope_cancel);

    scope_open(&scope);
    TRY(fiber_go(&scope, work, &result, "work"));
    TRY(fiber_go(&scope, time_is_up, NULL, "time is up"));
    TRY(scope_race(&scope));
    if (result)
        print("Returned \"%s\"\n", result);
    else
        print("Cancelled\n");
    return OK;
}
