// SPDX-License-Identifier: ISC
#include "tender/hvt_host.h"
#include "base/checked.h"
#include "base/nanos.h"
#include "tender/hvt_stream.h"
#include "tender/hvt_system.h"
#include "tender/system.h"
#include "tender/vectors.h"
#include <errno.h>
#include <time.h>
#include <unistd.h>

static const struct devices *devices;

static int fd_of(unsigned handle)
{
    return devices->manifest.record[handle].host_fd;
}

static bool is_stream(unsigned handle)
{
    return devices->extension[handle].net_kind == EXTENSION_NET_STREAM;
}

err hvt_host_open(const struct devices *d, struct message *why)
{
    devices = d;
    (void)host_vectors_probe();
    for (unsigned i = 1; i < d->manifest.entries; i++)
        if (is_stream(i))
            TRY(hvt_stream_open(i, fd_of(i), why));
    return hvt_wait_open(d, why);
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

static uint64_t poll_devices(uint64_t timeout_ns)
{
    uint64_t ready = hvt_streams_ready();
    ready |= hvt_wait(ready != 0 ? 0 : timeout_ns);
    hvt_streams_flush();
    return ready;
}

static enum host_net net_read(unsigned handle, iovecs into, size_t *num_bytes)
{
    ssize_t n;
    if (is_stream(handle))
        return hvt_stream_read(handle, into, num_bytes);
    do
        n = host_readv(fd_of(handle), into);
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
        n = host_writev(fd_of(handle), from);
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

static err block_discard(unsigned handle, uint64_t offset, uint64_t num_bytes)
{
    return num_bytes > 0 ? system_discard(fd_of(handle), offset, num_bytes) : OK;
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
    .block_discard = block_discard,
};
