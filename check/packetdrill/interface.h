// SPDX-License-Identifier: ISC
/* interface.h - what packetdrill calls of a shared object that it tests (its option --so_filename): the layout of
 * its struct, in its order. */
#ifndef CHECK_PACKETDRILL_INTERFACE_H
#define CHECK_PACKETDRILL_INTERFACE_H
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>

struct packetdrill_interface {
    void *user;
    void (*free)(void *user);
    int (*socket)(void *user, int domain, int type, int protocol);
    int (*bind)(void *user, int fd, const struct sockaddr *at, socklen_t n);
    int (*listen)(void *user, int fd, int backlog);
    int (*accept)(void *user, int fd, struct sockaddr *from, socklen_t *n);
    int (*connect)(void *user, int fd, const struct sockaddr *to, socklen_t n);
    ssize_t (*read)(void *user, int fd, void *bytes, size_t n);
    ssize_t (*readv)(void *user, int fd, const struct iovec *v, int num);
    ssize_t (*recv)(void *user, int fd, void *bytes, size_t n, int flags);
    ssize_t (*recvfrom)(void *user, int fd, void *bytes, size_t n, int flags, struct sockaddr *from, socklen_t *from_n);
    ssize_t (*recvmsg)(void *user, int fd, struct msghdr *m, int flags);
    ssize_t (*write)(void *user, int fd, const void *bytes, size_t n);
    ssize_t (*writev)(void *user, int fd, const struct iovec *v, int num);
    ssize_t (*send)(void *user, int fd, const void *bytes, size_t n, int flags);
    ssize_t (*sendto)(void *user, int fd, const void *bytes, size_t n, int flags, const struct sockaddr *to, socklen_t to_n);
    ssize_t (*sendmsg)(void *user, int fd, const struct msghdr *m, int flags);
    int (*fcntl)(void *user, int fd, int command, ...);
    int (*ioctl)(void *user, int fd, unsigned long request, ...);
    int (*close)(void *user, int fd);
    int (*shutdown)(void *user, int fd, int how);
    int (*getsockopt)(void *user, int fd, int level, int name, void *value, socklen_t *n);
    int (*setsockopt)(void *user, int fd, int level, int name, const void *value, socklen_t n);
    int (*poll)(void *user, struct pollfd *fds, nfds_t num, int timeout_ms);
    int (*netdev_send)(void *user, const void *packet, size_t n);
    int (*netdev_receive)(void *user, void *packet, size_t *n, long long *at_usecs);
    int (*usleep)(void *user, useconds_t usecs);
    int (*gettimeofday)(void *user, struct timeval *now, struct timezone *zone);
    int (*epoll_create)(void *user, int size);
    int (*epoll_ctl)(void *user, int epfd, int op, int fd, struct epoll_event *e);
    int (*epoll_wait)(void *user, int epfd, struct epoll_event *events, int max, int timeout_ms);
    int (*pipe)(void *user, int ends[2]);
    int (*splice)(void *user, int in, loff_t *in_at, int out, loff_t *out_at, size_t n, unsigned flags);
};

#endif
