// SPDX-License-Identifier: ISC
/* host_bsd.c - the host is FreeBSD, OpenBSD or macOS. Signals arrive through a pipe, since there is no descriptor for them that all
 * three have; what a disk that is no file holds is found by its end. */
#include "platform/unix/host.h"
#include "platform/unix/host_bsd.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <unistd.h>

#define ENTROPY_BYTES_MAX 256u          /* of one call */

static int signal_ends[2];

static void tell(int number)
{
    int before = errno;
    (void)number;
    (void)write(signal_ends[1], "", 1);
    errno = before;
}

static bool handle(void (*handler)(int))
{
    struct sigaction a = { .sa_handler = handler };
    return sigaction(SIGINT, &a, NULL) == 0 && sigaction(SIGTERM, &a, NULL) == 0;
}

static bool prepare(int fd)
{
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 && fcntl(fd, F_SETFL, O_NONBLOCK) == 0;
}

int unix_host_signals_open(void)
{
    if (pipe(signal_ends) != 0 || !prepare(signal_ends[0]) || !prepare(signal_ends[1]) || !handle(tell))
        return -1;
    return signal_ends[0];
}

bool unix_host_signals_take(int fd)
{
    char byte;
    if (read(fd, &byte, 1) != 1)
        return false;
    (void)handle(SIG_DFL);
    (void)close(signal_ends[0]);
    (void)close(signal_ends[1]);
    return true;
}

/* Milliseconds are rounded up: waking early would be waking twice. */
int unix_host_poll(struct pollfd *all, unsigned num, nanos deadline)
{
    nanos left = deadline == 0 ? 0 : nanos_sub(deadline, platform_clock_monotonic());
    uint64_t ms = (left + NS_PER_MS - 1) / NS_PER_MS;
    return poll(all, num, deadline == NEVER ? -1 : ms > INT_MAX ? INT_MAX : (int)ms);
}

bool unix_host_entropy(struct mspan out)
{
    while (out.n > 0) {
        struct mspan piece = mspan_first(out, ENTROPY_BYTES_MAX);
        if (!unix_system_entropy(piece))
            return false;
        out = mspan_skip(out, piece.n);
    }
    return true;
}

uint64_t unix_host_disk_bytes(int fd)
{
    off_t end = lseek(fd, 0, SEEK_END);
    return end > 0 ? (uint64_t)end : 0;
}

/* Nothing is discarded. */
uint32_t unix_host_discard_bytes(int fd)
{
    (void)fd;
    return 0;
}

bool unix_host_flush(int fd)
{
    return fsync(fd) == 0;
}

err unix_host_discard(int fd, uint64_t offset_bytes, uint64_t num_bytes)
{
    (void)fd, (void)offset_bytes, (void)num_bytes;
    return E_UNSUPPORTED;
}
