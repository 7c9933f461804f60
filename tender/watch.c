// SPDX-License-Identifier: ISC
#include "tender/watch.h"
#include "tender/privilege.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t watcher;           /* of this process, the guest's; 0: nobody watches */

NORETURN static void end_by_signal(int number)
{
    static const struct rlimit none = { 0, 0 };
    sigset_t one;
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)sigemptyset(&one);
    (void)sigaddset(&one, number);
    (void)signal(number, SIG_DFL);
    (void)kill(getpid(), number);
    (void)sigprocmask(SIG_UNBLOCK, &one, NULL);
    _exit(128 + number);
}

/* All signals are blocked: they arrive here. */
NORETURN static void wait_for_guest(pid_t guest, const sigset_t *signals, const struct devices *d)
{
    int status;
    while (waitpid(guest, &status, WNOHANG) != guest) {
        int number = sigwaitinfo(signals, NULL);
        if (number > 0 && number != SIGCHLD)
            (void)kill(guest, number);
    }
    devices_reset(d);
    if (WIFSIGNALED(status))
        end_by_signal(WTERMSIG(status));
    _exit(WEXITSTATUS(status));
}

void watch_die_with_it(void)
{
    if (watcher == 0)
        return;
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != watcher)
        _exit(1);
}

err watch_guest(struct devices *d, struct message *why)
{
    sigset_t all, before;
    (void)sigfillset(&all);
    (void)sigdelset(&all, SIGTSTP);
    (void)sigdelset(&all, SIGTTIN);
    (void)sigdelset(&all, SIGTTOU);
    (void)sigdelset(&all, SIGCONT);
    (void)sigprocmask(SIG_BLOCK, &all, &before);
    pid_t parent = getpid(), guest = fork();
    if (guest < 0 && errno == ENOSYS) {         /* an outer filter forbids it */
        devices_forgo_offloads(d);
        return OK;
    }
    if (guest < 0)
        return refuse(why, E_NOMEM, "cannot start the guest's process: %s: raise the limit of processes", strerror(errno));
    if (guest > 0) {
        privilege_drop(true);
        wait_for_guest(guest, &all, d);
    }
    watcher = parent;
    watch_die_with_it();
    (void)sigprocmask(SIG_SETMASK, &before, NULL);
    return OK;
}
