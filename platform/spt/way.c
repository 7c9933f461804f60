// SPDX-License-Identifier: ISC
/* way.c - the two ways to the kernel: what Solo5's tender allows, and what Morgana's does. */
#include "platform/spt/linux_call.h"
#include "platform/spt/spt.h"
#include <time.h>

static nanos nanos_of(const struct timespec *t)
{
    return (uint64_t)t->tv_sec * NS_PER_S + (uint64_t)t->tv_nsec;
}

/* The clock is called before the canary is there, or from where none can be. */
__attribute__((no_stack_protector)) static nanos clock_by_call(int clock_id)
{
    struct timespec t = { 0 };
    (void)linux_call3(LINUX_CLOCK_GETTIME, clock_id, (long)&t, 0);
    return nanos_of(&t);
}

static size_t gather(struct mspan into, iovecs from)
{
    struct mspan room = into;
    for (size_t i = 0; i < from.n; i++) {
        const struct iovec *v = &AT(from, i);
        if (v->iov_len > room.n)
            return 0;
        (void)span_copy(room, (struct span){ v->iov_base, v->iov_len });
        room = mspan_skip(room, v->iov_len);
    }
    return into.n - room.n;
}
static void scatter(iovecs into, struct span from)
{
    for (size_t i = 0; i < into.n; i++) {
        const struct iovec *v = &AT(into, i);
        from = span_skip(from, span_copy((struct mspan){ v->iov_base, v->iov_len }, from));
    }
}

/* Solo5's: one contiguous frame a call, so a vector goes through the frame buffer. */
static long read_contiguous(int fd, iovecs into)
{
    if (into.n == 1)
        return linux_call3(LINUX_READ, fd, (long)AT(into, 0).iov_base, (long)AT(into, 0).iov_len);
    long n = linux_call3(LINUX_READ, fd, (long)guest.frame.p, (long)guest.frame.n);
    if (n > 0)
        scatter(into, span_first(span_of(guest.frame), (size_t)n));
    return n;
}
static long write_contiguous(int fd, iovecs from)
{
    if (from.n == 1)
        return linux_call3(LINUX_WRITE, fd, (long)AT(from, 0).iov_base, (long)AT(from, 0).iov_len);
    size_t n = gather(guest.frame, from);
    return n > 0 ? linux_call3(LINUX_WRITE, fd, (long)guest.frame.p, (long)n) : -EMSGSIZE;
}
const struct spt_way spt_way_solo5 = { clock_by_call, read_contiguous, write_contiguous };

/* Morgana's. */
typedef int vdso_clock_gettime(clockid_t, struct timespec *);

__attribute__((no_stack_protector)) static nanos clock_by_vdso(int clock_id)
{
    struct timespec t = { 0 };
    vdso_clock_gettime *call = (vdso_clock_gettime *)(uintptr_t)spt_extension.clock_gettime;
    if (call == NULL || call(clock_id, &t) != 0)
        return clock_by_call(clock_id);
    return nanos_of(&t);
}
static long read_vector(int fd, iovecs into)
{
    return linux_call3(LINUX_READV, fd, (long)into.p, (long)into.n);
}
static long write_vector(int fd, iovecs from)
{
    return linux_call3(LINUX_WRITEV, fd, (long)from.p, (long)from.n);
}
const struct spt_way spt_way_morgana = { clock_by_vdso, read_vector, write_vector };
