// SPDX-License-Identifier: ISC
/* stack.h - a host on a network: `struct stack` (interface/stack.h) over `struct net`, with IPv4, IPv6, UDP and
 * TCP in between. All memory is taken from the heap at the start, but the states of a service (at tcp_listen)
 * and the queue of a UDP port (at udp_open). A flood never asks for more.
 *
 * When full: the connection of a service that has rested longest gives way to a new one; where none rests, connections are
 * refused; datagrams and segments are dropped; and each of them is counted. */
#ifndef LIB_STACK_STACK_H
#define LIB_STACK_STACK_H
#include "interface/net.h"
#include "interface/stack.h"

#define STACK_HEAP_PERCENT 60           /* of what is free at the start */
#define STACK_WORKERS 8                 /* fibers that run services; more connections wait in line */
#define STACK_WORKERS_MAX 64
#define STACK_CONNS_MAX 131072
#define STACK_UDP_QUEUE 64              /* datagrams waiting at a port; the newest are dropped */

struct stack_config {
    struct ip_prefix address;           /* IPv4; all zero: none */
    struct ip gateway;                  /* all zero or 0.0.0.0: none */
    bool dynamic_ipv4;                  /* speak IPv4 even without an address: somebody will find one (stack_add_address) */
    bool probe_ipv4;                    /* ask for seconds whether the address is somebody else's, before it is used (RFC 5227);
                                         * else it is announced at once. E_UNSUPPORTED but with stack_open_dual */
    struct ip_prefix ipv6;              /* all zero: none but the link-local one, and that only if routers are asked */
    struct ip ipv6_gateway;             /* all zero: none but those that advertise themselves */
    bool accept_router_advertisements;  /* for IPv6 addresses, routers and parameters */
    bool ipv6_opaque;                   /* made addresses do not show the MAC (RFC 7217); they are the same after a restart in the same
                                         * network where the secret is */
    uint8_t ipv6_secret[16];            /* all zero: a random one */
    bool ipv6_temporary;                /* speak from addresses that change from day to day (RFC 8981) */
    bool ipv4_only, ipv6_only;          /* leave the other family out, whatever is said of it */
    uint8_t hop_limit;                  /* of what is sent (TTL in IPv4); 0: 64, or what routers say */
    uint8_t traffic_class;              /* of TCP: DSCP in the upper six bits (RFC 2474) */
    uint32_t heap_percent;              /* 0: STACK_HEAP_PERCENT */
    uint32_t num_workers;               /* 0: STACK_WORKERS */
};

/* Frames and packets that came to nothing, and why; the engines' own are with them (stack_counter has them all). */
struct stack_counters {
    uint64_t frames_in, frames_out, bytes_in, bytes_out;
    uint64_t bad_ethernet, not_our_mac, unknown_type;
    uint64_t bad_ipv4, bad_options, bad_ipv6, not_our_ip, bad_source, unknown_protocol;
    uint64_t bad_icmp, bad_igmp, bad_tcp_checksum, bad_udp, bad_udp_checksum;
    uint64_t udp_no_port, udp_queue_full, low_on_packets;
    uint64_t no_route, unresolved, device_full, errors_limited, forged_errors;
    uint64_t looped;                    /* sent to ourselves */
    uint64_t scattered;                 /* sent in more pieces than a frame has parts */
    uint64_t refused_no_state;          /* connections for which a service had no state left */
    uint64_t gave_way;                  /* connections at rest that were reset, as others wanted their place */
    uint64_t waits;                     /* times that the stack went to sleep */
};

/* Starts the stack with what is usual; its fibers belong to the calling one. E_NOMEM: not even the
 * least of it fits the heap, or too few fibers are free (one for each worker, and two). E_INVALID: no address that
 * a host can have, or a gateway that is not its neighbour, or no family at all. */
MUST_CHECK err stack_open(struct net *net, const struct ip_prefix *address, const struct ip *gateway, struct stack **out);
/* E_UNSUPPORTED: IPv6 is asked for, and nothing in the image calls stack_open_dual. */
MUST_CHECK err stack_open_with(struct net *net, const struct stack_config *cfg, struct stack **out);
/* The same, and the reason for which an image has IPv6 (22 KB). */
MUST_CHECK err stack_open_dual(struct net *net, const struct stack_config *cfg, struct stack **out);
/* TCP finds out by itself how large segments a path takes, where routers drop larger ones and say nothing, and whether it takes larger
 * ones again (RFC 4821). A kilobyte of code; without it such paths carry no full segments at all. */
void stack_probe_path_mtu(struct stack *s);
/* What is known of a connection that tcp_connect or a service gave (lib/tcp/tcp.h), and what kept it from sending, since the first choice
 * that anyone made (tcp_set). E_INVALID: the flow is something else, or closed. */
struct tcp_info;
struct tcp_times;
MUST_CHECK err stack_tcp_info(struct stack *s, struct flow *flow, struct tcp_info *info, struct tcp_times *times);
/* Says good-bye on every connection, without waiting for answers, and ends; the fiber that opened it closes it. When
 * that fiber is cancelled, the good-bye happens by itself. Flows and UDP ports are dead afterwards. */
void stack_close(struct stack *s);
const struct stack_counters *stack_counters(const struct stack *s);
/* The i-th of all counters, those of the engines too, with its name; false: there are fewer. */
struct stack_counter {
    const char *layer, *name;           /* "tcp", "out of window" */
    uint64_t value;
};
MUST_CHECK bool stack_counter(const struct stack *s, size_t i, struct stack_counter *out);

/* ---- Several interfaces (interface.c)
 * The strong model of RFC 1122 section 3.3.4.2: each interface is a host of its own, with addresses, routes, neighbours, groups and
 * counters. A packet is received where its address is, and sent where its source is; between interfaces nothing is forwarded. What names
 * no source leaves by the interface that has the longest prefix for it, of equals by the first. */

/* A further interface of the stack, by which its services, connections and ports speak as well. *interface is a stack of its own: a
 * connection made, a port or a group opened on it are those of this interface alone, whose ports come before those of the stack; a service
 * is the whole stack's. Addresses and routes are changed (below) and counted there, those of the first interface at the stack. Of cfg, what
 * there is of TCP, services and memory is not looked at: packets are those of the stack. MTU and offloads of connections
 * made later are what all interfaces can do. Its fiber belongs to the calling one.
 * E_INVALID: as stack_open_with, or an MTU of less than 128. E_IN_USE: another interface has the address, or one that was made of its MAC.
 * E_NOMEM: too few packets for another device, no heap or no fiber left. */
MUST_CHECK err stack_add_interface(struct stack *s, struct net *net, const struct stack_config *cfg, struct stack **interface);
/* Before stack_close, and by the fiber that added it. Its ports are dead afterwards, connections from its addresses end; NULL: nothing. */
void stack_close_interface(struct stack *interface);
/* The stack itself, then its further interfaces; NULL: there are fewer. */
struct stack *stack_interface(struct stack *s, size_t i);

/* ---- Changes of addresses and routes (configure.c), of either family, as a DHCP client makes them */

enum stack_probe { STACK_ANNOUNCE, STACK_PROBE };
/* One more address with its network; the first of IPv4 becomes s->address. STACK_PROBE: blocks while it is found out whether it
 * is somebody else's (IPv4: RFC 5227, up to ten seconds; IPv6 addresses are optimistic and do not wait). E_IN_USE: it is, or
 * we have it. E_INVALID: no host can have it. E_NOMEM: there are too many. E_UNSUPPORTED: we do not speak the family. */
MUST_CHECK err stack_add_address(struct stack *s, const struct ip_prefix *address, enum stack_probe probe, nanos deadline);
/* And the routes by gateways of its network. Connections from it end by themselves. */
void stack_remove_address(struct stack *s, const struct ip *address);
/* A way to a network, /0 to everywhere, by a gateway on the link; of IPv4 the longest prefix decides, and of several equal ones
 * the first whose gateway answers; of IPv6 with what routers say (RFC 4191). E_INVALID: the gateway is no neighbour. E_NOMEM. */
MUST_CHECK err stack_add_route(struct stack *s, const struct ip_prefix *network, const struct ip *gateway);
void stack_remove_route(struct stack *s, const struct ip_prefix *network, const struct ip *gateway);
/* The addresses of a name, as a resolver found them, in the order in which to try them (RFC 6724 section 6): those that nothing leads to
 * are last, what is equal keeps its order, and what is behind the first STACK_ORDER_MAX its place. */
#define STACK_ORDER_MAX 16
typedef SLICE(struct ip) stack_destinations;
void stack_order(struct stack *s, stack_destinations list);
/* What routers said of names (RFC 8106), for as long as they said it. */
#define STACK_NAME_SERVERS_MAX 4
struct stack_names {
    size_t num_servers;
    struct ip server[STACK_NAME_SERVERS_MAX];
    struct span search;                 /* of the stack, until the next call: names in wire form, padded by zeros */
};
void stack_names(const struct stack *s, struct stack_names *out);
/* One line at level info, and at level debug one for each counter that counted something. */
void stack_log(const struct stack *s);

#endif
