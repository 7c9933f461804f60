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

/* What Linux's sockets add above TCP: how much of a write is taken (buffer.c). */
struct buffer {
    uint32_t bytes;                 /* SO_SNDBUF, as getsockopt tells it; 0: not chosen */
    uint32_t unsent_mark;           /* TCP_NOTSENT_LOWAT; 0: not chosen */
    uint32_t grown;                 /* so large it has become by itself */
    uint32_t last_piece;            /* bytes of it when it was written last; 0: the next write begins one */
    struct piece *waiting;          /* the pieces that the engine has not got yet, */
    uint32_t num_waiting;           /* and their bytes */
    uint32_t num_written, pushed_at;        /* bytes in all, and when PSH was set last */
    bool lacked_room;               /* a write was not taken whole, */
    bool is_awaited;                /* and since then there was no room worth the while */
};

/* SOCKET_DEFERRED: the first write will open the connection, with its bytes on the SYN. */
enum socket_kind { SOCKET_FREE, SOCKET_FRESH, SOCKET_LISTENING, SOCKET_DEFERRED, SOCKET_CONNECTING, SOCKET_CONNECTED, SOCKET_EPOLL };
struct socket {
    enum socket_kind kind;
    int domain;
    bool is_nonblocking, has_shut_reading, has_shut_writing, has_linger;
    uint16_t local_port, linger_s;
    struct tcp_choices choices;
    uint32_t keepalive_idle_s;      /* TCP_KEEPIDLE; 0: not chosen */
    struct buffer buffer;
    uint32_t num_arrivals;          /* of text, and of room after there was none */
    int error;                      /* SO_ERROR */
    struct ip local;                /* all zero: any */
    struct tcp_conn *conn;
    bool has_connected;             /* rather than been accepted */
    bool has_fast_open_key, connects_fast;      /* TCP_FASTOPEN_CONNECT */
    int num_syns_again;             /* TCP_SYNCNT; 0: as many as usual */
    struct endpoint remote;         /* SOCKET_DEFERRED */
    int backlog, fast_open_max;     /* TCP_FASTOPEN */
    struct tcp_fast_open_keys fast_open_keys;
    size_t num_waiting;
    struct tcp_conn *waiting[BACKLOG_MAX];
    struct epoll_event watched[NUM_SOCKETS];    /* SOCKET_EPOLL: by socket; no events: not watched */
    uint32_t edges[NUM_SOCKETS];                /* events that were there when it was looked at last, */
    uint32_t arrivals[NUM_SOCKETS];             /* and its num_arrivals */
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

/* ---- buffer.c */
size_t buffer_write(struct socket *s, struct span bytes, bool has_more);        /* how much of it was taken; 0: there is no room */
bool buffer_goes_on(struct socket *s);                  /* true: all that the engine had was sent, and it has more now */
void buffer_ends(struct socket *s);                     /* nothing more is written: the engine gets all that waits, unless it has ended */
uint32_t buffer_queued(const struct socket *s);         /* bytes that are not acknowledged, */
uint32_t buffer_unsent(const struct socket *s);         /* and those of them that were not sent */
void buffer_grows(struct socket *s);                    /* an acknowledgment has come, and what it lets go has gone */
void buffer_tells(struct socket *s);                    /* room that was awaited is an arrival */
void buffer_is_wanted(struct socket *s);                /* a write waits for it */
bool buffer_is_writable(const struct socket *s);        /* as poll tells: with room worth the while */

/* ---- option.c */
int socket_get(struct socket *s, int level, int name, void *value, socklen_t *n);
int socket_set(struct socket *s, int level, int name, const void *value, socklen_t n);
void socket_apply(struct socket *s);            /* what was chosen before there was a connection */
void socket_limit_syns(struct socket *s);       /* TCP_SYNCNT, once the first has been sent */

/* ---- fast_open.c */
void socket_listen_fast(const struct socket *s);
int socket_set_fast_open_key(struct socket *s, const void *value, socklen_t n);
bool socket_may_connect_fast(void);
void socket_forget_peers(void);     /* where the script wants that (host/ip) */
/* With TCP_FASTOPEN_CONNECT: true, the first write will connect. */
bool socket_defers(struct socket *s, const struct endpoint *remote);
/* The first write: MSG_FASTOPEN, or after a deferred connect. */
ssize_t call_send_fast(struct socket *s, const struct endpoint *remote, const struct iovec *v, size_t num, int flags);

/* ---- poll.c */
int socket_poll(struct pollfd *fds, nfds_t num, int timeout_ms);
int socket_epoll_ctl(struct socket *e, int op, int fd, const struct epoll_event *event);
int socket_epoll_wait(struct socket *e, struct epoll_event *events, int max, int timeout_ms);

/* ---- call.c: the others; they may block, unless the socket or the flags say otherwise */
int call_bind(struct socket *s, const struct sockaddr *at, socklen_t n);
int call_listen(struct socket *s, int backlog);
int call_accept(struct socket *s, struct sockaddr *from, socklen_t *n);
int call_connect(struct socket *s, const struct sockaddr *to, socklen_t n);
bool call_may_block(const struct socket *s, int flags);
int call_await_connection(struct socket *s);
struct ip call_local_for(const struct socket *s, const struct ip *remote);
ssize_t call_receive(struct socket *s, const struct iovec *v, size_t num, int flags);
ssize_t call_send(struct socket *s, const struct iovec *v, size_t num, int flags);
ssize_t call_send_to(struct socket *s, const struct sockaddr *to, socklen_t to_n, const struct iovec *v, size_t num, int flags);
int call_shutdown(struct socket *s, int how);
int call_ioctl(struct socket *s, unsigned long request, int *value);
int call_close(struct socket *s);

#endif
