// SPDX-License-Identifier: ISC
/* net.c - network devices: a TAP by name, a descriptor that was handed down (TAP, stream or packet socket), or passt.
 *
 * A guest with the extension gets its TAP with IFF_VNET_HDR and offloads. Both outlive this process where the TAP is
 * persistent, so they are set afresh at every start, and reset when the guest ends. */
#include "tender/devices.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define TAP_DEVICE "/dev/net/tun"
#define TAP_OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6)
#define SOCKET_MTU 1500u
#define STREAM_MTU 65520u       /* what passt offers */

struct net_option {
    struct span where;
    const char *name;           /* of the device, for messages */
    bool has_extension;
    struct message *why;
};

/* `what` is to be done about errno. */
static err failed(const struct net_option *o, const char *what)
{
    return refuse(o->why, E_IO, "%s: %.*s: %s: %s", o->name, TEXT_ARGUMENTS(o->where), strerror(errno),
                  what);
}

static err set_offloads(int fd, const struct net_option *o, struct extension_device *d)
{
    unsigned offloads = o->has_extension ? TAP_OFFLOADS : 0;
    if (ioctl(fd, TUNSETOFFLOAD, offloads) != 0) {
        if (!o->has_extension)
            return failed(o, "its offloads cannot be switched off");
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
        return failed(o, "cannot ask for the interface");
    bool exists = ioctl(s, SIOCGIFFLAGS, request) == 0;
    bool is_up = exists && request->ifr_flags & IFF_UP;
    bool has_mtu = exists && ioctl(s, SIOCGIFMTU, request) == 0;
    (void)close(s);
    if (!exists)
        return failed(o, "create it with `ip tuntap add NAME mode tap`");
    if (!is_up)
        return refuse(o->why, E_CLOSED, "%s: %.*s: the interface is down: bring it up with `ip link set NAME up`", o->name,
                      TEXT_ARGUMENTS(o->where));
    if (!has_mtu || request->ifr_mtu <= 0 || request->ifr_mtu > UINT16_MAX)
        return refuse(o->why, E_IO, "%s: %.*s: the interface has no usable mtu", o->name, TEXT_ARGUMENTS(o->where));
    *mtu = (uint16_t)request->ifr_mtu;
    return OK;
}

static err open_tap(const struct net_option *o, int *fd, struct extension_device *d)
{
    struct ifreq request = { 0 };
    struct mspan name = mspan_first(MSPAN(request.ifr_name), IFNAMSIZ - 1);
    if (span_copy(name, o->where) < o->where.n || span_find(o->where, '%') < o->where.n)
        return refuse(o->why, E_INVALID, "%s: %.*s: not the name of an interface", o->name, TEXT_ARGUMENTS(o->where));
    TRY(interface_mtu(o, &request, &d->net_mtu));
    *fd = open(TAP_DEVICE, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (*fd < 0)
        return failed(o, "the tender needs " TAP_DEVICE);
    request.ifr_flags = (short)(IFF_TAP | IFF_NO_PI | (o->has_extension ? IFF_VNET_HDR : 0));
    if (ioctl(*fd, TUNSETIFF, &request) != 0)
        return failed(o, errno == EBUSY ? "end the other user of it" : "it must be a TAP that this user may open");
    if (o->has_extension) {
        int header_bytes = 10;
        if (ioctl(*fd, TUNSETVNETHDRSZ, &header_bytes) != 0)
            return failed(o, "its header cannot be set");
    }
    return set_offloads(*fd, o, d);
}

/* As much room as the host lets a socket have, so that a window of TCP fits: best effort. */
static void widen(int fd)
{
    int num_bytes = 1 << 20;
    (void)setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &num_bytes, sizeof num_bytes);
}

static err open_passt(const struct net_option *o, int *fd, struct extension_device *d)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    struct span path = span_skip(o->where, 6);
    if (!o->has_extension)
        return refuse(o->why, E_UNSUPPORTED, "%s: only an image of Morgana's speaks with passt: give a TAP", o->name);
    if (path.n == 0 || span_copy(mspan_first(MSPAN(address.sun_path), sizeof address.sun_path - 1), path) < path.n)
        return refuse(o->why, E_INVALID, "%s: passt: give the path of its socket, as in passt:/tmp/passt.socket", o->name);
    *fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*fd < 0 || connect(*fd, (const struct sockaddr *)(const void *)&address, sizeof address) != 0)
        return failed(o, "start passt with this socket first");
    if (fcntl(*fd, F_SETFL, O_NONBLOCK) != 0)
        return failed(o, "the socket cannot be used");
    widen(*fd);
    *d = (struct extension_device){ .net_kind = EXTENSION_NET_STREAM, .net_mtu = STREAM_MTU };
    return OK;
}

/* A descriptor of a TAP keeps the header that its opener chose. */
static err take_tap(const struct net_option *o, int fd, struct ifreq *request, struct extension_device *d)
{
    struct net_option as_it_is = *o;
    int header_bytes = 10;
    bool has_header = request->ifr_flags & IFF_VNET_HDR;    /* the next line writes over it */
    TRY(interface_mtu(o, request, &d->net_mtu));
    if (has_header) {
        if (!o->has_extension)
            return refuse(o->why, E_INVALID, "%s: the TAP was opened with IFF_VNET_HDR: open it without for this image",
                          o->name);
        if (ioctl(fd, TUNSETVNETHDRSZ, &header_bytes) != 0)
            return failed(o, "its header cannot be set");
        return set_offloads(fd, o, d);
    }
    as_it_is.has_extension = false;
    return set_offloads(fd, &as_it_is, d);
}

static err take_socket(const struct net_option *o, int fd, struct extension_device *d)
{
    int type = 0;
    socklen_t length = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0)
        return failed(o, "give a TAP or a socket");
    if (type == SOCK_STREAM && !o->has_extension)
        return refuse(o->why, E_UNSUPPORTED, "%s: only an image of Morgana's speaks over a stream: give a TAP", o->name);
    if (type == SOCK_STREAM)
        *d = (struct extension_device){ .net_kind = EXTENSION_NET_STREAM, .net_mtu = STREAM_MTU };
    else
        *d = (struct extension_device){ .net_kind = EXTENSION_NET_PACKET, .net_mtu = SOCKET_MTU };
    return OK;
}

static err take_descriptor(const struct net_option *o, int *fd, struct extension_device *d)
{
    struct ifreq request = { 0 };
    uint64_t number;
    if (!parse_decimal(span_skip(o->where, 1), &number) || number > INT32_MAX)
        return refuse(o->why, E_INVALID, "%s: %.*s: give an open descriptor, as in @3", o->name, TEXT_ARGUMENTS(o->where));
    *fd = (int)number;
    if (number < 3 || fcntl(*fd, F_SETFL, O_NONBLOCK) != 0)
        return refuse(o->why, E_INVALID, "%s: %.*s: not an open descriptor above 2", o->name, TEXT_ARGUMENTS(o->where));
    if (syscall(SYS_ioctl, *fd, TUNGETIFF, &request) == 0)
        return take_tap(o, *fd, &request, d);
    return take_socket(o, *fd, d);
}

static err make_mac(const struct net_option *o, uint8_t mac[6])
{
    if (getrandom(mac, 6, 0) != 6)
        return failed(o, "the host has no random numbers");
    *mac = (uint8_t)((*mac & 0xfc) | 2);
    return OK;
}

err net_attach(const struct device_option *option, bool has_extension, struct solo5_record *record,
               struct extension_device *extension, struct message *why)
{
    static const uint8_t no_mac[6];
    struct net_option o = { option->where, record->name, has_extension, why };
    int fd = -1;
    *extension = (struct extension_device){ 0 };
    if (span_starts(o.where, TEXT("@")))
        TRY(take_descriptor(&o, &fd, extension));
    else if (span_starts(o.where, TEXT("passt:")))
        TRY(open_passt(&o, &fd, extension));
    else
        TRY(open_tap(&o, &fd, extension));
    memcpy(record->net.mac, option->mac, sizeof no_mac);
    if (memcmp(option->mac, no_mac, sizeof no_mac) == 0)
        TRY(make_mac(&o, record->net.mac));
    record->net.mtu = extension->net_mtu;
    record->host_fd = fd;
    record->is_attached = 1;
    return OK;
}
