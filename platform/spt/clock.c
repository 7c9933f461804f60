// SPDX-License-Identifier: ISC
/* clock.c - the host's clocks: by the vDSO that Morgana's tender tells of, which needs no system call, or else by that call. */
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"
#include <time.h>

typedef int vdso_clock_gettime(clockid_t, struct timespec *);

/* The clock is read before the canary is there, or from where none can be. */
__attribute__((no_stack_protector)) nanos spt_clock(int clock_id)
{
    struct timespec t = { 0 };
    vdso_clock_gettime *call = (vdso_clock_gettime *)(uintptr_t)spt_extension.clock_gettime;
    if (call == NULL || call(clock_id, &t) != 0)
        (void)linux_call3(LINUX_CLOCK_GETTIME, clock_id, (long)&t, 0);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}
