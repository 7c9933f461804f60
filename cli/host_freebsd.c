// SPDX-License-Identifier: ISC
/* host_freebsd.c - the host is FreeBSD. */
#include "cli/host.h"
#include <limits.h>
#include <sys/random.h>
#include <sys/types.h>
#include <sys/sysctl.h>

const char *own_program(void)
{
    static const int name[] = { CTL_KERN, KERN_PROC, KERN_PROC_PATHNAME, -1 };
    char path[PATH_MAX];
    size_t n = sizeof path;
    return sysctl(name, NUM_OF(name), path, &n, NULL, 0) == 0 ? text("%s", path) : NULL;
}

bool host_random(struct mspan out)
{
    return getentropy(out.p, out.n) == 0;
}

uint64_t host_modified_ns(const struct stat *s)
{
    return (uint64_t)s->st_mtim.tv_sec * 1000000000u + (uint64_t)s->st_mtim.tv_nsec;
}
