// SPDX-License-Identifier: ISC
#include "tender/hvt_host.h"
#include "base/checked.h"
#include "base/nanos.h"
#include "tender/hvt_stream.h"
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

static const struct devices *devices;
static int epoll_fd = -1;

static int fd_of(unsigned handle)
{
    return devices->manifest.record[handle].host_fd;
}

/* ---- Opening */

static err watch_fd(int fd, uint32_t events, uint64_t handle, struct message *why)
{
    struct epoll_event event = { .events = events, .data.u64 = handle };
    if (fd >= 0 && epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) == 0)
        return OK;
    return refuse(why, E_IO, "epoll: %s: raise the limit of open files", strerror(errno));
}

static void end_by_operator(int number)
{
    static const char text[] = "morgana-hvt: ended by a signal\n";
    (void)number;
    if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
        _exit(1);
    _exit(1);
}

/* Seen once, as handle 0, which is no device. */
static err watch_stop(int *signals, struct message *why)
{
    sigset_t stop;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGINT);
    (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    *signals = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    return watch_fd(*signals, EPOLLIN | EPOLLONESHOT, 0, why);
}

static bool is_stream(unsigned handle)
{
    return devices->extension[handle].net_kind == EXTENSION_NET_STREAM;
}

/* A guest with the extension receives until there is nothing, so that an edge is enough: a device that was taken away is
 * seen once. */
static err watch_net(unsigned handle, struct message *why)
{
    uint32_t events = EPOLLIN | (devices->has_extension ? EPOLLET : 0);
    if (is_stream(handle)) {
        TRY(hvt_stream_open(handle, fd_of(handle), why));
        events |= EPOLLOUT;
    }
    return watch_fd(fd_of(handle), events, handle, why);
}

err hvt_host_open(const struct devices *d, int *epoll, int *signals, struct message *why)
{
    devices = d;
    epoll_fd = *epoll = epoll_create1(EPOLL_CLOEXEC);
    *signals = -1;
    (void)signal(SIGPIPE, SIG_IGN);
    if (d->has_extension) {
        TRY(watch_stop(signals, why));
    } else {
        (void)signal(SIGTERM, end_by_operator);
        (void)signal(SIGINT, end_by_operator);
    }
    for (unsigned i = 1; i < d->manifest.entries; i++)
        if (d->manifest.record[i].type == SOLO5_DEVICE_NET)
            TRY(watch_net(i, why));
    return OK;
}

/* ---- The calls */

static uint64_t wall_clock(void)
{
    struct timespec t = { 0 };
    (void)clock_gettime(CLOCK_REALTIME, &t);
    return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static void console(struct span text)
{
    while (text.n > 0) {
        ssize_t n = write(STDOUT_FILENO, text.p, text.n);
        if (n <= 0 && errno != EINTR)
            return;
        text = span_skip(text, n > 0 ? (size_t)n : 0);
    }
}

/* Rounded up, so that no wait ends just before its time. */
static int timeout_ms(uint64_t timeout_ns)
{
    uint64_t ms = timeout_ns / NS_PER_MS + (timeout_ns % NS_PER_MS != 0);
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

static uint64_t poll_devices(uint64_t timeout_ns)
{
    struct epoll_event events[SOLO5_RECORDS_MAX];
    uint64_t ready = hvt_streams_ready();
    int n = epoll_pwait(epoll_fd, events, NUM_OF(events), ready != 0 ? 0 : timeout_ms(timeout_ns), NULL);
    for (int i = 0; i < n; i++)
        if (events[i].data.u64 < SOLO5_RECORDS_MAX && events[i].events != EPOLLOUT)
            ready |= UINT64_C(1) << events[i].data.u64;
    hvt_streams_flush();
    return ready;
}

static enum host_net net_read(unsigned handle, iovecs into, size_t *num_bytes)
{
    ssize_t n;
    if (is_stream(handle))
        return hvt_stream_read(handle, into, num_bytes);
    do
        n = readv(fd_of(handle), into.p, (int)into.n);
    while (n < 0 && errno == EINTR);
    if (n <= 0)
        return HOST_NET_NOW_NOT;
    *num_bytes = (size_t)n;
    return HOST_NET_OK;
}

static enum host_net net_write(unsigned handle, iovecs from)
{
    ssize_t n;
    if (is_stream(handle))
        return hvt_stream_write(handle, from);
    do
        n = writev(fd_of(handle), from.p, (int)from.n);
    while (n < 0 && errno == EINTR);
    if (n >= 0)
        return HOST_NET_OK;
    return errno == EAGAIN || errno == ENOBUFS ? HOST_NET_NOW_NOT : HOST_NET_REFUSED;
}

/* The filter allows so much at once. */
static size_t step_of(unsigned handle, size_t num_bytes)
{
    return size_min(num_bytes, devices->extension[handle].block_max_transfer_bytes);
}

static err block_read(unsigned handle, uint64_t offset, struct mspan into)
{
    while (into.n > 0) {
        size_t step = step_of(handle, into.n);
        ssize_t n = pread(fd_of(handle), into.p, step, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)step)     /* a file that became shorter, or a failing disk */
            return E_IO;
        into = mspan_skip(into, step);
        offset += step;
    }
    return OK;
}

static err block_write(unsigned handle, uint64_t offset, struct span from)
{
    while (from.n > 0) {
        size_t step = step_of(handle, from.n);
        ssize_t n = pwrite(fd_of(handle), from.p, step, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n != (ssize_t)step)
            return E_IO;
        from = span_skip(from, step);
        offset += step;
    }
    return OK;
}

static err block_flush(unsigned handle)
{
    return fdatasync(fd_of(handle)) == 0 ? OK : E_IO;
}

const struct hypercall_host hvt_host = {
    .wall_clock = wall_clock,
    .console = console,
    .poll = poll_devices,
    .net_read = net_read,
    .net_write = net_write,
    .block_read = block_read,
    .block_write = block_write,
    .block_flush = block_flush,
};
