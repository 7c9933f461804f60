// SPDX-License-Identifier: ISC
/* net_tap_linux.c - TAP interfaces of Linux, with the kernel's offloads. */
#include "platform/unix/host.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)

static uint16_t interface_mtu(const char *interface)
{
    struct ifreq r = { .ifr_mtu = 0 };
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    (void)span_copy(MSPAN(r.ifr_name), span_first(span_of_str(interface), sizeof r.ifr_name - 1));
    int failed = s < 0 || ioctl(s, SIOCGIFMTU, &r) != 0;
    if (s >= 0)
        (void)close(s);
    return failed || r.ifr_mtu < 68 || r.ifr_mtu > UINT16_MAX ? MTU_PLAIN : (uint16_t)r.ifr_mtu;
}

/* The TAP is open and its struct ifreq says how. */
static void tap_begin(struct net_device *d, const struct ifreq *r)
{
    int header_bytes = VNET_BYTES;
    d->kind = NET_TAP;
    d->info.mtu = interface_mtu(r->ifr_name);
    d->has_vnet = (r->ifr_flags & IFF_VNET_HDR) != 0 && ioctl(d->fd, TUNSETVNETHDRSZ, &header_bytes) == 0;
    if ((r->ifr_flags & IFF_VNET_HDR) != 0 && !d->has_vnet)
        unix_refuse("--net: %s: its frame headers cannot be set: %s", r->ifr_name, strerror(errno));
    d->must_restore = d->has_vnet && ioctl(d->fd, TUNSETOFFLOAD, OFFLOADS) == 0;
    d->info.features = (struct frame_features){
        .send_checksum = d->has_vnet, .send_tso4 = d->has_vnet, .send_tso6 = d->has_vnet,
        .receive_checksum = d->must_restore, .receive_coalesced = d->must_restore,
    };
}

/* Offloads outlive us on a persistent TAP, and whoever opens it next without headers would get large frames. */
void net_tap_restore(struct net_device *d)
{
    if (d->must_restore)
        (void)ioctl(d->fd, TUNSETOFFLOAD, 0);
    d->must_restore = false;
}

void net_tap_open(struct net_device *d, const char *interface)
{
    struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
    size_t n = strlen(interface);
    if (n == 0 || n >= sizeof r.ifr_name)
        unix_refuse("--net: \"%s\" cannot be the name of a TAP interface", interface);
    if (if_nametoindex(interface) == 0)     /* or root would get a new one, which leads nowhere */
        unix_refuse("--net: there is no interface %s: make it with `ip tuntap add dev %s mode tap`", interface, interface);
    memcpy(r.ifr_name, interface, n);
    d->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (d->fd < 0)
        unix_refuse("--net: /dev/net/tun: %s", strerror(errno));
    if (ioctl(d->fd, TUNSETIFF, &r) != 0) {
        r.ifr_flags = IFF_TAP | IFF_NO_PI;
        if (ioctl(d->fd, TUNSETIFF, &r) != 0)
            unix_refuse("--net: TAP %s: %s", interface, strerror(errno));
    }
    tap_begin(d, &r);
}

bool net_tap_from_fd(struct net_device *d, int fd)
{
    struct ifreq r = { .ifr_flags = 0 };
    if (ioctl(fd, TUNGETIFF, &r) != 0)
        return false;
    if ((r.ifr_flags & IFF_TAP) == 0 || (r.ifr_flags & IFF_NO_PI) == 0)
        unix_refuse("--net: descriptor %d must be a TAP opened with IFF_NO_PI", fd);
    tap_begin(d, &r);
    return true;
}
