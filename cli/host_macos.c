// SPDX-License-Identifier: ISC
/* host_macos.c - the host is macOS. */
#include "cli/host.h"
#include <limits.h>
#include <mach-o/dyld.h>
#include <stdlib.h>
#include <sys/random.h>

const char *own_program(void)
{
    char path[PATH_MAX];
    uint32_t n = sizeof path;
    return _NSGetExecutablePath(path, &n) == 0 ? realpath(path, NULL) : NULL;
}

bool host_random(struct mspan out)
{
    return getentropy(out.p, out.n) == 0;
}

uint64_t host_modified_ns(const struct stat *s)
{
    return (uint64_t)s->st_mtimespec.tv_sec * 1000000000u + (uint64_t)s->st_mtimespec.tv_nsec;
}
