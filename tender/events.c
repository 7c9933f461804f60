// SPDX-License-Identifier: ISC
#include "tender/events.h"
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

err events_open(int *epoll, struct message *why)
{
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    *epoll = epoll_create1(EPOLL_CLOEXEC);
    return *epoll >= 0 ? OK : refuse(why, E_IO, "epoll: %s: raise the limit of open files", strerror(errno));
}

err events_add(int epoll, int fd, uint32_t events, uint64_t data, struct message *why)
{
    struct epoll_event event = { .events = events, .data.u64 = data };
    if (fd >= 0 && epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        return OK;
    return refuse(why, E_IO, "epoll: %s: raise the limit of open files", strerror(errno));
}

/* ---- The end. Where an outer filter forbids signalfd, the signals' handler rings a timer. */

static int bell = -1;

static void ring(int number)
{
    static const struct itimerspec at_once = { .it_value = { 0, 1 } };
    int e = errno;
    (void)number;
    (void)timerfd_settime(bell, 0, &at_once, NULL);
    errno = e;
}

static int signals_by_timer(void)
{
    bell = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    (void)signal(SIGTERM, ring);
    (void)signal(SIGINT, ring);
    return bell;
}

static int signals_by_descriptor(void)
{
    sigset_t stop;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTERM);
    (void)sigaddset(&stop, SIGINT);
    int fd = signalfd(-1, &stop, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd >= 0)
        (void)sigprocmask(SIG_BLOCK, &stop, NULL);
    return fd;
}

err events_add_stop(int epoll, uint64_t data, int *fd, struct message *why)
{
    *fd = signals_by_descriptor();
    if (*fd < 0 && errno == ENOSYS)
        *fd = signals_by_timer();
    return events_add(epoll, *fd, EPOLLIN | EPOLLONESHOT, data, why);
}
