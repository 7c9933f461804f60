// SPDX-License-Identifier: ISC
/* net_tap_bsd.c - TAP interfaces of FreeBSD and OpenBSD, a frame a read and without offloads; macOS has none of its own, so there
 * opening one says so. Descriptors of a parent are sockets. */
#include "platform/unix/host.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

void net_tap_restore(struct net_device *d)
{
    (void)d;
}

void net_tap_open(struct net_device *d, const char *interface)
{
    char path[64];
    int n = snprintf(path, sizeof path, "/dev/%s", interface);
    if (n < 0 || (size_t)n >= sizeof path || strncmp(interface, "tap", 3) != 0)
        unix_refuse("--net: \"%s\" cannot be the name of a TAP interface", interface);
    d->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (d->fd < 0)
        unix_refuse("--net: %s: %s", path, strerror(errno));
    d->kind = NET_TAP;
    d->info.mtu = MTU_PLAIN;
}

bool net_tap_from_fd(struct net_device *d, int fd)
{
    (void)d, (void)fd;
    return false;
}
