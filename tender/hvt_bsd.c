// SPDX-License-Identifier: ISC
/* hvt_bsd.c - FreeBSD and OpenBSD: waiting by poll(2), confinement by a user without rights in an empty root. Somebody outlives the
 * guest: the machine may have to be destroyed, by who made it. Never run. */
#include "base/nanos.h"
#include "tender/bsd_host.h"
#include "tender/hvt_system.h"
#include "tender/system.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define NOBODY 65534u
#define EMPTY_ROOT "/var/empty"
#define DESCRIPTORS_MAX 1024

void system_start(void)
{
    /* no filter of system calls is inherited */
}

err system_outlive(struct devices *d, struct message *why)
{
    (void)d;
    (void)why;
    return OK;                  /* TAPs have no offloads; for the machine see hvt_confine */
}

err system_discard(int fd, uint64_t offset, uint64_t num_bytes)
{
    (void)fd, (void)offset, (void)num_bytes;
    return E_UNSUPPORTED;
}

uint32_t system_discard_bytes(int fd)
{
    (void)fd;
    return 0;
}

void system_close_others(descriptors kept)
{
    size_t next = 0;
    for (int fd = 3; fd < DESCRIPTORS_MAX; fd++) {
        if (next < kept.n && AT(kept, next) == fd)
            next++;
        else
            (void)close(fd);
    }
}

/* ---- Waiting: the network devices, and a pipe for the operator's signals */

static const struct devices *devices;
static int bell[2] = { -1, -1 };

static void end_by_operator(int number)
{
    static const char text[] = "morgana-hvt: ended by a signal\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

/* Only the first one counts. */
static void ring(int number)
{
    int e = errno;
    (void)number;
    if (write(bell[1], "", 1) == 1)
        (void)signal(SIGTERM, SIG_IGN);
    errno = e;
}

err hvt_wait_open(const struct devices *d, struct message *why)
{
    devices = d;
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    if (d->has_extension && pipe2(bell, O_NONBLOCK | O_CLOEXEC) != 0)
        return refuse(why, E_IO, "pipe: %s: raise the limit of open files", strerror(errno));
    (void)signal(SIGTERM, d->has_extension ? ring : end_by_operator);
    (void)signal(SIGINT, d->has_extension ? ring : end_by_operator);
    return OK;
}

uint64_t hvt_wait(uint64_t timeout_ns)
{
    struct pollfd fds[SOLO5_RECORDS_MAX];
    uint8_t byte;
    uint64_t ready = 0;
    for (unsigned i = 0; i < devices->manifest.entries; i++) {
        bool is_net = devices->manifest.record[i].type == SOLO5_DEVICE_NET;
        fds[i] = (struct pollfd){ .fd = is_net ? devices->manifest.record[i].host_fd : -1, .events = POLLIN };
    }
    fds[0].fd = bell[0];
    if (poll(fds, devices->manifest.entries, hvt_timeout_ms(timeout_ns)) <= 0)
        return 0;
    for (unsigned i = 0; i < devices->manifest.entries; i++)
        if (fds[i].revents != 0)
            ready |= UINT64_C(1) << i;
    if (ready & 1)
        (void)!read(bell[0], &byte, sizeof byte);
    return ready;
}

/* ---- Confinement */

/* Passes the signals on, and ends as the guest did. */
static pid_t guest;
static void pass_on(int number)
{
    (void)kill(guest, number);
}

NORETURN static void outlive(void)
{
    int status = 0;
    (void)signal(SIGTERM, pass_on);
    (void)signal(SIGINT, pass_on);
    while (waitpid(guest, &status, 0) < 0 && errno == EINTR)
        ;
    bsd_destroy_machine();
    _exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

static err become_nobody(struct message *why)
{
    static const gid_t group = NOBODY;
    if (chroot(EMPTY_ROOT) == 0 && chdir("/") == 0 && setgroups(1, &group) == 0 && setgid(NOBODY) == 0 && setuid(NOBODY) == 0)
        return OK;
    return refuse(why, E_UNSUPPORTED, EMPTY_ROOT ": %s: run the tender as root", strerror(errno));
}

err hvt_confine(const struct tender *t, const struct hvt_rights *r, struct message *why)
{
    const int kept[] = { r->vm->fd, bell[0], bell[1], r->debugger, r->core, r->core_folder };
    guest = fork();
    if (guest < 0)
        return refuse(why, E_NOMEM, "cannot start the guest's process: %s", strerror(errno));
    if (guest > 0)
        outlive();
    tender_close_others(t, kept, NUM_OF(kept));
    TRY(become_nobody(why));
    return bsd_give_up_rights(r, why);
}
