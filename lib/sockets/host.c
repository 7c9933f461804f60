// SPDX-License-Identifier: ISC
/* host.c - descriptors and addresses of the host. */
#include "lib/sockets/inside.h"
#include "lib/sockets/address.h"
#include <errno.h>
#include <sys/epoll.h>
#include <unistd.h>

err host_error(void)
{
    switch (errno) {
    case EADDRINUSE:
        return E_IN_USE;
    case ECONNREFUSED:
        return E_REFUSED;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EADDRNOTAVAIL:
    case ETIMEDOUT:
        return E_UNREACHABLE;
    case EPIPE:
    case ECONNRESET:
    case ECONNABORTED:
        return E_RESET;
    case EMSGSIZE:
    case EINVAL:
        return E_INVALID;
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOMEM:
        return E_NOMEM;
    default:
        return E_IO;
    }
}

int host_socket(int type)
{
    int fd = socket(AF_INET6, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), off = 0;
    if (fd >= 0)
        (void)setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    return fd;
}

err host_bind(int fd, uint16_t port)
{
    union host_address a = address_of(&(struct endpoint){ .port = port });
    return bind(fd, &a.any, sizeof a) == 0 ? OK : host_error();
}

err host_connect(int fd, const struct endpoint *to)
{
    union host_address a = address_of(to);
    return connect(fd, &a.any, sizeof a) == 0 || errno == EINPROGRESS ? OK : host_error();
}

struct endpoint host_peer(int fd)
{
    union host_address a = { .six = { 0 } };
    socklen_t n = sizeof a;
    return getpeername(fd, &a.any, &n) == 0 ? address_back(&a) : (struct endpoint){ 0 };
}

err sockets_watch(struct sockets *s, struct watched *w)
{
    struct epoll_event e = { .events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, .data.ptr = w };
    return epoll_ctl(s->epoll, EPOLL_CTL_ADD, w->fd, &e) == 0 ? OK : host_error();
}

void sockets_unwatch(struct watched *w)
{
    if (w->fd >= 0)
        (void)close(w->fd);             /* epoll forgets it */
    w->fd = -1;
}
