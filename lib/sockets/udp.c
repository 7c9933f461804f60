// SPDX-License-Identifier: ISC
/* udp.c - UDP sockets of the host. */
#include "base/checked.h"
#include "lib/sockets/address.h"
#include "lib/sockets/inside.h"
#include <errno.h>

enum { DATA_MAX_BYTES = 65507 };

static struct udp_port *port_of(struct udp *u)
{
    return LINKED(u, struct udp_port, udp);
}

err sockets_udp_open(struct stack *stack, uint16_t port, struct udp **udp)
{
    struct sockets *s = LINKED(stack, struct sockets, stack);
    struct udp_port *p = NULL;
    int on = 1;
    *udp = NULL;
    for (size_t i = 0; i < SOCKETS_UDP_PORTS && !p; i++)
        p = s->port[i].watched.fd < 0 ? &s->port[i] : NULL;
    if (!p)
        return E_NOMEM;
    *p = (struct udp_port){ .udp = { stack }, .watched = { WATCHED_UDP, host_socket(SOCK_DGRAM) } };
    if (p->watched.fd < 0)
        return host_error();
    (void)setsockopt(p->watched.fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &on, sizeof on);
    (void)setsockopt(p->watched.fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
    err e = host_bind(p->watched.fd, port);
    e = e == OK ? sockets_watch(s, &p->watched) : e;
    if (e != OK)
        sockets_unwatch(&p->watched);
    else
        *udp = &p->udp;
    return e;
}

void sockets_udp_close(struct udp *udp)
{
    struct udp_port *p = port_of(udp);
    sockets_unwatch(&p->watched);
    waitq_wake_all(&p->readers);
}

err sockets_udp_connect(struct udp *udp, const struct endpoint *peer)
{
    struct udp_port *p = port_of(udp);
    union host_address none = { .six = { .sin6_family = AF_UNSPEC } };
    if (p->watched.fd < 0)
        return E_CLOSED;
    if (peer->port != 0)
        return host_connect(p->watched.fd, peer);
    return connect(p->watched.fd, &none.any, sizeof none) == 0 ? OK : host_error();
}

static void set(int fd, int level, int name, int value)
{
    (void)setsockopt(fd, level, name, &value, sizeof value);
}

/* For both families; -1 is what is usual. */
void sockets_udp_set(struct udp *udp, const struct udp_options *o)
{
    int fd = port_of(udp)->watched.fd, hops = o->hop_limit ? o->hop_limit : -1, group_hops = o->multicast_hops ? o->multicast_hops : 1;
    set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, hops);
    set(fd, IPPROTO_IP, IP_TTL, hops);
    set(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, group_hops);
    set(fd, IPPROTO_IP, IP_MULTICAST_TTL, group_hops);
    set(fd, IPPROTO_IPV6, IPV6_TCLASS, o->traffic_class);
    set(fd, IPPROTO_IP, IP_TOS, o->traffic_class);
}

/* ---- Groups, on the interface that the host chooses */

static err member(struct udp_port *p, const struct ip *group, int name6, int name4)
{
    struct ipv6_mreq six = { 0 };
    struct ip_mreq four = { 0 };
    (void)span_copy(MSPAN(six.ipv6mr_multiaddr.s6_addr), SPAN(group->byte));
    (void)span_copy(MSPAN_OF(four.imr_multiaddr.s_addr), span_skip(SPAN(group->byte), 12));
    int failed = ip_is_v4(group) ? setsockopt(p->watched.fd, IPPROTO_IP, name4, &four, sizeof four) :
                                   setsockopt(p->watched.fd, IPPROTO_IPV6, name6, &six, sizeof six);
    return failed ? host_error() : OK;
}

/* RFC 3678 section 5: with MCAST_JOIN_SOURCE_GROUP one that is heard, with MCAST_BLOCK_SOURCE one that is not. */
static struct sockaddr_storage address_of_family(const struct ip *a)
{
    struct sockaddr_in four = { .sin_family = AF_INET };
    struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
    struct sockaddr_storage out = { 0 };
    (void)span_copy(MSPAN_OF(four.sin_addr), span_skip(SPAN(a->byte), 12));
    (void)span_copy(MSPAN(six.sin6_addr.s6_addr), SPAN(a->byte));
    (void)span_copy(MSPAN_OF(out), ip_is_v4(a) ? SPAN_OF(four) : SPAN_OF(six));
    return out;
}

static err name_source(struct udp_port *p, const struct ip *group, const struct ip *source, int name)
{
    struct group_source_req request = { .gsr_group = address_of_family(group), .gsr_source = address_of_family(source) };
    int level = ip_is_v4(group) ? IPPROTO_IP : IPPROTO_IPV6;
    return setsockopt(p->watched.fd, level, name, &request, sizeof request) == 0 ? OK : host_error();
}

static err name_sources(struct udp_port *p, const struct ip *group, const struct ip_sources *sources)
{
    for (size_t i = 0; i < sources->num; i++)
        TRY(name_source(p, group, &sources->ip[i], sources->is_exclude ? MCAST_BLOCK_SOURCE : MCAST_JOIN_SOURCE_GROUP));
    return OK;
}

err sockets_udp_join(struct udp *udp, const struct ip *group, const struct ip_sources *sources)
{
    struct udp_port *p = port_of(udp);
    bool is_group = ip_is_v4(group) ? ip_v4(group) >> 28 == 14 : group->byte[0] == 0xff;
    if (!is_group || sources->num > IP_SOURCES_MAX)
        return E_INVALID;
    sockets_udp_leave(udp, group);              /* what was said before */
    if (sources->is_exclude)
        TRY(member(p, group, IPV6_JOIN_GROUP, IP_ADD_MEMBERSHIP));
    err e = name_sources(p, group, sources);
    if (e != OK)
        sockets_udp_leave(udp, group);
    return e;
}

void sockets_udp_leave(struct udp *udp, const struct ip *group)
{
    (void)!member(port_of(udp), group, IPV6_LEAVE_GROUP, IP_DROP_MEMBERSHIP);
}

/* ---- Datagrams */

/* Room for one piece of information about a datagram: the address of ours that it came to, or is to come from. */
union control {
    struct cmsghdr header;
    uint8_t bytes[CMSG_SPACE(sizeof(struct in6_pktinfo))];
};

static void say_source(struct msghdr *m, union control *room, const struct ip *source)
{
    struct in6_pktinfo info = { 0 };
    (void)span_copy(MSPAN(info.ipi6_addr.s6_addr), SPAN(source->byte));
    *room = (union control){ .header = { .cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IPV6, .cmsg_type = IPV6_PKTINFO } };
    (void)span_copy(mspan_skip(MSPAN(room->bytes), CMSG_LEN(0)), SPAN_OF(info));
    m->msg_control = room;
    m->msg_controllen = sizeof *room;
}

static struct ip said_address(const union control *room)
{
    struct in6_pktinfo info = { 0 };
    struct ip a = { 0 };
    if (room->header.cmsg_level == IPPROTO_IPV6 && room->header.cmsg_type == IPV6_PKTINFO)
        (void)span_copy(MSPAN_OF(info), span_skip(SPAN(room->bytes), CMSG_LEN(0)));
    (void)span_copy(MSPAN(a.byte), SPAN(info.ipi6_addr.s6_addr));
    return a;
}

static bool is_station(const struct ip *a)
{
    return ip_is_v4(a) ? ip_v4(a) != 0 && ip_v4(a) >> 28 != 14 && ip_v4(a) != 0xffffffff : a->byte[0] != 0xff;
}

err sockets_udp_send(struct udp *udp, const struct ip *source, const struct endpoint *to, struct span datagram)
{
    struct udp_port *p = port_of(udp);
    union host_address a = address_of(to);
    struct iovec v = { (void *)datagram.p, datagram.n };     /* the kernel's vectors are for both directions */
    struct msghdr m = { .msg_name = &a, .msg_namelen = sizeof a, .msg_iov = &v, .msg_iovlen = 1 };
    union control room;
    if (p->watched.fd < 0)
        return E_CLOSED;
    if (datagram.n > DATA_MAX_BYTES || to->port == 0)
        return E_INVALID;
    if (source && is_station(source))
        say_source(&m, &room, source);
    if (sendmsg(p->watched.fd, &m, MSG_NOSIGNAL) >= 0 || errno == EAGAIN)
        return OK;                      /* a full device drops */
    return host_error();
}

err sockets_udp_receive(struct udp *udp, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at, nanos deadline)
{
    struct udp_port *p = port_of(udp);
    union host_address a;
    union control room;
    *num_bytes = 0;
    for (;;) {
        struct iovec v = { out.p, out.n };
        struct msghdr m = { .msg_name = &a, .msg_namelen = sizeof a, .msg_iov = &v, .msg_iovlen = 1, .msg_control = &room,
                            .msg_controllen = sizeof room };
        room = (union control){ 0 };
        if (p->watched.fd < 0)
            return E_CLOSED;
        ssize_t n = recvmsg(p->watched.fd, &m, MSG_TRUNC);
        if (n >= 0) {
            *num_bytes = (size_t)n;
            *from = address_back(&a);
            if (at)
                *at = said_address(&room);
            return OK;
        }
        if (errno != EAGAIN && errno != EINTR)
            return host_error();
        TRY(waitq_wait(&p->readers, deadline));
    }
}
