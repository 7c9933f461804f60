// SPDX-License-Identifier: ISC
/* From the platform's start to the unikernel's end. */
#include "runtime/main.h"
#include "platform/platform.h"
#include "runtime/heap.h"
#include "runtime/log.h"
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
    bootargs_parse(unikernel.args, start->command_line);
    platform_exit(status_of(scheduler_run(run_unikernel, NULL, unikernel.name)));
}
