// SPDX-License-Identifier: ISC
/* socket.c - the table of sockets, and what the engine's news do to them. */
#include "check/packetdrill/socket.h"
#include "lib/tcp/engine.h"

static struct socket sockets[NUM_SOCKETS];

struct socket *socket_of(int fd)
{
    bool is_ours = fd >= FD_FIRST && fd < FD_FIRST + NUM_SOCKETS && sockets[fd - FD_FIRST].kind != SOCKET_FREE;
    return is_ours ? &sockets[fd - FD_FIRST] : NULL;
}
struct socket *socket_new(int *fd)
{
    for (int i = 0; i < NUM_SOCKETS; i++)
        if (sockets[i].kind == SOCKET_FREE) {
            sockets[i] = (struct socket){ .kind = SOCKET_FRESH, .domain = AF_INET };
            *fd = FD_FIRST + i;
            return &sockets[i];
        }
    errno = EMFILE;
    return NULL;
}

int socket_error_of(enum tcp_end why, bool was_connecting)
{
    switch (why) {
    case TCP_ALIVE:
    case TCP_END_ORDERLY:
        return 0;
    case TCP_END_RESET:
        return was_connecting ? ECONNREFUSED : ECONNRESET;
    case TCP_END_TIMEOUT:
        return ETIMEDOUT;
    case TCP_END_REFUSED:
        return ECONNREFUSED;
    case TCP_END_UNREACHABLE:
        return EHOSTUNREACH;
    }
    return EIO;
}

static void accepted(struct socket *l, struct tcp_conn *c)
{
    if (!l || l->num_waiting == BACKLOG_MAX) {
        tcp_abort(world_tcp, c, world_now);
        tcp_release(world_tcp, c, world_now);
        return;
    }
    tcp_set_user(c, NULL);
    l->waiting[l->num_waiting++] = c;
}

bool sockets_go_on(void)
{
    bool go_on = false;
    for (size_t i = 0; i < NUM_SOCKETS; i++) {
        bool has_more = buffer_goes_on(&sockets[i]);
        if (!has_more && sockets[i].conn) {
            buffer_grows(&sockets[i]);
            buffer_tells(&sockets[i]);
        }
        go_on |= has_more;
    }
    return go_on;
}
void sockets_news(void)
{
    unsigned news;
    for (struct tcp_conn *c; (c = tcp_poll(world_tcp, &news));) {
        struct socket *s = tcp_user(c);
        if (news & TCP_ACCEPTED) {
            accepted(s, c);
            continue;
        }
        if (!s || s->conn != c)
            continue;
        s->num_arrivals += (news & TCP_READABLE) != 0;
        bool was_connecting = s->kind == SOCKET_CONNECTING;
        if (news & TCP_CONNECTED)
            s->kind = SOCKET_CONNECTED;
        if (news & TCP_ENDED) {
            s->error = socket_error_of(tcp_why(c), was_connecting);
            s->kind = SOCKET_CONNECTED;
        }
    }
}

struct span socket_unread(const struct socket *s)
{
    return tcp_receive_queue_peek(&s->conn->receive);
}
short socket_events(const struct socket *s)
{
    short events = 0;
    if (s->kind == SOCKET_LISTENING)
        return s->num_waiting > 0 ? POLLIN | POLLRDNORM : 0;
    if (s->kind == SOCKET_FRESH || (s->kind == SOCKET_CONNECTED && !s->conn))
        return POLLOUT | POLLHUP;
    if (s->kind == SOCKET_DEFERRED)
        return POLLOUT | POLLWRNORM;
    if (s->kind == SOCKET_CONNECTING)
        return 0;
    bool is_over = tcp_why(s->conn) != TCP_ALIVE, at_end = tcp_at_end(s->conn) || is_over;
    if (socket_unread(s).n > 0 || at_end || s->has_shut_reading)
        events |= POLLIN | POLLRDNORM;
    if (at_end || s->has_shut_reading || tcp_conn_peer_has_finished(s->conn))
        events |= POLLRDHUP;
    if (is_over || s->has_shut_writing || buffer_is_writable(s))
        events |= POLLOUT | POLLWRNORM;
    if (is_over || (at_end && s->has_shut_writing))
        events |= POLLHUP;
    if (s->error)
        events |= POLLERR;
    return events;
}
