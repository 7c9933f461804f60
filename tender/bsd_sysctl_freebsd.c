// SPDX-License-Identifier: ISC
/* bsd_sysctl_freebsd.c - values have names here. */
#include "tender/bsd_host.h"
#include <sys/sysctl.h>

bool bsd_sysctl(const char *name, struct mspan out, struct span in)
{
    size_t num_bytes = out.n;
    return sysctlbyname(name, out.p, out.n > 0 ? &num_bytes : NULL, in.p, in.n) == 0 && num_bytes == out.n;
}
