// SPDX-License-Identifier: ISC
/* net_tap_linux.c - a guest with the extension gets its TAP with IFF_VNET_HDR and offloads. Both outlive this process where the TAP
 * is persistent, so they are set afresh at every start, and reset when the guest ends. */
#include "tender/net_tap.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#define TAP_DEVICE "/dev/net/tun"
#define TAP_OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)

static err set_offloads(int fd, const struct net_option *o, struct extension_device *d)
{
    unsigned offloads = o->has_extension ? TAP_OFFLOADS : 0;
    if (ioctl(fd, TUNSETOFFLOAD, offloads) != 0) {
        if (!o->has_extension)
            return net_failed(o, "its offloads cannot be switched off");
        offloads = 0;
    }
    d->net_kind = o->has_extension ? EXTENSION_NET_TAP_VIRTIO : EXTENSION_NET_TAP;
    if (offloads != 0)
        d->net_offloads = EXTENSION_OFFLOAD_CHECKSUM | EXTENSION_OFFLOAD_TSO4 | EXTENSION_OFFLOAD_TSO6;
    return OK;
}

void net_reset(int fd)
{
    (void)ioctl(fd, TUNSETOFFLOAD, 0u);
}

/* Existence is asked for before it is opened, since opening would create it. */
static err interface_mtu(const struct net_option *o, struct ifreq *request, uint16_t *mtu)
{
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (s < 0)
        return net_failed(o, "cannot ask for the interface");
    bool exists = ioctl(s, SIOCGIFFLAGS, request) == 0;
    bool is_up = exists && request->ifr_flags & IFF_UP;
    bool has_mtu = exists && ioctl(s, SIOCGIFMTU, request) == 0;
    (void)close(s);
    if (!exists)
        return net_failed(o, "create it with `ip tuntap add NAME mode tap`");
    if (!is_up)
        return refuse(o->why, E_CLOSED, "%s: %.*s: the interface is down: bring it up with `ip link set NAME up`", o->name,
                      TEXT_ARGUMENTS(o->where));
    if (!has_mtu || request->ifr_mtu <= 0 || request->ifr_mtu > UINT16_MAX)
        return refuse(o->why, E_IO, "%s: %.*s: the interface has no usable mtu", o->name, TEXT_ARGUMENTS(o->where));
    *mtu = (uint16_t)request->ifr_mtu;
    return OK;
}

err net_open_tap(const struct net_option *o, int *fd, struct extension_device *d)
{
    struct ifreq request = { 0 };
    struct mspan name = mspan_first(MSPAN(request.ifr_name), IFNAMSIZ - 1);
    if (span_copy(name, o->where) < o->where.n || span_find(o->where, '%') < o->where.n)
        return refuse(o->why, E_INVALID, "%s: %.*s: not the name of an interface", o->name, TEXT_ARGUMENTS(o->where));
    TRY(interface_mtu(o, &request, &d->net_mtu));
    *fd = open(TAP_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0)
        return net_failed(o, "the tender needs " TAP_DEVICE);
    request.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (o->has_extension ? IFF_VNET_HDR : 0));
    if (ioctl(*fd, TUNSETIFF, &request) != 0)
        return net_failed(o, errno == EBUSY ? "end the other user of it" : "it must be a TAP that this user may open");
    if (o->has_extension) {
        int header_bytes = 10;
        if (ioctl(*fd, TUNSETVNETHDRSZ, &header_bytes) != 0)
            return net_failed(o, "its header cannot be set");
    }
    return set_offloads(*fd, o, d);
}

bool net_is_tap(int fd)
{
    struct ifreq request;
    return syscall(SYS_ioctl, fd, TUNGETIFF, &request) == 0;
}

/* A descriptor of a TAP keeps the header that its opener chose. */
err net_take_tap(const struct net_option *o, int fd, struct extension_device *d)
{
    struct ifreq request = { 0 };
    struct net_option as_it_is = *o;
    int header_bytes = 10;
    if (syscall(SYS_ioctl, fd, TUNGETIFF, &request) != 0)
        return net_failed(o, "it is no TAP any more");
    bool has_header = request.ifr_flags & IFF_VNET_HDR;     /* the next line writes over it */
    TRY(interface_mtu(o, &request, &d->net_mtu));
    if (has_header) {
        if (!o->has_extension)
            return refuse(o->why, E_INVALID, "%s: the TAP was opened with IFF_VNET_HDR: open it without for this image",
                          o->name);
        if (ioctl(fd, TUNSETVNETHDRSZ, &header_bytes) != 0)
            return net_failed(o, "its header cannot be set");
        return set_offloads(fd, o, d);
    }
    as_it_is.has_extension = false;
    return set_offloads(fd, &as_it_is, d);
}
