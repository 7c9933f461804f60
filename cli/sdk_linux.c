// SPDX-License-Identifier: ISC
/* sdk_linux.c - the path of the running program, on Linux. */
#include "cli/sdk.h"
#include <limits.h>
#include <unistd.h>

const char *own_program(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    return n > 0 ? text("%.*s", (int)n, path) : NULL;
}
