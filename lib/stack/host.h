// SPDX-License-Identifier: ISC
/* host.h - the inside of lib/stack.
 *
 * The net fiber works in rounds (round.c): it receives a batch of frames and feeds the engines (receive.c), passes
 * their news on (conn.c, service.c), lets the fibers run that this woke, and then sends what is due (send.c). Because
 * output comes last, an answer carries the acknowledgment of its request. A second fiber (round.c, watch) does nothing
 * but wait for the device, so that a write by another fiber can wake the net fiber as well. */
#ifndef LIB_STACK_HOST_H
#define LIB_STACK_HOST_H
#include "base/checked.h"
#include "base/wheel.h"
#include "lib/arp/arp.h"
#include "lib/checksum/checksum.h"
#include "lib/icmp/icmp.h"
#include "lib/icmpv6/icmpv6.h"
#include "lib/ipv4/ipv4.h"
#include "lib/ipv6/ipv6.h"
#include "lib/multicast/multicast.h"
#include "lib/ndp/ndp.h"
#include "lib/packet/packet.h"
#include "lib/pathmtu/pathmtu.h"
#include "lib/reassembly/reassembly.h"
#include "lib/stack/fast_open.h"
#include "lib/stack/stack.h"
#include "lib/tcp/tcp.h"
#include "lib/udp/udp.h"
#include "runtime/clock.h"
#include "runtime/fiber.h"
#include "runtime/heap.h"

#define HOST_RX_FRAMES 64               /* of one round */
#define HOST_RX_BUFFERS_MAX 256
#define HOST_RX_LARGE 8                 /* large packets, for frames that the device put together */
#define HOST_TX_FRAMES 64
#define HOST_SHARE_OF_TCP 16            /* of the packets, one in so many is left to it */
#define HOST_SHARE_OF_FIRST 32          /* of the packets, one in so many is kept for connections that hold none */
#define HOST_SHARE_OF_NEW 16            /* of the connections, and of a service's states, one in so many is kept for new ones */
#define HOST_TX_HEADER_BYTES 128        /* the slot in which Ethernet to transport header of one frame are built: */
#define HOST_TRANSPORT_AT 64            /* the transport header begins here, and what precedes it ends here */
_Static_assert(HOST_TRANSPORT_AT + TCP_HEADER_BYTES_MAX <= HOST_TX_HEADER_BYTES, "every header fits its slot");

struct stack_host;

/* A service with the states of its connections. Freed when it is not listened with and the last of them is gone. */
struct listening {
    struct stack_host *host;
    struct service *service;
    uint16_t port;
    bool is_open;
    struct mspan states;                /* num x state_bytes */
    size_t state_bytes;
    SLICE(uint32_t) free_states;        /* the first num_free are indices of states that nobody has */
    size_t num_free, num_conns;
};

/* One for each place of the TCP engine, by tcp_index. */
struct conn {
    struct flow flow;
    struct stack_host *host;
    struct tcp_conn *tcp;               /* NULL: not in use */
    struct listening *listening;        /* NULL: made by tcp_connect */
    struct waitq waiters;               /* fibers in peek, write or connect */
    bool is_connected, is_shut;

    struct link in_ready;               /* a service's: waits for a worker, to be called with `wake`; */
    struct link in_resting;             /* or rests */
    enum service_wake wake;
    bool is_running;                    /* a worker has it */
    bool is_closing;                    /* flow_close was called while it did */
    bool has_news, has_consumed;        /* since the service was called: bytes came, bytes were consumed */
    uint32_t state_index;
    struct service_rest rest;
    struct wheel_timer timer;           /* rest.until */
};

struct udp_waiting {
    struct packet *packet;              /* views: the data */
    struct endpoint from;
    struct ip at;                       /* the address that it was sent to */
};
struct udp_socket {                     /* port 0 in the table: not in use */
    struct udp udp;
    struct stack_host *host;
    size_t place;
    uint16_t port;
    struct ring ring;
    SLICE(struct udp_waiting) queue;
    struct waitq readers;
    struct udp_options options;
    struct endpoint peer;               /* port 0: not connected */
    err error;                          /* of what was sent to it; OK: none */
};

struct udp_sockets {                   /* made when the first port is opened */
    struct udp_ports ports;
    struct udp_socket socket[UDP_PORTS_MAX];
};

/* A host on one network. A stack of several interfaces is as many hosts (the strong model of RFC 1122 section 3.3.4.2), of which the first
 * is the stack itself; they share packets, TCP and what stands above it, which are the first's. */
struct stack_host {
    struct stack stack;
    struct stack_host *whole;           /* the first */
    struct stack_host *next;            /* of the interfaces; NULL: the last */
    struct net *net;
    uint16_t ipv4_type, arp_type, ipv6_type;        /* of frames that are for us; 0: we do not speak it */
    struct ipv4_host ip;
    struct scope scope;
    struct stack_counters counters;
    uint32_t num_workers;
    nanos now;                          /* of the round */
    nanos busy_at, poll_ns;             /* when frames came last; how long to look for more before sleeping */
    uint32_t num_looks;                 /* since then */
    bool in_round, output_due, is_watching, is_over;
    struct waitq idle, watcher, idle_workers;

    struct packet_pool pool;
    struct packet_pool *packets;        /* the first's pool */
    struct packet_pool large;           /* for frames that the device put together; no more than are lent at a time */
    uint32_t num_large_likely;          /* of the next frames */
    struct arp arp;
    uint64_t num_conflicts;             /* that were told of */
    struct ndp *ndp;                    /* NULL: no IPv6 */
    struct reassembly reassembly;
    uint32_t identification;            /* of the datagram that was cut last */
    struct pathmtu pathmtu;
    struct icmp_limit icmp_limit;
    struct icmp_limit believe_limit;    /* of errors about the path that are looked at */
    struct udp_sockets *udp;            /* NULL: no port was opened yet */
    struct multicast *multicast;        /* NULL: no group was joined yet */
    struct list looped;                 /* packets to ourselves (loopback.c) */
    struct waitq addresses;             /* fibers that wait for what probes say */
    uint8_t hop_limit, traffic_class;   /* of what is sent, unless said otherwise; hop limit 0: what is usual */
    struct mspan tcp_memory;
    struct tcp *tcp;
    struct tcp_fast_open *fast_open;    /* NULL: nothing opened fast yet */
    struct tcp_fast_open_keys fast_open_keys;
    struct wheel wheel;
    SLICE(struct conn) conns;
    size_t num_conns;                   /* of them that are in use */
    struct list ready, resting;         /* those that rest longest are first */
    struct listening *listening[TCP_LISTENERS_MAX];

    size_t num_rx, num_rx_least;        /* buffers that we want to lend the device, and how few are of any use */
    size_t num_rx_all;                  /* that the devices of all interfaces are to have */
    size_t num_lent, num_used;
    bool is_all_lent;                   /* as many as we want to */
    struct packet_pool *lends;          /* packets of this one */
    struct packet *rx_packet[HOST_RX_BUFFERS_MAX];
    struct mspan rx_buffer[HOST_RX_BUFFERS_MAX];
    struct rx_frame rx_frame[HOST_RX_FRAMES];

    size_t num_tx;
    struct tx_frame tx_frame[HOST_TX_FRAMES];
    struct packet *tx_packet[HOST_TX_FRAMES];       /* holds the bytes of the frame until it is sent, or NULL */
    uint8_t tx_header[HOST_TX_FRAMES][HOST_TX_HEADER_BYTES];
    struct tcp_out tcp_out;
};

static inline struct stack_host *host_of(struct stack *s)
{
    return LINKED(s, struct stack_host, stack);
}
/* One time for a round; outside of rounds the clock is asked. */
static inline nanos host_now(const struct stack_host *h)
{
    return h->in_round ? h->now : clock_now();
}
/* May a received packet be kept, as a datagram, a fragment or for a neighbour? The device has to get a fresh one for it, and
 * the last ones are TCP's (lib/tcp/tcp.h). */
static inline bool host_may_keep(const struct stack_host *h)
{
    return h->packets->num_free > h->num_rx_all + h->packets->all.n / HOST_SHARE_OF_TCP;
}

/* Is it an address of ours? */
static inline bool host_is_ours(const struct stack_host *h, const struct ip *a)
{
    return ip_is_v4(a) ? ipv4_is_ours(&h->ip, ip_v4(a)) : h->ndp && ndp_is_ours(h->ndp, a);
}

/* ---- open.c */
/* With what it has of its own. */
void host_free(struct stack_host *h);
MUST_CHECK err host_start_network(struct stack_host *h, const struct stack_config *cfg);
/* How many packets the device gets: at most one in so many of all. */
void host_choose_num_rx(struct stack_host *h, size_t one_in);
/* The device cuts segments of each family that we speak. */
bool host_can_segment(const struct stack_host *h);
/* A test's own (lib/stack/test_live.h), called before the memory of a stack is freed. */
void host_is_closed(struct stack_host *h);

/* ---- round.c */
MUST_CHECK err host_net_fiber(void *host);
MUST_CHECK err host_watch_fiber(void *host);
/* Something is to be sent: the net fiber sees to it soon. */
void host_output_due(struct stack_host *h);

/* ---- receive.c, transport.c */
/* Receives a batch and feeds it to the engines. Returns the number of frames. */
size_t host_receive(struct stack_host *h);
/* ---- lend.c: after large frames, packets that hold one each, else small ones. */
void host_choose_size(struct stack_host *h);
void host_lend_all(struct stack_host *h);
/* The views of the chain are an IP packet behind its headers, which were in `packet`. */
struct arrival {
    struct ip source, destination;
    uint8_t protocol;
    struct packet *packet;
    struct span quote;                  /* the start of the packet, header included, for an error about it */
    bool is_verified;                   /* nobody needs to look at the transport checksum */
    uint8_t ecn;                        /* codepoint (RFC 3168) */
    bool is_group;                      /* broadcast or multicast in either layer */
    bool is_looped;                     /* from ourselves, not from the wire */
    uint8_t hop_limit;
    uint32_t pointer;                   /* of IPv6: where an error about its headers points to, */
    struct mac from;                    /* and the station that it came from */
};
/* The payload of a frame of type IPv4. */
void host_ipv4_input(struct stack_host *h, struct packet *p, const struct frame_offload *offload, bool is_group);
/* The same of IPv6. */
void host_ipv6_input(struct stack_host *h, struct packet *p, const struct frame_offload *offload, const struct ethernet_header *eth);
void host_receive_transport(struct stack_host *h, const struct arrival *a);
/* Is the transport checksum right, of which c holds the pseudo header? */
bool host_sums_right(const struct arrival *a, struct checksum c);
enum host_error { HOST_NO_PROTOCOL, HOST_NO_PORT, HOST_REASSEMBLY_TIME, HOST_BAD_FIELD, HOST_BAD_OPTION };
void host_send_error(struct stack_host *h, const struct arrival *a, enum host_error error);
static inline struct checksum host_pseudo(const struct ip *source, const struct ip *destination, uint8_t protocol, size_t bytes)
{
    return checksum_pseudo(SPAN(source->byte), SPAN(destination->byte), protocol, bytes);
}

/* ---- send.c */
struct departure {
    struct ip source, destination;
    uint8_t protocol;
    size_t header_bytes;                /* of the transport header, which lies in host_tx_room */
    SLICE(const struct span) parts;     /* what follows it: lies there until it is sent, or is held by `packet`; none: the
                                         * views of the packet's chain follow */
    size_t payload_bytes;
    uint16_t gso_bytes;
    uint8_t traffic_class, hop_limit;   /* hop limit 0: what is usual */
    uint8_t checksum_at;                /* where in the header the checksum belongs that is to be made; 0: none is */
    struct packet *packet;              /* given: holds the parts */
};
/* How a packet gets to its destination. */
struct way {
    struct ip next_hop;
    struct mac mac;
    bool is_known;                      /* the station; otherwise it is asked for */
    size_t mtu;
};
/* Where to write the transport header of the next packet. */
struct mspan host_tx_room(struct stack_host *h);
void host_send(struct stack_host *h, const struct departure *d);
void host_flush(struct stack_host *h);
/* A frame in the next slot, of which the network layer's headers and the transport's take so many bytes. */
void host_begin_frame(struct stack_host *h, const struct mac *to, uint16_t type, size_t network_bytes, size_t transport_bytes);
/* What follows the headers, as it lies. */
static inline void host_add_part(struct stack_host *h, struct span part)
{
    struct tx_frame *f = &h->tx_frame[h->num_tx];
    f->part[f->num_parts++] = part;
}
/* The frame is complete; `holds` is given. */
void host_commit(struct stack_host *h, struct packet *holds);
static inline uint8_t host_hop_limit_v6(const struct stack_host *h, const struct departure *d)
{
    return d->hop_limit ? d->hop_limit : h->hop_limit ? h->hop_limit : h->ndp->hop_limit;
}
static inline uint8_t host_hop_limit_v4(const struct stack_host *h, const struct departure *d)
{
    return d->hop_limit ? d->hop_limit : h->hop_limit ? h->hop_limit : IPV4_TTL;
}
/* A copy of the frame in the next slot; one that is too large has no view: TCP will send it again. NULL: too few packets are left. */
struct packet *host_copy_frame(struct stack_host *h);
/* Frames wait until their neighbour is found: they are given, as a chain of one each. NULL: nothing. */
void host_hold(struct stack_host *h, const struct ip *next_hop, struct packet *frames);
/* The way of IPv4. false: there is none. */
MUST_CHECK bool host_way_v4(struct stack_host *h, const struct departure *d, struct way *way);
void host_write_ipv4(const struct stack_host *h, const struct departure *d, struct mspan header);

struct host_report;
/* ---- v6.c, the same for IPv6 */
struct cut;
/* Whom a packet of ours speaks to, its first fragment, too; what follows its headers. */
struct span host_report_v6(struct span packet, struct host_report *r);
/* The piece at `offset` of num bytes in the next slot, but for its payload. */
void host_begin_fragment_v6(struct stack_host *h, const struct cut *c, size_t offset, size_t num, bool is_last);
MUST_CHECK bool host_way_v6(struct stack_host *h, const struct departure *d, struct way *way);
void host_write_ipv6(struct stack_host *h, const struct departure *d, struct mspan header);
void host_icmpv6_input(struct stack_host *h, const struct arrival *a);
void host_send_error_v6(struct stack_host *h, const struct arrival *a, enum host_error error);
/* What neighbour discovery has to send, and what it found out. */
MUST_CHECK err host_start_ipv6(struct stack_host *h, const struct stack_config *cfg);
void host_send_ndp(struct stack_host *h);
/* The message, without its checksum, is given. */
void host_send_mld(struct stack_host *h, const struct ip *destination, struct packet *message);
void host_ndp_news(struct stack_host *h);

/* ---- address.c */
/* The address to speak to a destination from; false: there is no way to it. */
MUST_CHECK bool host_source(const struct stack_host *h, const struct ip *destination, struct ip *out);
/* The neighbour has just shown that it hears us. */
void host_confirm(struct stack_host *h, const struct ip *destination);
/* An error of the network about a packet of ours, verified as far as the network layer can. */
struct host_report {
    uint8_t protocol;
    struct endpoint local, remote;
    uint32_t sequence;
    bool is_hard, is_too_big;
    uint32_t mtu;                       /* of the path, where it was too big; 0: not said */
};
void host_report(struct stack_host *h, const struct host_report *r);
/* Does it stand for several stations? */
bool host_is_group(const struct stack_host *h, const struct ip *a);
/* Passes frames on that waited for their neighbour, or gives them up; they are given. */
void host_send_held(struct stack_host *h, struct packet *frames, const struct mac *mac);
void host_give_up_held(struct stack_host *h, struct packet *frames);

/* ---- payload.c: the payload of a departure, piece by piece */
struct pieces {
    size_t next_part;
    const struct packet *next_packet;
    struct span left;
};
static inline struct pieces pieces_of(const struct departure *d)
{
    return (struct pieces){ .next_packet = d->parts.n > 0 ? NULL : d->packet };
}
/* The next bytes in one piece, at most max; empty at the end. */
struct span pieces_next(const struct departure *d, struct pieces *p, size_t max);
/* The transport checksum over everything, of which c holds the pseudo header. */
void host_write_sum(const struct departure *d, struct mspan transport, struct checksum c);

/* ---- fragment.c */
struct cut {                            /* a datagram that leaves in pieces */
    const struct departure *d;
    const struct way *way;
    struct span transport;              /* a copy of its header, with the checksum */
    uint32_t identification;
    struct pieces pieces;
    struct packet *held, **end;         /* copies, where the neighbour is not known yet */
};
/* A fragment came; the caller has made it an arrival in every other respect. */
void host_fragment_input(struct stack_host *h, const struct arrival *a, const struct reassembly_fragment *f);
/* Sends it in pieces that the way takes; its transport header lies in host_tx_room. */
void host_send_fragments(struct stack_host *h, const struct departure *d, const struct way *way);
/* Tells who sent what was not completed in time. */
void host_reassembly_news(struct stack_host *h);

/* ---- send.c
 * Whatever the engines have to send. */
void host_output(struct stack_host *h);
/* Passes on what ARP found out: packets that waited go, or are given up. */
void host_arp_news(struct stack_host *h);

/* ---- conn.c */
extern const struct flow_ops conn_flow_ops;
struct conn *conn_open(struct stack_host *h, struct tcp_conn *t, struct listening *l);
/* Gives the connection back to the engine, its state to the service. */
void conn_close(struct conn *c);
bool conn_has_ended(const struct conn *c);
void host_tcp_news(struct stack_host *h);
/* Why it cannot be used: OK where it can. */
MUST_CHECK err conn_end_error(const struct conn *c);

/* ---- connect.c */
/* The address to speak from. E_UNREACHABLE: there is no way to it. E_NOMEM: the stack is closing. */
MUST_CHECK err host_may_connect(struct stack *s, const struct endpoint *to, struct ip *local);
/* Until the handshake has ended; otherwise the connection is given up. */
MUST_CHECK err host_await_connected(struct conn *c, nanos deadline, struct flow **flow);
MUST_CHECK err host_tcp_connect(struct stack *s, const struct endpoint *to, const struct tcp_choices *choices, nanos deadline,
                                struct flow **flow);

/* ---- choice.c */
MUST_CHECK err host_tcp_set(struct stack *s, struct flow *flow, uint16_t port, const struct tcp_choices *choices);

/* ---- fast_open.c */
MUST_CHECK err host_use_fast_open(struct stack_host *h);
bool host_is_ours_to_open(const struct stack *s);   /* rather than another implementation's */

/* ---- via.c: of several interfaces, which (for one, these are itself) */
/* The interface that leads to a destination. Of one that is not the first: itself. */
struct stack_host *host_via(struct stack_host *h, const struct ip *destination);
/* The interface that has an address; NULL: none has. */
struct stack_host *host_owner(struct stack_host *h, const struct ip *address);

/* ---- interface.c: linked where interfaces are added */
/* The interface by which it leaves, which has the transport header from now on: that of its source, and for what is sent to ourselves
 * that of its destination. */
struct stack_host *host_leaves_by(struct stack_host *h, const struct departure *d);
/* The interface of a connection; of one whose address is gone, h. */
struct stack_host *host_of_conn(struct stack_host *h, const struct tcp_conn *t);
/* Does it come over the wire from an address that is another interface's? That is counted. */
MUST_CHECK bool host_is_forged(struct stack_host *h, const struct arrival *a);

/* ---- loopback.c: what is sent to ourselves */
/* Is it an address that we reach without a device? Then it is also where to speak from. */
bool host_loops(const struct stack_host *h, const struct ip *destination);
/* host_source, or else that. */
MUST_CHECK bool host_local_for(const struct stack_host *h, const struct ip *destination, struct ip *out);
/* Keeps a packet that host_loops for the next round. */
void host_loop_back(struct stack_host *h, const struct departure *d);
/* Hands the packets over that were kept. */
void host_receive_looped(struct stack_host *h);
void host_drop_looped(struct stack_host *h);

/* ---- multicast.c: the groups of others than neighbour discovery */
bool host_is_in_group(const struct stack_host *h, const struct ip *group);
void host_send_reports(struct stack_host *h);
/* A message of IGMP, or a query of MLD. */
void host_igmp_input(struct stack_host *h, const struct arrival *a);
void host_mld_query(struct stack_host *h, const struct arrival *a);
MUST_CHECK err host_udp_join(struct udp *u, const struct ip *group, const struct ip_sources *sources);
void host_udp_leave(struct udp *u, const struct ip *group);
void host_leave_all(struct udp_socket *u);
/* Does the port not want to hear this source of the group? That is counted. */
MUST_CHECK bool host_is_unwanted(struct udp_socket *u, const struct ip *group, const struct ip *source);

/* ---- configure.c */
/* What probes for addresses said. */
void host_address_news(struct stack_host *h);

/* ---- service.c */
/* What is open at a port; NULL: nothing is. */
struct listening *host_listening(struct stack_host *h, uint16_t port);
MUST_CHECK err host_tcp_listen(struct stack *s, uint16_t port, struct service *service);
void host_tcp_unlisten(struct stack *s, uint16_t port);
void service_accept(struct listening *l, struct tcp_conn *t);
/* Once a round: packets are left for those who have none. */
void service_keep_packets(struct stack_host *h);
/* News of a connection at rest. */
void service_news(struct conn *c, unsigned news);
void service_forget(struct conn *c);
void host_service_timers(struct stack_host *h);
MUST_CHECK err host_worker_fiber(void *host);

/* ---- udp.c */
void host_udp_input(struct stack_host *h, const struct arrival *a);
/* An error of the network about a datagram of ours. */
void host_udp_error(struct stack_host *h, const struct host_report *r);
bool host_udp_has_port(const struct stack_host *h, uint16_t port);
void host_udp_close_all(struct stack_host *h);
MUST_CHECK err host_udp_open(struct stack *s, uint16_t port, struct udp **udp);
MUST_CHECK err host_udp_connect(struct udp *u, const struct endpoint *peer);
void host_udp_set(struct udp *u, const struct udp_options *o);
MUST_CHECK err host_udp_send(struct udp *u, const struct ip *source, const struct endpoint *to, struct span datagram);
MUST_CHECK err host_udp_receive(struct udp *u, struct mspan out, size_t *num_bytes, struct endpoint *from, struct ip *at,
                                nanos deadline);
void host_udp_close(struct udp *u);

#endif
