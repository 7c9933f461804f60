// SPDX-License-Identifier: ISC
/* call.c - system calls of sockets. */
#include "check/packetdrill/socket.h"
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/sockios.h>

/* packetdrill's own choice of this host's addresses */
#define LOCAL_V4 0xc0a80001u
static const struct ip local_v6 = { { 0xfd, 0x3d, 0x0a, 0x0b, 0x17, 0xd6, [15] = 1 } };

bool call_may_block(const struct socket *s, int flags)
{
    return !s->is_nonblocking && !(flags & MSG_DONTWAIT);
}

/* ---- Addresses */

static bool read_address(const struct sockaddr *a, socklen_t n, struct endpoint *out)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    *out = (struct endpoint){ 0 };
    if (a->sa_family == AF_INET && n >= sizeof v4) {
        memcpy(&v4, a, sizeof v4);
        *out = (struct endpoint){ ip_from_v4(ntohl(v4.sin_addr.s_addr)), ntohs(v4.sin_port) };
    } else if (a->sa_family == AF_INET6 && n >= sizeof v6) {
        memcpy(&v6, a, sizeof v6);
        memcpy(out->ip.byte, &v6.sin6_addr, sizeof out->ip.byte);
        out->port = ntohs(v6.sin6_port);
    } else {
        return false;
    }
    return true;
}
static void write_address(const struct socket *s, const struct endpoint *e, struct sockaddr *out, socklen_t *n)
{
    if (!out || !n)
        return;
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons(e->port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons(e->port) };
    bool is_v4 = s->domain == AF_INET;
    if (is_v4)
        v4.sin_addr.s_addr = htonl(ip_v4(&e->ip));
    memcpy(&v6.sin6_addr, e->ip.byte, sizeof e->ip.byte);
    socklen_t length = is_v4 ? sizeof v4 : sizeof v6;
    memcpy(out, is_v4 ? (const void *)&v4 : (const void *)&v6, length < *n ? length : *n);
    *n = length;
}

int call_bind(struct socket *s, const struct sockaddr *at, socklen_t n)
{
    struct endpoint e;
    if (!read_address(at, n, &e))
        return fails(EINVAL);
    s->local_port = e.port;
    s->local = e.ip;
    return 0;
}

/* ---- Opening */

int call_listen(struct socket *s, int backlog)
{
    if (s->kind != SOCKET_FRESH && s->kind != SOCKET_LISTENING)
        return fails(EINVAL);
    if (s->kind == SOCKET_LISTENING)
        return 0;
    if (!tcp_open_listener(world_tcp, s->local_port, s))
        return fails(EADDRINUSE);
    s->kind = SOCKET_LISTENING;
    s->backlog = backlog;
    socket_apply(s);
    socket_listen_fast(s);
    return 0;
}

int call_accept(struct socket *s, struct sockaddr *from, socklen_t *n)
{
    int fd;
    if (s->kind != SOCKET_LISTENING)
        return fails(EINVAL);
    while (s->num_waiting == 0)
        if (!call_may_block(s, 0) || !world_wait(NEVER))
            return fails(EAGAIN);
    struct socket *a = socket_new(&fd);
    if (!a)
        return -1;
    a->kind = SOCKET_CONNECTED;
    a->domain = s->domain;
    a->choices = s->choices;
    a->buffer = s->buffer;
    a->conn = s->waiting[0];
    memmove(s->waiting, s->waiting + 1, --s->num_waiting * sizeof *s->waiting);
    a->error = socket_error_of(tcp_why(a->conn), false);
    tcp_set_user(a->conn, a);
    socket_apply(a);
    struct endpoint remote = tcp_remote(a->conn);
    write_address(a, &remote, from, n);
    return fd;
}

struct ip call_local_for(const struct socket *s, const struct ip *remote)
{
    static const struct ip any;
    struct ip v4 = ip_from_v4(LOCAL_V4), local = ip_is_v4(remote) ? v4 : local_v6;
    if (!ip_eq(&s->local, &any) && ip_is_v4(&s->local) == ip_is_v4(remote) && (!ip_is_v4(&s->local) || ip_v4(&s->local) != 0))
        local = s->local;
    return local;
}
int call_await_connection(struct socket *s)
{
    while (s->kind == SOCKET_CONNECTING) {
        bool has_time = world_wait(NEVER);
        socket_limit_syns(s);
        if (!has_time)
            break;
    }
    int error = s->error;
    s->error = 0;
    return error ? fails(error) : 0;
}
int call_connect(struct socket *s, const struct sockaddr *to, socklen_t n)
{
    struct endpoint remote;
    if (!read_address(to, n, &remote))
        return fails(EINVAL);
    if (s->kind == SOCKET_CONNECTING)
        return fails(EALREADY);
    if (s->kind != SOCKET_FRESH)
        return fails(EISCONN);
    if (s->connects_fast && socket_defers(s, &remote))
        return 0;
    struct ip local = call_local_for(s, &remote.ip);
    s->conn = s->connects_fast ? tcp_open_fast(world_tcp, &local, &remote, s, false, world_now) :
                                 tcp_open(world_tcp, &local, &remote, s, world_now);
    if (!s->conn)
        return fails(EADDRNOTAVAIL);
    s->kind = SOCKET_CONNECTING;
    s->has_connected = true;
    socket_apply(s);
    return call_may_block(s, 0) ? call_await_connection(s) : fails(EINPROGRESS);
}

/* ---- Bytes */

static ssize_t take(struct socket *s, const struct iovec *v, size_t num, int flags)
{
    ssize_t got = 0;
    for (size_t i = 0; i < num; i++)
        for (size_t filled = 0; filled < v[i].iov_len;) {
            struct span next = span_first(socket_unread(s), v[i].iov_len - filled);
            if (next.n == 0)
                return got;
            if (!(flags & MSG_TRUNC))
                memcpy((char *)v[i].iov_base + filled, next.p, next.n);
            filled += next.n;
            got += (ssize_t)next.n;
            if (flags & MSG_PEEK)
                return got;
            tcp_consume(world_tcp, s->conn, next.n, world_now);
        }
    return got;
}
ssize_t call_receive(struct socket *s, const struct iovec *v, size_t num, int flags)
{
    if (!s->conn || s->kind == SOCKET_CONNECTING)
        return fails(s->kind == SOCKET_CONNECTING || s->kind == SOCKET_DEFERRED ? EAGAIN : ENOTCONN);
    for (;;) {
        ssize_t got = take(s, v, num, flags);
        if (got > 0)
            return got;
        if (s->error) {
            int error = s->error;
            s->error = 0;
            return fails(error);
        }
        if (s->has_shut_reading || tcp_at_end(s->conn) || tcp_why(s->conn) != TCP_ALIVE)
            return 0;
        if (!call_may_block(s, flags) || !world_wait(NEVER))
            return fails(EAGAIN);
    }
}

static ssize_t cannot_send(struct socket *s)
{
    int error = s->error ? s->error : EPIPE;
    s->error = 0;
    return fails(error);
}
static bool is_cut(const struct socket *s)
{
    return s->has_shut_writing || s->error || tcp_why(s->conn) != TCP_ALIVE;
}
/* What fills a piece is sent at once. */
static size_t write_some(struct socket *s, struct span bytes, bool has_more)
{
    size_t n = buffer_write(s, bytes, has_more);
    if (n < bytes.n)
        wire_output();
    return n;
}
static bool wait_for_room(struct socket *s)
{
    do {
        buffer_is_wanted(s);
        if (!world_wait(NEVER))
            return false;
    } while (!is_cut(s) && !buffer_is_writable(s));
    return true;
}
ssize_t call_send_to(struct socket *s, const struct sockaddr *to, socklen_t to_n, const struct iovec *v, size_t num, int flags)
{
    struct endpoint remote;
    if (!(flags & MSG_FASTOPEN) || (s->conn && s->kind == SOCKET_CONNECTED && !s->error))
        return call_send(s, v, num, flags);
    if (!socket_may_connect_fast() || (to && to->sa_family == AF_UNSPEC))
        return fails(EOPNOTSUPP);
    if (s->kind == SOCKET_CONNECTING)
        return fails(EALREADY);
    if (!to || !read_address(to, to_n, &remote))
        return fails(EINVAL);
    return call_send_fast(s, &remote, v, num, flags);
}
ssize_t call_send(struct socket *s, const struct iovec *v, size_t num, int flags)
{
    ssize_t sent = 0;
    if (s->kind == SOCKET_DEFERRED)
        return call_send_fast(s, &s->remote, v, num, flags);
    if (!s->conn)
        return fails(s->kind == SOCKET_FRESH ? EPIPE : ENOTCONN);
    if (s->kind == SOCKET_CONNECTING && !call_may_block(s, flags))
        return fails(EAGAIN);
    for (size_t i = 0; i < num; i++) {
        struct span left = { v[i].iov_base, v[i].iov_len };
        while (left.n > 0) {
            if (is_cut(s))
                return sent > 0 ? sent : cannot_send(s);
            size_t n = write_some(s, left, flags & MSG_MORE);
            left = span_skip(left, n);
            sent += (ssize_t)n;
            if (n == 0 && (!call_may_block(s, flags) || !wait_for_room(s)))
                return sent > 0 ? sent : fails(EAGAIN);
        }
    }
    return sent;
}

/* ---- Ending */

int call_shutdown(struct socket *s, int how)
{
    if (s->kind == SOCKET_LISTENING || !s->conn)
        return fails(ENOTCONN);
    if (how != SHUT_WR)
        s->has_shut_reading = true;
    if (how != SHUT_RD && !s->has_shut_writing) {
        s->has_shut_writing = true;
        buffer_ends(s);
        tcp_shutdown(world_tcp, s->conn, world_now);
    }
    return 0;
}

int call_ioctl(struct socket *s, unsigned long request, int *value)
{
    if (!s->conn)
        return fails(EINVAL);
    struct tcp_info info = tcp_info(world_tcp, s->conn);
    switch (request) {
    case SIOCINQ:
        *value = (int)info.unread_bytes;
        return 0;
    case SIOCOUTQ:
        *value = (int)buffer_queued(s);
        return 0;
    case SIOCOUTQNSD:
        *value = (int)buffer_unsent(s);
        return 0;
    default:
        return fails(EINVAL);
    }
}

int call_close(struct socket *s)
{
    if (s->kind == SOCKET_LISTENING) {
        tcp_close_listener(world_tcp, s->local_port);
        for (size_t i = 0; i < s->num_waiting; i++) {
            tcp_abort(world_tcp, s->waiting[i], world_now);
            tcp_release(world_tcp, s->waiting[i], world_now);
        }
    } else if (s->conn) {
        if (s->has_linger && s->linger_s == 0)
            tcp_abort(world_tcp, s->conn, world_now);
        buffer_ends(s);
        tcp_set_user(s->conn, NULL);
        tcp_release(world_tcp, s->conn, world_now);
    }
    *s = (struct socket){ 0 };
    return 0;
}
