// SPDX-License-Identifier: ISC
/* privilege.c - best effort, each on top of the filter: what the kernel lacks or refuses is not needed to be safe. */
#include "tender/privilege.h"
#include <errno.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534u

/* ---- An empty root: /proc's folder of a process that is gone. The process is a child that shares the root with us. */

static int enter_empty_root(void *unused)
{
    (void)unused;
    _exit(chroot("/proc/self/fdinfo") == 0 && chdir("/") == 0 ? 0 : 1);
}

void privilege_leave_files(void)
{
    static _Alignas(16) uint8_t stack[8192];
    struct span top = span_skip(SPAN(stack), sizeof stack - 64);
    if (geteuid() != 0)
        (void)syscall(SYS_unshare, CLONE_NEWUSER);      /* whose root may change its root */
    pid_t child = clone(enter_empty_root, (void *)top.p, CLONE_VM | CLONE_VFORK | CLONE_FS | SIGCHLD, NULL);
    while (child > 0 && waitpid(child, NULL, 0) < 0 && errno == EINTR)
        ;
}

/* Not by the C library, which would tell its threads. */
static void become_nobody(void)
{
    if (geteuid() != 0)
        return;
    (void)syscall(SYS_setgroups, 0, NULL);
    (void)syscall(SYS_setresgid, NOBODY, NOBODY, NOBODY);
    (void)syscall(SYS_setresuid, NOBODY, NOBODY, NOBODY);
}

void privilege_drop(bool with_user)
{
    static const struct rlimit none = { 0, 0 };
    struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
    static const struct __user_cap_data_struct nothing[_LINUX_CAPABILITY_U32S_3];
    if (with_user)
        become_nobody();
    (void)prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    (void)syscall(SYS_capset, &head, nothing);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_NPROC, &none);
    (void)setrlimit(RLIMIT_NOFILE, &none);
}
