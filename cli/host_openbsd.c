// SPDX-License-Identifier: ISC
/* host_openbsd.c - the host is OpenBSD, where a process is not told its path: MORGANA_SDK says where the SDK is. */
#include "cli/host.h"
#include <unistd.h>

const char *own_program(void)
{
    return NULL;
}

bool host_random(struct mspan out)
{
    return getentropy(out.p, out.n) == 0;
}

uint64_t host_modified_ns(const struct stat *s)
{
    return (uint64_t)s->st_mtim.tv_sec * 1000000000u + (uint64_t)s->st_mtim.tv_nsec;
}
