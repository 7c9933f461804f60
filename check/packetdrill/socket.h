// SPDX-License-Identifier: ISC
/* socket.h - sockets as programs know them, above the engine. Functions return as system calls do: -1 and errno. */
#ifndef CHECK_PACKETDRILL_SOCKET_H
#define CHECK_PACKETDRILL_SOCKET_H
#include "check/packetdrill/interface.h"
#include "check/packetdrill/world.h"
#include "lib/tcp/fast_open.h"
#include <errno.h>

#define FD_FIRST 100000             /* so that others' descriptors are told apart */
#define NUM_SOCKETS 64
#define BACKLOG_MAX 16

enum socket_kind { SOCKET_FREE, SOCKET_FRESH, SOCKET_LISTENING, SOCKET_CONNECTING, SOCKET_CONNECTED, SOCKET_EPOLL };
struct socket {
    enum socket_kind kind;
    int domain;
    bool is_nonblocking, is_nodelay, has_shut_reading, has_shut_writing, has_linger, has_keepalive;
    uint16_t local_port, linger_s;
    uint32_t user_timeout_ms;
    int error;                      /* SO_ERROR */
    struct ip local;                /* all zero: any */
    struct tcp_conn *conn;
    bool has_connected;             /* rather than been accepted */
    bool has_fast_open_key;
    int backlog, fast_open_max;     /* TCP_FASTOPEN */
    struct tcp_fast_open_keys fast_open_keys;
    size_t num_waiting;
    struct tcp_conn *waiting[BACKLOG_MAX];
    struct epoll_event watched[NUM_SOCKETS];    /* SOCKET_EPOLL: by socket; no events: not watched */
    uint32_t edges[NUM_SOCKETS];                /* events that were there when it was looked at last */
};

static inline int fails(int error)
{
    errno = error;
    return -1;
}

struct socket *socket_of(int fd);   /* NULL: not one of ours */
struct socket *socket_new(int *fd); /* NULL: too many */
int socket_error_of(enum tcp_end why, bool was_connecting);     /* 0: none */
struct span socket_unread(const struct socket *s);  /* Linux gives what was received before a reset, too */
short socket_events(const struct socket *s);    /* of poll(2), that there are now */

/* ---- option.c */
int socket_get(struct socket *s, int level, int name, void *value, socklen_t *n);
int socket_set(struct socket *s, int level, int name, const void *value, socklen_t n);
void socket_apply(struct socket *s);            /* what was chosen before there was a connection */

/* ---- fast_open.c */
void socket_listen_fast(const struct socket *s);
int socket_set_fast_open_key(struct socket *s, const void *value, socklen_t n);

/* ---- poll.c */
int socket_poll(struct pollfd *fds, nfds_t num, int timeout_ms);
int socket_epoll_ctl(struct socket *e, int op, int fd, const struct epoll_event *event);
int socket_epoll_wait(struct socket *e, struct epoll_event *events, int max, int timeout_ms);

/* ---- call.c: the others; they may block, unless the socket or the flags say otherwise */
int call_bind(struct socket *s, const struct sockaddr *at, socklen_t n);
int call_listen(struct socket *s, int backlog);
int call_accept(struct socket *s, struct sockaddr *from, socklen_t *n);
int call_connect(struct socket *s, const struct sockaddr *to, socklen_t n);
ssize_t call_receive(struct socket *s, const struct iovec *v, size_t num, int flags);
ssize_t call_send(struct socket *s, const struct iovec *v, size_t num, int flags);
int call_shutdown(struct socket *s, int how);
int call_ioctl(struct socket *s, unsigned long request, int *value);
int call_close(struct socket *s);

#endif
