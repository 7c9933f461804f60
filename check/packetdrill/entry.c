// SPDX-License-Identifier: ISC
/* entry.c - what packetdrill calls. It takes two system calls past its interface, getsockopt and close: loaded ahead of the C library
 * as well (LD_PRELOAD), this object answers them where they are about its own descriptors. */
#include "check/packetdrill/settings.h"
#include "check/packetdrill/socket.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

/* One call on a socket: `result` is an expression on `s`. */
#define ON_SOCKET(fd, result)                           \
    do {                                                \
        world_enter();                                  \
        struct socket *s = socket_of(fd);               \
        long done_ = s ? (long)(result) : -1;           \
        int error_ = s ? errno : EBADF;                 \
        world_leave();                                  \
        errno = error_;                                 \
        return (__typeof__(result))done_;               \
    } while (0)

static void on_free(void *user)
{
    (void)user;
}
static int on_socket(void *user, int domain, int type, int protocol)
{
    int fd = -1;
    (void)user;
    (void)protocol;
    world_enter();
    world_start();
    struct socket *s = (type & 15) == SOCK_STREAM ? socket_new(&fd) : NULL;
    if (s) {
        s->domain = domain;
        s->choices = (struct tcp_choices){ .nagle = true, .auto_buffers = true, .send_budget_bytes = UINT32_MAX,     /* buffer.c has it */
                                           .no_timestamps = setting("tcp_timestamps", 0, 1) == 0,
                                           .no_sack = setting("tcp_sack", 0, 1) == 0,
                                           .no_window_scaling = setting("tcp_window_scaling", 0, 1) == 0 };
        s->is_nonblocking = type & SOCK_NONBLOCK;
    }
    world_leave();
    if (!s)
        errno = ESOCKTNOSUPPORT;
    return fd;
}
static int on_bind(void *user, int fd, const struct sockaddr *at, socklen_t n)
{
    (void)user;
    ON_SOCKET(fd, call_bind(s, at, n));
}
static int on_listen(void *user, int fd, int backlog)
{
    (void)user;
    ON_SOCKET(fd, call_listen(s, backlog));     /* scripts want no more than BACKLOG_MAX */
}
static int on_accept(void *user, int fd, struct sockaddr *from, socklen_t *n)
{
    (void)user;
    ON_SOCKET(fd, call_accept(s, from, n));
}
static int on_connect(void *user, int fd, const struct sockaddr *to, socklen_t n)
{
    (void)user;
    ON_SOCKET(fd, call_connect(s, to, n));
}

/* ---- Bytes */

static ssize_t on_readv(void *user, int fd, const struct iovec *v, int num)
{
    (void)user;
    ON_SOCKET(fd, call_receive(s, v, (size_t)num, 0));
}
static ssize_t on_recvfrom(void *user, int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *from_n)
{
    const struct iovec v = { bytes, n };
    (void)user;
    (void)from;
    if (from_n)
        *from_n = 0;
    ON_SOCKET(fd, call_receive(s, &v, 1, flags));
}
static ssize_t on_recv(void *user, int fd, void *bytes, size_t n, int flags)
{
    return on_recvfrom(user, fd, bytes, n, flags, NULL, NULL);
}
static ssize_t on_read(void *user, int fd, void *bytes, size_t n)
{
    return on_recvfrom(user, fd, bytes, n, 0, NULL, NULL);
}
static ssize_t on_recvmsg(void *user, int fd, struct msghdr *m, int flags)
{
    (void)user;
    m->msg_flags = 0;
    m->msg_controllen = 0;
    ON_SOCKET(fd, call_receive(s, m->msg_iov, m->msg_iovlen, flags));
}
static ssize_t on_writev(void *user, int fd, const struct iovec *v, int num)
{
    (void)user;
    ON_SOCKET(fd, call_send(s, v, (size_t)num, 0));
}
static ssize_t on_send(void *user, int fd, const void *bytes, size_t n, int flags)
{
    const struct iovec v = { (void *)(uintptr_t)bytes, n };
    (void)user;
    ON_SOCKET(fd, call_send(s, &v, 1, flags));
}
static ssize_t on_sendto(void *user, int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t to_n)
{
    const struct iovec v = { (void *)(uintptr_t)bytes, n };
    (void)user;
    ON_SOCKET(fd, call_send_to(s, to, to_n, &v, 1, flags));
}
static ssize_t on_write(void *user, int fd, const void *bytes, size_t n)
{
    return on_send(user, fd, bytes, n, 0);
}
static ssize_t on_sendmsg(void *user, int fd, const struct msghdr *m, int flags)
{
    (void)user;
    ON_SOCKET(fd, call_send_to(s, m->msg_name, m->msg_namelen, m->msg_iov, m->msg_iovlen, flags));
}

/* ---- Control */

static int set_flags(struct socket *s, int command, int flags)
{
    if (command == F_GETFL)
        return O_RDWR | (s->is_nonblocking ? O_NONBLOCK : 0);
    if (command != F_SETFL) {
        errno = EINVAL;
        return -1;
    }
    s->is_nonblocking = flags & O_NONBLOCK;
    return 0;
}
static int on_fcntl(void *user, int fd, int command, ...)
{
    va_list more;
    (void)user;
    va_start(more, command);
    int flags = va_arg(more, int);
    va_end(more);
    ON_SOCKET(fd, set_flags(s, command, flags));
}
static int on_ioctl(void *user, int fd, unsigned long request, ...)
{
    va_list more;
    (void)user;
    va_start(more, request);
    int *value = va_arg(more, int *);
    va_end(more);
    ON_SOCKET(fd, call_ioctl(s, request, value));
}
static int on_close(void *user, int fd)
{
    (void)user;
    ON_SOCKET(fd, call_close(s));
}
static int on_shutdown(void *user, int fd, int how)
{
    (void)user;
    ON_SOCKET(fd, call_shutdown(s, how));
}
static int on_getsockopt(void *user, int fd, int level, int name, void *value, socklen_t *n)
{
    (void)user;
    ON_SOCKET(fd, socket_get(s, level, name, value, n));
}
static int on_setsockopt(void *user, int fd, int level, int name, const void *value, socklen_t n)
{
    (void)user;
    ON_SOCKET(fd, socket_set(s, level, name, value, n));
}
static int on_poll(void *user, struct pollfd *fds, nfds_t num, int timeout_ms)
{
    (void)user;
    world_enter();
    int n = socket_poll(fds, num, timeout_ms);
    world_leave();
    return n;
}
static int on_epoll_create(void *user, int size)
{
    int fd = -1;
    (void)user;
    (void)size;
    world_enter();
    struct socket *s = socket_new(&fd);
    if (s)
        s->kind = SOCKET_EPOLL;
    world_leave();
    return fd;
}
static int on_epoll_ctl(void *user, int epfd, int op, int fd, struct epoll_event *event)
{
    (void)user;
    ON_SOCKET(epfd, socket_epoll_ctl(s, op, fd, event));
}
static int on_epoll_wait(void *user, int epfd, struct epoll_event *events, int max, int timeout_ms)
{
    (void)user;
    ON_SOCKET(epfd, socket_epoll_wait(s, events, max, timeout_ms));
}
static int on_pipe(void *user, int ends[2])
{
    (void)user;
    return pipe(ends);
}
static ssize_t not_ours(void)
{
    errno = ENOSYS;
    return -1;
}
static int on_splice(void *user, int in, loff_t *in_at, int out, loff_t *out_at, size_t n, unsigned flags)
{
    (void)user, (void)in, (void)in_at, (void)out, (void)out_at, (void)n, (void)flags;
    return (int)not_ours();
}

/* ---- Time and packets */

static int on_netdev_send(void *user, const void *packet, size_t n)
{
    (void)user;
    world_enter();
    wire_input((struct span){ packet, n });
    world_leave();
    return 0;
}
static int on_netdev_receive(void *user, void *packet, size_t *n, long long *at_usecs)
{
    nanos at;
    (void)user;
    world_enter();
    bool has_come = world_advance_to_packet() && wire_take((struct mspan){ packet, *n }, n, &at);
    world_leave();
    if (!has_come)
        *n = 0;
    else
        *at_usecs = WORLD_USECS(at);
    return 0;
}
static int on_usleep(void *user, useconds_t usecs)
{
    (void)user;
    world_let_return();
    world_enter();
    world_advance(nanos_add(world_now, (nanos)usecs * 1000));
    world_leave();
    return 0;
}
static int on_gettimeofday(void *user, struct timeval *now, struct timezone *zone)
{
    (void)user;
    (void)zone;
    world_enter();
    world_look();
    now->tv_sec = WORLD_USECS(world_now) / 1000000;
    now->tv_usec = WORLD_USECS(world_now) % 1000000;
    world_leave();
    return 0;
}

void packetdrill_interface_init(const char *flags, struct packetdrill_interface *out);
void packetdrill_interface_init(const char *flags, struct packetdrill_interface *out)
{
    (void)flags;
    *out = (struct packetdrill_interface){
        .free = on_free, .socket = on_socket, .bind = on_bind, .listen = on_listen, .accept = on_accept, .connect = on_connect,
        .read = on_read, .readv = on_readv, .recv = on_recv, .recvfrom = on_recvfrom, .recvmsg = on_recvmsg, .write = on_write,
        .writev = on_writev, .send = on_send, .sendto = on_sendto, .sendmsg = on_sendmsg, .fcntl = on_fcntl, .ioctl = on_ioctl,
        .close = on_close, .shutdown = on_shutdown, .getsockopt = on_getsockopt, .setsockopt = on_setsockopt, .poll = on_poll,
        .netdev_send = on_netdev_send, .netdev_receive = on_netdev_receive, .usleep = on_usleep, .gettimeofday = on_gettimeofday,
        .epoll_create = on_epoll_create, .epoll_ctl = on_epoll_ctl, .epoll_wait = on_epoll_wait, .pipe = on_pipe, .splice = on_splice,
    };
}

int getsockopt(int fd, int level, int name, void *restrict value, socklen_t *restrict n)
{
    if (fd >= FD_FIRST)
        return on_getsockopt(NULL, fd, level, name, value, n);
    return (int)syscall(SYS_getsockopt, fd, level, name, value, n);
}
int close(int fd)
{
    return fd >= FD_FIRST ? on_close(NULL, fd) : (int)syscall(SYS_close, fd);
}
