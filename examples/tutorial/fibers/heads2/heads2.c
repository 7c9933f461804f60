// SPDX-License-Identifier: ISC
/* heads2.c - the same as heads1 with one function: each fiber gets an argument, which lives as long as the scope. */
#include "heads2.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/log.h"

struct side {
    const char *name;
    nanos sleeps;
};

static err fall(void *arg)
{
    const struct side *side = arg;
    TRY(sleep_until(nanos_add(clock_now(), side->sleeps)));
    print("%s\n", side->name);
    return OK;
}

err heads2_main(void)
{
    struct side sides[] = { { "Heads", arg_unit() }, { "Tails", 2 * arg_unit() } };
    struct scope scope CLEANUP(scope_cancel);

    scope_open(&scope);
    for (size_t i = 0; i < NUM_OF(sides); i++)
        TRY(fiber_go(&scope, fall, &sides[i], sides[i].name));
    TRY(scope_join(&scope));
    print("Finished\n");
    return OK;
}
