// SPDX-License-Identifier: ISC
/* host_linux.c - the host is Linux. */
#include "cli/host.h"
#include <limits.h>
#include <sys/random.h>
#include <unistd.h>

const char *own_program(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path);
    return n > 0 ? text("%.*s", (int)n, path) : NULL;
}

bool host_random(struct mspan out)
{
    return getentropy(out.p, out.n) == 0;
}

uint64_t host_modified_ns(const struct stat *s)
{
    return (uint64_t)s->st_mtim.tv_sec * 1000000000u + (uint64_t)s->st_mtim.tv_nsec;
}
