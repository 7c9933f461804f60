// SPDX-License-Identifier: ISC
/* privilege.c - best effort, each on top of the filter: what the kernel lacks or refuses is not needed to be safe. */
#include "tender/privilege.h"
#include <linux/capability.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

void privilege_close_others(descriptors kept)
{
    unsigned from = 3;
    for (size_t i = 0; i < kept.n; i++) {
        unsigned fd = (unsigned)AT(kept, i);
        if (fd > from)
            (void)syscall(SYS_close_range, from, fd - 1, 0);
        from = fd + 1;
    }
    (void)syscall(SYS_close_range, from, ~0u, 0);
}

void privilege_drop(void)
{
    static const struct rlimit none = { 0, 0 };
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    static const struct __user_cap_data_struct nothing[_LINUX_CAPABILITY_U32S_3];
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    (void)syscall(SYS_capset, &head, nothing);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_NPROC, &none);
    (void)setrlimit(RLIMIT_NOFILE, &none);
}
