// SPDX-License-Identifier: ISC
/* From the platform's start to the unikernel's end. */
#include "runtime/main.h"
#include "platform/platform.h"
#include "runtime/heap.h"
#include "runtime/log.h"
#include "runtime/random.h"
#include "runtime/scheduler.h"

enum { STATUS_OK = 0, STATUS_ERROR = 1 };

LOG_SOURCE(start);

static err run_unikernel(void *arg)
{
    (void)arg;
    return unikernel.start();
}

static int status_of(err e)
{
    if (e == OK || (e == E_CANCELED && scheduler_stop_was_asked()))
        return STATUS_OK;
    log_error(start, "%s ends: %s", unikernel.name, err_name(e));
    return STATUS_ERROR;
}

void platform_main(const struct platform_start *start)
{
    heap_init(start->memory);
    err e = random_init();
    if (e == OK) {
        bootargs_parse(unikernel.args, start->command_line);
        e = scheduler_run(run_unikernel, NULL, unikernel.name);
    } else
        log_error(start, "no source of entropy: not the world below, not the CPU, no declared jitter");
    platform_exit(status_of(e));
}
