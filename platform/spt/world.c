// SPDX-License-Identifier: ISC
/* world.c - console, clocks, entropy, the end, and waiting. */
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"
#include <limits.h>
#include <sys/epoll.h>
#include <time.h>

#define STATUS_ABORT 255
/* How often platform_wait may answer from memory before it looks at the other devices and the stop event. */
#define ANSWERS_FROM_MEMORY_MAX 64

void platform_console_write(struct span text)
{
    while (text.n > 0) {
        const struct iovec part = { (void *)text.p, text.n };
        long n = spt.way->write(SPT_STDOUT, (iovecs){ &part, 1 });
        if (n <= 0 && n != -EINTR)
            return;
        text = span_skip(text, n > 0 ? (size_t)n : 0);
    }
}

nanos platform_clock_monotonic(void)
{
    return spt.way->clock(CLOCK_MONOTONIC);
}
nanos platform_clock_wall(void)
{
    return spt.way->clock(CLOCK_REALTIME);
}

/* The tender's bytes are given out once; the first of them became the canary. */
err platform_entropy(struct mspan out)
{
    static size_t num_given = sizeof(uint64_t);
    struct mspan left = mspan_skip(MSPAN(spt_extension.entropy), num_given);
    if (spt_extension.version == 0 || left.n < out.n)
        return E_UNSUPPORTED;
    struct mspan given = mspan_first(left, out.n);
    num_given += span_copy(out, span_of(given));
    mspan_zero(given);
    return OK;
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

/* Sleeps for at most timeout milliseconds (-1: no limit) and adds to spt.ready what has become ready. */
static void wait_for_events(int timeout)
{
    struct epoll_event events[SOLO5_RECORDS_MAX];
    long n = linux_call6(LINUX_EPOLL_PWAIT, spt.boot->epoll_fd, (long)events, NUM_OF(events), timeout, 0, 0);
    for (long i = 0; i < n; i++) {
        uint64_t event = events[i].data.u64;
        if (event < SOLO5_RECORDS_MAX)
            spt_net_event((unsigned)event, events[i].events);
        else if (event == spt_extension.stop_event && spt_extension.version != 0)
            spt.stop = true;
    }
}

uint64_t platform_wait(nanos deadline)
{
    static unsigned num_from_memory;
    if (spt.ready == 0 || ++num_from_memory >= ANSWERS_FROM_MEMORY_MAX) {
        num_from_memory = 0;
        wait_for_events(spt.ready == 0 ? timeout_ms(deadline) : 0);
    }
    return spt.ready | (spt.stop ? PLATFORM_READY_STOP : 0);
}
