// SPDX-License-Identifier: ISC
/* From the platform's start to the unikernel's end. */
#include "runtime/main.h"
#include "platform/platform.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"
#include "runtime/log.h"
#include "runtime/scheduler.h"

enum { STATUS_OK = 0, STATUS_ERROR = 1 };

LOG_SOURCE(start);

/* --name and --delay are in every table that `morgana configure` writes; a table by hand may lack them. */
struct span unikernel_name(void)
{
    const struct bootarg *a = bootarg_find(unikernel.args, TEXT("name"));
    return a && a->value.string.n > 0 ? a->value.string : span_of_str(unikernel.name);
}

static err run_unikernel(void *arg)
{
    (void)arg;
    const struct bootarg *delay = bootarg_find(unikernel.args, TEXT("delay"));
    if (delay && delay->value.duration > 0)
        TRY(sleep_until(nanos_add(clock_now(), delay->value.duration)));
    return unikernel.start();
}

static int status_of(err e)
{
    if (e == OK || (e == E_CANCELED && scheduler_stop_was_asked()))
        return STATUS_OK;
    struct span name = unikernel_name();
    log_error(start, "%b ends: %s", &name, err_name(e));
    return STATUS_ERROR;
}

void platform_main(const struct platform_start *start)
{
    heap_init(start->memory);
    log_init(clock_now());
    bootargs_parse(unikernel.args, start->command_line);
    platform_exit(status_of(scheduler_run(run_unikernel, NULL, unikernel.name)));
}
