// SPDX-License-Identifier: ISC
/* Opening network devices: a descriptor of the parent's, a passt. TAPs are net_tap_SYSTEM.c's. */
#include "platform/unix/host.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define MTU_STREAM 65520        /* what passt offers: large frames stand in for segmentation offload */
#define STREAM_IN_BYTES (256u << 10)

static void stream_begin(struct net_device *d)
{
    size_t num_bytes = STREAM_IN_BYTES + STREAM_STORAGE_BYTES;
    void *p = mmap(NULL, num_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
        unix_refuse("--net: no memory for a stream: %s", strerror(errno));
    struct mspan memory = { p, num_bytes };
    d->kind = NET_STREAM;
    d->ends_at_zero = true;
    d->info.mtu = MTU_STREAM;
    stream_in_init(&d->in, mspan_first(memory, STREAM_IN_BYTES));
    stream_out_init(&d->out, mspan_skip(memory, STREAM_IN_BYTES));
}

static void socket_begin(struct net_device *d)
{
    struct sockaddr_storage own;
    int type = 0;
    socklen_t n = sizeof type, m = sizeof own;
    if (getsockopt(d->fd, SOL_SOCKET, SO_TYPE, &type, &n) != 0 || getsockname(d->fd, (struct sockaddr *)&own, &m) != 0 ||
        own.ss_family != AF_UNIX)
        unix_refuse("--net: descriptor %d is neither a TAP nor a local socket", d->fd);
    if (type == SOCK_STREAM) {
        stream_begin(d);
        return;
    }
    d->kind = NET_PACKETS;
    d->ends_at_zero = type == SOCK_SEQPACKET;
    d->info.mtu = MTU_PLAIN;
}

void net_fd_open(struct net_device *d, int fd)
{
    int flags = fd < 0 ? -1 : fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) != 0)
        unix_refuse("--net: the number behind @ is no open descriptor");
    d->fd = fd;
    if (!net_tap_from_fd(d, fd))
        socket_begin(d);
}

void net_passt_open(struct net_device *d, const char *path)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    size_t n = strlen(path);
    if (n == 0 || n >= sizeof a.sun_path)
        unix_refuse("--net: passt: the path must have 1 to %zu bytes", sizeof a.sun_path - 1);
    memcpy(a.sun_path, path, n);
    d->fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (d->fd < 0 || fcntl(d->fd, F_SETFD, FD_CLOEXEC) != 0 || connect(d->fd, (struct sockaddr *)&a, sizeof a) != 0)
        unix_refuse("--net: passt: %s: %s", path, strerror(errno));
    net_fd_open(d, d->fd);
}
