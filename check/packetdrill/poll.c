// SPDX-License-Identifier: ISC
/* poll.c - waiting for several sockets: poll and epoll, with edges. */
#include "check/packetdrill/socket.h"
#include <errno.h>

static nanos deadline_of(int timeout_ms)
{
    return timeout_ms < 0 ? NEVER : nanos_add(world_now, from_ms((uint64_t)timeout_ms));
}

static int ready(struct pollfd *fds, nfds_t num)
{
    int n = 0;
    for (nfds_t i = 0; i < num; i++) {
        const struct socket *s = socket_of(fds[i].fd);
        fds[i].revents = s ? socket_events(s) & (fds[i].events | POLLERR | POLLHUP) : POLLNVAL;
        n += fds[i].revents != 0;
    }
    return n;
}
int socket_poll(struct pollfd *fds, nfds_t num, int timeout_ms)
{
    nanos deadline = deadline_of(timeout_ms);
    int n;
    while ((n = ready(fds, num)) == 0 && timeout_ms != 0)
        if (!world_wait(deadline))
            return 0;
    return n;
}

static struct epoll_event *watched(struct socket *e, int fd)
{
    return &e->watched[fd - FD_FIRST];
}
int socket_epoll_ctl(struct socket *e, int op, int fd, const struct epoll_event *event)
{
    if (!socket_of(fd)) {
        errno = EBADF;
        return -1;
    }
    struct epoll_event *w = watched(e, fd);
    *w = op == EPOLL_CTL_DEL ? (struct epoll_event){ 0 } : *event;
    if (op != EPOLL_CTL_DEL)
        w->events |= EPOLLERR | EPOLLHUP;
    e->edges[fd - FD_FIRST] = 0;
    return 0;
}
static int collect(struct socket *e, struct epoll_event *events, int max)
{
    int n = 0;
    for (int i = 0; i < NUM_SOCKETS && n < max; i++) {
        struct epoll_event *w = &e->watched[i];
        const struct socket *s = w->events ? socket_of(FD_FIRST + i) : NULL;
        if (!s)
            continue;
        uint32_t now = (uint32_t)(unsigned short)socket_events(s) & w->events, before = e->edges[i];
        bool has_more = s->num_arrivals != e->arrivals[i];
        e->edges[i] = now;
        e->arrivals[i] = s->num_arrivals;
        if (!now || ((w->events & EPOLLET) && !(now & ~before) && !has_more))
            continue;
        events[n++] = (struct epoll_event){ .events = now, .data = w->data };
        if (w->events & EPOLLONESHOT)
            w->events = 0;
    }
    return n;
}
int socket_epoll_wait(struct socket *e, struct epoll_event *events, int max, int timeout_ms)
{
    nanos deadline = deadline_of(timeout_ms);
    int n;
    while ((n = collect(e, events, max)) == 0 && timeout_ms != 0)
        if (!world_wait(deadline))
            return 0;
    return n;
}
