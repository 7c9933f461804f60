// SPDX-License-Identifier: ISC
/* host_linux.c - the host is Linux. */
#include "platform/unix/host.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static sigset_t watched(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    return set;
}

int unix_host_signals_open(void)
{
    sigset_t set = watched();
    int fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return fd < 0 || sigprocmask(SIG_BLOCK, &set, NULL) == 0 ? fd : -1;
}

bool unix_host_signals_take(int fd)
{
    struct signalfd_siginfo info;
    sigset_t set = watched();
    if (read(fd, &info, sizeof info) != sizeof info)
        return false;
    (void)close(fd);
    (void)sigprocmask(SIG_UNBLOCK, &set, NULL);
    return true;
}

int unix_host_poll(struct pollfd *all, unsigned num, nanos deadline)
{
    nanos left = deadline == 0 ? 0 : nanos_sub(deadline, platform_clock_monotonic());
    struct timespec limit = { .tv_sec = (time_t)(left / NS_PER_S), .tv_nsec = (long)(left % NS_PER_S) };
    return ppoll(all, num, deadline == NEVER ? NULL : &limit, NULL);
}

bool unix_host_entropy(struct mspan out)
{
    while (out.n > 0) {
        ssize_t n = getrandom(out.p, out.n, 0);
        if (n > 0)
            out = mspan_skip(out, (size_t)n);
        else if (errno != EINTR)
            return false;
    }
    return true;
}

uint64_t unix_host_disk_bytes(int fd)
{
    uint64_t num_bytes = 0;
    return ioctl(fd, BLKGETSIZE64, &num_bytes) == 0 ? num_bytes : 0;
}

uint32_t unix_host_discard_bytes(int fd)
{
    int num_bytes = 0;
    return ioctl(fd, BLKSSZGET, &num_bytes) == 0 && num_bytes > 0 ? (uint32_t)num_bytes : 0;
}

bool unix_host_flush(int fd)
{
    return fdatasync(fd) == 0;
}

err unix_host_discard(int fd, uint64_t offset_bytes, uint64_t num_bytes)
{
    if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, (off_t)offset_bytes, (off_t)num_bytes) == 0)
        return OK;
    return errno == EOPNOTSUPP ? E_UNSUPPORTED : E_IO;
}
