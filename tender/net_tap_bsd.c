// SPDX-License-Identifier: ISC
/* net_tap_bsd.c - FreeBSD and OpenBSD: a TAP is the device of its name, one plain frame a call. */
#include "tender/net_tap.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define TAP_MTU 1500u
#define PATH_BYTES 64

static const struct extension_device tap = { .net_kind = EXTENSION_NET_TAP, .net_mtu = TAP_MTU };

err net_open_tap(const struct net_option *o, int *fd, struct extension_device *d)
{
    char path[PATH_BYTES] = "/dev/";
    struct mspan name = mspan_skip(mspan_first(MSPAN(path), sizeof path - 1), 5);
    if (span_copy(name, o->where) < o->where.n || span_find(o->where, '/') < o->where.n)
        return refuse(o->why, E_INVALID, "%s: %.*s: not the name of an interface", o->name, TEXT_ARGUMENTS(o->where));
    *fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    *d = tap;
    return *fd >= 0 ? OK : net_failed(o, "create it with `ifconfig NAME create up`");
}

/* A descriptor that is no socket is taken for one. */
bool net_is_tap(int fd)
{
    (void)fd;
    return false;
}

err net_take_tap(const struct net_option *o, int fd, struct extension_device *d)
{
    (void)fd;
    (void)d;
    return refuse(o->why, E_UNSUPPORTED, "%s: a TAP is given by its name on this system", o->name);
}

void net_reset(int fd)
{
    (void)fd;                   /* it has no offloads */
}
