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
#define STACK_CONNS_MAX 32768
#define STACK_UDP_QUEUE 64              /* datagrams waiting at a port; the newest are dropped */

struct stack_config {
    struct ip_prefix address;           /* IPv4; all zero: none */
    struct ip gateway;                  /* all zero or 0.0.0.0: none */
    struct ip_prefix ipv6;              /* all zero: none but the link-local one, and that only if routers are asked */
    struct ip ipv6_gateway;             /* all zero: none but those that advertise themselves */
    bool accept_router_advertisements;  /* for IPv6 addresses, routers and parameters */
    bool ipv4_only, ipv6_only;          /* leave the other family out, whatever is said of it */
    uint32_t heap_percent;              /* 0: STACK_HEAP_PERCENT */
    uint32_t num_workers;               /* 0: STACK_WORKERS */
};

/* Frames and packets that came to nothing, and why; the engines' own are with them (tcp_stats, arp). */
struct stack_counters {
    uint64_t frames_in, frames_out, bytes_in, bytes_out;
    uint64_t bad_ethernet, not_our_mac, unknown_type;
    uint64_t bad_ipv4, bad_ipv6, not_our_ip, bad_source, unknown_protocol;
    uint64_t bad_icmp, bad_tcp_checksum, bad_udp, bad_udp_checksum;
    uint64_t udp_no_port, udp_queue_full, low_on_packets;
    uint64_t no_route, unresolved, device_full, errors_limited;
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
/* Says good-bye on every connection, without waiting for answers, and ends; the fiber that opened it closes it. When
 * that fiber is cancelled, the good-bye happens by itself. Flows and UDP ports are dead afterwards. */
void stack_close(struct stack *s);
const struct stack_counters *stack_counters(const struct stack *s);
/* What routers said of names (RFC 8106), for as long as they said it. */
#define STACK_NAME_SERVERS_MAX 4
struct stack_names {
    size_t num_servers;
    struct ip server[STACK_NAME_SERVERS_MAX];
    struct span search;                 /* of the stack, until the next call: names in wire form, padded by zeros */
};
void stack_names(const struct stack *s, struct stack_names *out);
/* One line at level info and debug: what there is, what came to nothing. */
void stack_log(const struct stack *s);

#endif
