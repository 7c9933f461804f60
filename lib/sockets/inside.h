// SPDX-License-Identifier: ISC
/* inside.h - what the files of lib/sockets share. */
#ifndef LIB_SOCKETS_INSIDE_H
#define LIB_SOCKETS_INSIDE_H
#include "base/list.h"
#include "base/wheel.h"
#include "lib/sockets/sockets.h"
#include "lib/stack/stack.h"
#include "runtime/fiber.h"

struct sockets;
enum watched_kind { WATCHED_LISTENER, WATCHED_CONN, WATCHED_UDP };
struct watched {                        /* what epoll gives back; fd -1: not in use */
    enum watched_kind kind;
    int fd;
};
struct listener {
    struct watched watched;
    struct sockets *sockets;
    struct service *service;
    uint16_t port;
    size_t num_conns;
    bool is_open;
};
struct conn {
    struct watched watched;
    struct flow flow;
    struct sockets *sockets;
    struct listener *listener;          /* NULL: made by tcp_connect */
    struct endpoint peer;
    struct waitq waiters;
    struct mspan buffer, state;
    size_t from, to;                    /* of the buffer: received and not consumed */
    bool has_ended;                     /* the peer has finished */
    err error;                          /* why it cannot be used any more */
    bool is_shut;

    struct link in_ready;               /* waits for a worker */
    enum service_wake wake;
    bool is_running, is_closing, has_news, has_consumed;
    struct service_rest rest;
    struct wheel_timer timer;
};
struct udp_port {
    struct udp udp;
    struct watched watched;
    struct waitq readers;
};
struct sockets {
    struct stack stack;
    int epoll;
    struct scope scope;
    struct list ready;
    struct waitq idle_workers, watcher;
    struct wheel wheel;
    struct listener listener[SOCKETS_LISTENERS];
    struct conn conn[SOCKETS_CONNS];
    struct udp_port port[SOCKETS_UDP_PORTS];
};

/* ---- host.c: calls of the host */
MUST_CHECK err host_error(void);        /* of errno */
/* A socket of both families that blocks nobody; -1 and errno where there is none. */
int host_socket(int type);
MUST_CHECK err host_bind(int fd, uint16_t port);
MUST_CHECK err host_connect(int fd, const struct endpoint *to);
struct endpoint host_peer(int fd);
MUST_CHECK err sockets_watch(struct sockets *s, struct watched *w);
void sockets_unwatch(struct watched *w);

/* ---- conn.c */
extern const struct flow_ops sockets_flow_ops;
/* A place for a connection of the descriptor, which is given; NULL: there is none, and it is closed. */
struct conn *sockets_conn_open(struct sockets *s, int fd, struct listener *l);
void sockets_conn_close(struct conn *c);
/* Takes what can be received. */
void sockets_conn_fill(struct conn *c);
bool sockets_conn_is_sent(const struct conn *c);
MUST_CHECK err sockets_tcp_connect(struct stack *stack, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline,
                                   struct flow **flow);

/* ---- choice.c */
MUST_CHECK err sockets_tcp_set(struct stack *stack, struct flow *flow, uint16_t port, const struct tcp_choices *choices);
MUST_CHECK err host_choose(int fd, const struct tcp_choices *choices);

/* ---- service.c */
MUST_CHECK err sockets_tcp_listen(struct stack *stack, uint16_t port, struct service *service);
void sockets_tcp_unlisten(struct stack *stack, uint16_t port);
void sockets_accept(struct listener *l);
void sockets_news(struct conn *c);
void sockets_forget(struct conn *c);
void sockets_timers(struct sockets *s);
MUST_CHECK err sockets_worker_fiber(void *sockets);

/* ---- udp.c */
MUST_CHECK err sockets_udp_open(struct stack *stack, uint16_t port, struct udp **udp);
MUST_CHECK err sockets_udp_connect(struct udp *u, const struct endpoint *peer);
void sockets_udp_set(struct udp *u, const struct udp_options *o);
MUST_CHECK err sockets_udp_join(struct udp *u, const struct ip *group, const struct ip_sources *sources);
void sockets_udp_leave(struct udp *u, const struct ip *group);
MUST_CHECK err sockets_udp_send(struct udp *u, const struct ip *source, const struct endpoint *to, struct span datagram);
MUST_CHECK err sockets_udp_receive(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at,
                                   nanos deadline);
void sockets_udp_close(struct udp *u);

#endif
