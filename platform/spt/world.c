// SPDX-License-Identifier: ISC
/* world.c - console, clocks, the end, waiting, blocks. */
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"
#include <limits.h>
#include <sys/epoll.h>
#include <time.h>

#define STATUS_ABORT 255

void platform_console_write(struct span text)
{
    while (text.n > 0) {
        long n = linux_call3(LINUX_WRITE, SPT_STDOUT, (long)text.p, (long)text.n);
        if (n <= 0 && n != -EINTR)
            return;
        text = span_skip(text, n > 0 ? (size_t)n : 0);
    }
}

nanos platform_clock_monotonic(void)
{
    return spt_clock(CLOCK_MONOTONIC);
}
nanos platform_clock_wall(void)
{
    return spt_clock(CLOCK_REALTIME);
}

void platform_exit(int status)
{
    for (;;)
        (void)linux_call3(LINUX_EXIT_GROUP, status, 0, 0);
}
void platform_abort(void)
{
    platform_exit(STATUS_ABORT);
}

/* epoll_pwait counts in milliseconds; rounded up, so that no wait ends just before its time. */
static int timeout_ms(nanos deadline)
{
    if (deadline == 0)
        return 0;
    if (deadline == NEVER)
        return -1;
    nanos ms = nanos_add(nanos_sub(deadline, platform_clock_monotonic()), NS_PER_MS - 1) / NS_PER_MS;
    return ms < INT_MAX ? (int)ms : INT_MAX;
}

void guest_poll(nanos deadline)
{
    struct epoll_event events[SOLO5_RECORDS_MAX];
    long n = linux_call6(LINUX_EPOLL_PWAIT, spt_boot->epoll_fd, (long)events, NUM_OF(events), timeout_ms(deadline), 0, 0);
    for (long i = 0; i < n; i++) {
        uint64_t event = events[i].data.u64;
        if (event < SOLO5_RECORDS_MAX)
            spt_net_event((unsigned)event, events[i].events);
        else if (event == spt_extension.stop_event && spt_extension.version != 0)
            guest.stop = true;
    }
}

/* ---- Blocks */

static err transfer(unsigned handle, enum linux_call call, uint64_t offset, const void *p, size_t n)
{
    long result;
    do
        result = linux_call4(call, guest_record(handle)->host_fd, (long)p, (long)n, (long)offset);
    while (result == -EINTR);
    return result == (long)n ? OK : E_IO;   /* less: a file that became shorter, or a failing disk */
}
err guest_block_read(unsigned handle, uint64_t offset, struct mspan into)
{
    return transfer(handle, LINUX_PREAD64, offset, into.p, into.n);
}
err guest_block_write(unsigned handle, uint64_t offset, struct span from)
{
    return transfer(handle, LINUX_PWRITE64, offset, from.p, from.n);
}
err guest_block_flush(unsigned handle)
{
    return linux_call3(LINUX_FDATASYNC, guest_record(handle)->host_fd, 0, 0) == 0 ? OK : E_IO;
}
err guest_block_discard(unsigned handle, uint64_t offset, uint64_t num_bytes)
{
    long result;
    do
        result = linux_call4(LINUX_FALLOCATE, guest_record(handle)->host_fd, SPT_DISCARD_MODE, (long)offset, (long)num_bytes);
    while (result == -EINTR);
    return result == 0 ? OK : result == -EOPNOTSUPP ? E_UNSUPPORTED : E_IO;
}
/* A list would be as many system calls. */
bool guest_block_queue(unsigned handle, struct platform_block_request *request)
{
    (void)handle;
    (void)request;
    return false;
}
