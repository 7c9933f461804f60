// SPDX-License-Identifier: ISC
/* net.c - network devices: a TAP by name, a descriptor that was handed down (TAP, stream or packet socket), or passt. What a
 * TAP is differs between systems: net_tap_linux.c, net_tap_bsd.c. */
#include "tender/net_tap.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_MTU 1500u
#define STREAM_MTU 65520u       /* what passt offers */

/* `what` is to be done about errno. */
err net_failed(const struct net_option *o, const char *what)
{
    return refuse(o->why, E_IO, "%s: %.*s: %s: %s", o->name, TEXT_ARGUMENTS(o->where), strerror(errno),
                  what);
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
        return net_failed(o, "start passt with this socket first");
    if (fcntl(*fd, F_SETFL, O_NONBLOCK) != 0)
        return net_failed(o, "the socket cannot be used");
    widen(*fd);
    *d = (struct extension_device){ .net_kind = EXTENSION_NET_STREAM, .net_mtu = STREAM_MTU };
    return OK;
}

static err take_socket(const struct net_option *o, int fd, struct extension_device *d)
{
    int type = 0;
    socklen_t length = sizeof type;
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length) != 0)
        return net_failed(o, "give a TAP or a socket");
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
    uint64_t number;
    if (!parse_decimal(span_skip(o->where, 1), &number) || number > INT32_MAX)
        return refuse(o->why, E_INVALID, "%s: %.*s: give an open descriptor, as in @3", o->name, TEXT_ARGUMENTS(o->where));
    *fd = (int)number;
    if (number < 3 || fcntl(*fd, F_SETFL, O_NONBLOCK) != 0)
        return refuse(o->why, E_INVALID, "%s: %.*s: not an open descriptor above 2", o->name, TEXT_ARGUMENTS(o->where));
    if (net_is_tap(*fd))
        return net_take_tap(o, *fd, d);
    return take_socket(o, *fd, d);
}

static err make_mac(const struct net_option *o, uint8_t mac[6])
{
    if (getentropy(mac, 6) != 0)
        return net_failed(o, "the host has no random numbers");
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
        TRY(net_open_tap(&o, &fd, extension));
    memcpy(record->net.mac, option->mac, sizeof no_mac);
    if (memcmp(option->mac, no_mac, sizeof no_mac) == 0)
        TRY(make_mac(&o, record->net.mac));
    record->net.mtu = extension->net_mtu;
    record->host_fd = fd;
    record->is_attached = 1;
    return OK;
}
