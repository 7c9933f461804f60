// SPDX-License-Identifier: ISC
/* errno.c - one errno for all fibers: it is set and read without blocking in between. */
#include <errno.h>

static int value;

int *__errno_location(void)
{
    return &value;
}
int *___errno_location(void) __attribute__((alias("__errno_location"), const));    /* as musl's own members call it */
