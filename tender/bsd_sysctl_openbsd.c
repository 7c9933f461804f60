// SPDX-License-Identifier: ISC
/* bsd_sysctl_openbsd.c - values have numbers here; this knows the one that the tender reads. */
#include "tender/bsd_host.h"
#include <sys/types.h>
#include <sys/sysctl.h>
#include <machine/cpu.h>

bool bsd_sysctl(const char *name, struct mspan out, struct span in)
{
    static const int tsc_frequency[] = { CTL_MACHDEP, CPU_TSCFREQ };
    size_t num_bytes = out.n;
    if (!span_eq(span_of_str(name), TEXT("machdep.tscfreq")) || in.n > 0)
        return false;
    return sysctl(tsc_frequency, 2, out.p, &num_bytes, NULL, 0) == 0 && num_bytes == out.n;
}
